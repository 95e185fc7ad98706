import { ask, type Connection, change } from '../connect.js';
import { literal, qualified, quoted, type TableName } from '../names.js';

/** A partition to be made. */
export interface NewPartition {
  parent: TableName;
  /** Name of the partition. */
  partition: TableName;
  /** The date column that the parent is partitioned by. */
  column: string;
  /** First day, `YYYY-MM-DD`. */
  from: string;
  /** Day after the last. */
  to: string;
  /** Where rows of these days lie until now. */
  rest: TableName | null;
}

/**
 * Creates a partition, with the rows that lie in the default partition.
 *
 * Must run in a transaction. Answers the number of rows moved.
 */
export async function createPartition(connection: Connection, wanted: NewPartition): Promise<number> {
  const { parent, partition, from, to, rest } = wanted;
  const doing = `creating the partition ${qualified(partition)}`;
  const bounds = `FOR VALUES FROM (${literal(from)}) TO (${literal(to)})`;
  if (!rest || !(await hasRows(connection, wanted, rest))) {
    await change(connection, doing, `CREATE TABLE ${qualified(partition)} PARTITION OF ${qualified(parent)} ${bounds}`);
    return 0;
  }
  // A partition cannot be attached while the default one holds its rows, so the rows go first, into a table that looks like the parent.
  await change(connection, doing, `CREATE TABLE ${qualified(partition)} (LIKE ${qualified(parent)} INCLUDING ALL)`);
  const moved = await change(
    connection,
    `moving rows to ${qualified(partition)}`,
    `WITH gone AS (DELETE FROM ${qualified(rest)} WHERE ${quoted(wanted.column)} >= $1 AND ${quoted(wanted.column)} < $2 RETURNING *)
     INSERT INTO ${qualified(partition)} SELECT * FROM gone`,
    [from, to],
  );
  await change(connection, doing, `ALTER TABLE ${qualified(parent)} ATTACH PARTITION ${qualified(partition)} ${bounds}`);
  return moved;
}

async function hasRows(connection: Connection, { column, from, to }: NewPartition, rest: TableName): Promise<boolean> {
  const rows = await ask<{ found: boolean }>(
    connection,
    `looking into ${qualified(rest)}`,
    `SELECT EXISTS (SELECT FROM ${qualified(rest)} WHERE ${quoted(column)} >= $1 AND ${quoted(column)} < $2) AS found`,
    [from, to],
  );
  return rows[0]?.found ?? false;
}
