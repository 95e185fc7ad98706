import { type Connection, change } from '../connect.js';
import { qualified, shown, type TableName } from '../names.js';
import { type OwnedRows, ownedCondition } from '../owned-rows.js';

/** Deletes the old result of a window; answers the number of rows. */
export async function deleteRows(connection: Connection, table: TableName, owned: OwnedRows): Promise<number> {
  const { text, values } = ownedCondition(owned);
  return change(connection, `deleting the old rows of ${shown(table)}`, `DELETE FROM ${qualified(table)} WHERE ${text}`, values);
}
