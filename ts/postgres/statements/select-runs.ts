import { ask, type Connection } from '../connect.js';
import { quoted } from '../names.js';

/** A run as the ledger has it. */
export interface StoredRun {
  id: string;
  pipeline: string;
  /** As written; a run that died still says `running`. */
  state: 'running' | 'done' | 'failed' | 'interrupted';
  /** Whether a session holds the run's lock. */
  alive: boolean;
  startedAt: Date;
  finishedAt: Date | null;
  host: string;
  pid: number;
  target: string;
  windows: number;
  windowsLoaded: number;
  rowsLoaded: number;
  error: { code: string; message: string } | null;
}

/** Name of the lock that a working run holds. */
export function runLock(schema: string, id: string): string {
  return `rowmill run ${schema} ${id}`;
}

/** The newest runs, newest first. */
export async function selectRuns(connection: Connection, schema: string, limit: number): Promise<StoredRun[]> {
  return ask<StoredRun>(
    connection,
    'reading the ledger',
    `SELECT r.id, r.pipeline, r.state, r.started_at AS "startedAt", r.finished_at AS "finishedAt", r.host, r.pid, r.target, r.error,
            ${ALIVE} AS alive, COALESCE(jsonb_array_length(r.plan -> 'windows'), 0) AS windows,
            l.windows::int AS "windowsLoaded", l.rows::float8 AS "rowsLoaded"
     FROM ${quoted(schema)}.run r,
     LATERAL (SELECT count(*) AS windows, COALESCE(sum(rows), 0) AS rows FROM ${quoted(schema)}.load WHERE run_id = r.id) l
     ORDER BY r.started_at DESC LIMIT $2`,
    [runLock(schema, ''), limit],
  );
}

/** A lock's name is hashed to 64 bits, which the lock table shows as two halves. */
const ALIVE = `EXISTS (
  SELECT FROM pg_locks k WHERE k.locktype = 'advisory' AND k.granted AND k.objsubid = 1
    AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (k.classid::bigint << 32) | k.objid::bigint = hashtextextended($1 || r.id::text, 0))`;

/** A run's plan, to run it again. */
export interface StoredPlan {
  id: string;
  plan: unknown;
  origins: unknown;
  state: string;
}

/** The plan of this run, or of the newest one that is not done; null where there is none. */
export async function selectPlan(connection: Connection, schema: string, runId: string | null): Promise<StoredPlan | null> {
  const rows = await ask<StoredPlan>(
    connection,
    'reading the ledger',
    `SELECT id, plan, origins, state FROM ${quoted(schema)}.run
     WHERE CASE WHEN $1::uuid IS NULL THEN state <> 'done' ELSE id = $1::uuid END
     ORDER BY started_at DESC LIMIT 1`,
    [runId],
  );
  return rows[0] ?? null;
}
