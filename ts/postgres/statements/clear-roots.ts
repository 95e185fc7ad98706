import { type Connection, change } from '../connect.js';
import { qualified, shown, type TableName } from '../names.js';

/** Deletes all rows of tables that hang off nothing, and so those of their children, and all of the log. The caller has asked whether that may be. */
export async function clearRoots(connection: Connection, roots: readonly TableName[], log: TableName): Promise<void> {
  for (const table of [...roots].reverse()) await change(connection, `deleting the rows of ${shown(table)}`, `DELETE FROM ${qualified(table)}`);
  await change(connection, `deleting the rows of ${shown(log)}`, `DELETE FROM ${qualified(log)}`);
}
