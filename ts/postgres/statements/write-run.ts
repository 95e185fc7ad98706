import { type Connection, change } from '../connect.js';
import { quoted } from '../names.js';

/** A run as it begins. */
export interface NewRun {
  id: string;
  pipeline: string;
  plan: unknown;
  origins: unknown;
  target: string;
  host: string;
  pid: number;
}

/** Writes a run that begins. */
export async function insertRun(connection: Connection, schema: string, run: NewRun): Promise<void> {
  await change(
    connection,
    'writing the run to the ledger',
    `INSERT INTO ${quoted(schema)}.run (id, pipeline, plan, origins, target, state, host, pid) VALUES ($1, $2, $3, $4, $5, 'running', $6, $7)`,
    [run.id, run.pipeline, JSON.stringify(run.plan), JSON.stringify(run.origins), run.target, run.host, run.pid],
  );
}

/** Marks a run as being worked on by this process from now on. */
export async function reopenRun(connection: Connection, schema: string, run: { id: string; host: string; pid: number }): Promise<void> {
  await change(
    connection,
    'writing the run to the ledger',
    `UPDATE ${quoted(schema)}.run SET state = 'running', host = $2, pid = $3, heartbeat_at = now(), finished_at = NULL, error = NULL WHERE id = $1`,
    [run.id, run.host, run.pid],
  );
}

/** Notes that the run is alive. */
export async function beatRun(connection: Connection, schema: string, id: string): Promise<void> {
  await change(connection, 'writing the heartbeat to the ledger', `UPDATE ${quoted(schema)}.run SET heartbeat_at = now() WHERE id = $1`, [id]);
}

/** How a run ended. */
export interface RunEnd {
  state: 'done' | 'failed' | 'interrupted';
  report?: unknown;
  error?: unknown;
}

/** Writes how a run ended. */
export async function finishRun(connection: Connection, schema: string, id: string, end: RunEnd): Promise<void> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  await change(
    connection,
    'writing the end of the run to the ledger',
    `UPDATE ${quoted(schema)}.run SET state = $2, finished_at = now(), heartbeat_at = now(), report = $3, error = $4 WHERE id = $1`,
    [id, end.state, json(end.report), json(end.error)],
  );
}
