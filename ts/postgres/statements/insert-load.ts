import type { Unit } from '../../addon.js';
import { type Connection, change } from '../connect.js';
import { quoted } from '../names.js';

/** A window that was replaced. */
export interface LoadRecord {
  runId: string;
  windowStart: string;
  windowEnd: string;
  firstDay: string;
  target: string;
  rows: number;
  bytes: number;
  deleted: number;
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
       (run_id, window_start, window_end, first_day, target, rows, bytes, deleted, seconds, fingerprint)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [load.runId, load.windowStart, load.windowEnd, load.firstDay, load.target, load.rows, load.bytes, load.deleted, load.seconds, load.fingerprint],
  );
  await insertUnits(connection, schema, load);
}

/** One statement for any number of files: parameters are arrays. */
async function insertUnits(connection: Connection, schema: string, { runId, windowStart, units }: LoadRecord): Promise<void> {
  const columns = [units.map((unit) => unit.input), units.map((unit) => unit.uri), units.map((unit) => unit.size), units.map((unit) => unit.version)];
  await change(
    connection,
    'writing the input files to the ledger',
    `INSERT INTO ${quoted(schema)}.unit (run_id, window_start, input, uri, size, version)
     SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[])`,
    [runId, windowStart, ...columns],
  );
}
