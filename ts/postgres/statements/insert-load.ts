import type { Unit } from '../../addon.js';
import { type Connection, change } from '../connect.js';
import { quoted } from '../names.js';

/** What became of one table of a window. */
export interface LoadedTable {
  /** Name, without schema. */
  name: string;
  rows: number;
  bytes: number;
  deleted: number;
}

/** A window that was replaced. Rows, bytes and deleted rows are sums over its tables. */
export interface LoadRecord {
  runId: string;
  windowStart: string;
  windowEnd: string;
  firstDay: string;
  target: string;
  rows: number;
  bytes: number;
  deleted: number;
  tables: readonly LoadedTable[];
  seconds: number;
  /** Changes with any input file and with any setting or look-up that shapes the rows. */
  fingerprint: string;
  units: Unit[];
}

/** Writes the window and its files to the ledger, in place of what an earlier try of the same run wrote. */
export async function insertLoad(connection: Connection, schema: string, load: LoadRecord): Promise<void> {
  const doing = 'writing the load to the ledger';
  await change(connection, doing, `DELETE FROM ${quoted(schema)}.load WHERE run_id = $1 AND window_start = $2`, [load.runId, load.windowStart]);
  await change(
    connection,
    doing,
    `INSERT INTO ${quoted(schema)}.load
       (run_id, window_start, window_end, first_day, target, rows, bytes, deleted, seconds, fingerprint, tables)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[load.runId, load.windowStart, load.windowEnd, load.firstDay, load.target, load.rows, load.bytes, load.deleted, load.seconds],
      ...[load.fingerprint, JSON.stringify(load.tables)],
    ],
  );
  await insertUnits(connection, schema, load);
}

/** One statement for any number of files: parameters are arrays. */
async function insertUnits(connection: Connection, schema: string, { runId, windowStart, units }: LoadRecord): Promise<void> {
  const columns = [
    units.map((unit) => unit.input),
    units.map((unit) => unit.uri),
    units.map((unit) => unit.size),
    units.map((unit) => unit.version),
    units.map((unit) => unit.range?.start ?? 0),
    units.map((unit) => unit.range?.end ?? null),
  ];
  await change(
    connection,
    'writing the input files to the ledger',
    `INSERT INTO ${quoted(schema)}.unit (run_id, window_start, input, uri, size, version, range_start, range_end)
     SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])`,
    [runId, windowStart, ...columns],
  );
}
