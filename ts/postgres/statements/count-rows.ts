import { ask, type Connection } from '../connect.js';
import { qualified, shown, type TableName } from '../names.js';
import { type OwnedRows, ownedCondition } from '../owned-rows.js';

/** Counts the rows that a window's run would replace. */
export async function countRows(connection: Connection, table: TableName, owned: OwnedRows): Promise<number> {
  const { text, values } = ownedCondition(owned);
  const rows = await ask<{ rows: number }>(
    connection,
    `counting the rows of ${shown(table)}`,
    `SELECT count(*)::float8 AS rows FROM ${qualified(table)} WHERE ${text}`,
    values,
  );
  return rows[0]?.rows ?? 0;
}
