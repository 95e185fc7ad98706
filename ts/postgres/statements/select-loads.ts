import { ask, type Connection } from '../connect.js';
import { quoted } from '../names.js';
import type { LoadedTable } from './insert-load.js';

/** What the ledger knows of a loaded window. */
export interface LoadedWindow {
  /** `YYYY-MM-DD` */
  windowStart: string;
  windowEnd: string;
  firstDay: string;
  rows: number;
  bytes: number;
  deleted: number;
  tables: LoadedTable[];
  seconds: number;
  fingerprint: string;
}

/** The windows that a run has loaded, by first day. */
export async function selectLoads(connection: Connection, schema: string, runId: string): Promise<LoadedWindow[]> {
  return ask<LoadedWindow>(
    connection,
    'reading the ledger',
    `SELECT window_start::text AS "windowStart", window_end::text AS "windowEnd", first_day::text AS "firstDay", rows::float8 AS rows,
            bytes::float8 AS bytes, deleted::float8 AS deleted, tables, seconds, fingerprint
     FROM ${quoted(schema)}.load WHERE run_id = $1 ORDER BY window_start`,
    [runId],
  );
}
