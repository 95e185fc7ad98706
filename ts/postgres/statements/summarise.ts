import { ask, type Connection } from '../connect.js';
import { qualified, quoted, shown, type TableName } from '../names.js';

/** What to add up, by what. Expressions are SQL over the table's columns. */
export interface Summary {
  /** Name in the answer and expression of each key. */
  by: Record<string, string>;
  /** Name in the answer and expression of each sum; sums come as doubles, 0 where there was nothing. */
  sums: Record<string, string>;
  /** Which rows count; empty for all. */
  where: string;
}

/** Adds up a table, largest first sum first. */
export async function summarise<Row extends object>(connection: Connection, table: TableName, summary: Summary): Promise<Row[]> {
  const keys = Object.entries(summary.by).map(([name, expression]) => `${expression} AS ${quoted(name)}`);
  const sums = Object.entries(summary.sums).map(([name, expression]) => `COALESCE(sum(${expression}), 0)::float8 AS ${quoted(name)}`);
  const groups = keys.map((_, at) => at + 1).join(', ');
  return ask<Row>(
    connection,
    `adding up ${shown(table)}`,
    `SELECT ${[...keys, ...sums].join(', ')} FROM ${qualified(table)} WHERE ${summary.where || 'true'} GROUP BY ${groups} ORDER BY ${keys.length + 1} DESC, 1`,
  );
}
