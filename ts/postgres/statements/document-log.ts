import { arrayText } from '../array-text.js';
import { ask, type Connection, change } from '../connect.js';
import { qualified, quoted, shown, type TableName } from '../names.js';

/** Columns of the log and their types; the first seven are those that programs around it know from before. */
export const LOG_COLUMNS = {
  log_id: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  app_id: 'bigint',
  status: 'text',
  failure_reason: 'text',
  processing_time: 'timestamp with time zone NOT NULL DEFAULT now()',
  session_id: 'text',
  app_id_start: 'bigint',
  app_id_end: 'bigint',
  attempts: 'integer NOT NULL DEFAULT 1',
  run_id: 'uuid',
  document_id: 'bigint',
  source: 'text',
} as const;

/** Adds columns that a log from elsewhere lacks, and the index by which documents of files are found. */
export async function completeLog(connection: Connection, log: TableName): Promise<void> {
  const doing = `completing ${shown(log)}`;
  for (const [name, type] of Object.entries(LOG_COLUMNS).slice(1)) {
    await change(connection, doing, `ALTER TABLE ${qualified(log)} ADD COLUMN IF NOT EXISTS ${name} ${type}`);
  }
  // A document of a file that cannot be read has no id.
  await change(connection, doing, `ALTER TABLE ${qualified(log)} ALTER COLUMN app_id DROP NOT NULL`);
  await change(connection, doing, `CREATE INDEX IF NOT EXISTS ${quoted(`${log.name}_source`)} ON ${qualified(log)} (source)`);
}

/** What the log says of one document. */
export interface LoggedDocument {
  key: string;
  /** Whether it was loaded. */
  loaded: boolean;
  /** Tries so far that failed. */
  attempts: number;
  /** Whether a try failed since the run began. */
  recent: boolean;
  /** Whether the run itself wrote one of the lines. */
  own: boolean;
}

/** What a document is known by in the log: its id in a table of documents, or its place among files. */
export type LogKey = 'app_id' | 'source';

/** Reads what the log says of some documents; those that it does not know are left out. */
export async function readLog(
  connection: Connection,
  request: { log: TableName; by: LogKey; keys: readonly string[]; since: string; runId: string },
): Promise<LoggedDocument[]> {
  const { log, by, keys, since, runId } = request;
  return ask<LoggedDocument>(
    connection,
    `reading ${shown(log)}`,
    `SELECT ${by}::text AS key, bool_or(status = 'success') AS loaded, coalesce(max(attempts), 1) AS attempts,
            bool_or(status <> 'success' AND processing_time >= $2::timestamptz) AS recent, bool_or(run_id = $3::uuid) AS own
     FROM ${qualified(log)} WHERE ${by} = ANY($1::${by === 'app_id' ? 'bigint' : 'text'}[]) GROUP BY 1`,
    [arrayText(keys), since, runId],
  );
}

/** The server's clock to the microsecond, as text that it reads back. */
export async function serverTime(connection: Connection): Promise<string> {
  const rows = await ask<{ now: string }>(connection, 'asking for the time', 'SELECT clock_timestamp()::text AS now');
  return rows[0]?.now ?? '';
}

/** What became of a document. */
export interface LogLine {
  /** Id of its row in a table of documents, or the document's own; null where it has none that can be read. */
  appId: string | null;
  documentId: string | null;
  source: string;
  /** Null where it was loaded. */
  failure: string | null;
  attempts: number;
}

/** What is the same for all documents of a run. */
export interface LogRun {
  sessionId: string;
  runId: string;
  firstId: number | null;
  lastId: number | null;
}

/** Most characters of a reason. */
export const REASON_LENGTH = 500;

/** Writes what became of some documents, in one statement. */
export async function insertLog(connection: Connection, log: TableName, run: LogRun, lines: readonly LogLine[]): Promise<void> {
  if (lines.length === 0) return;
  await change(
    connection,
    `writing to ${shown(log)}`,
    `INSERT INTO ${qualified(log)} (app_id, document_id, source, status, failure_reason, attempts, session_id, run_id, app_id_start, app_id_end, processing_time)
     SELECT a, d, s, CASE WHEN f IS NULL THEN 'success' ELSE 'failed' END, f, n, $6, $7::uuid, $8::bigint, $9::bigint, clock_timestamp()
     FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::integer[]) AS line(a, d, s, f, n)`,
    [
      arrayText(lines.map(({ appId }) => appId)),
      arrayText(lines.map(({ documentId }) => documentId)),
      arrayText(lines.map(({ source }) => source)),
      arrayText(lines.map(({ failure }) => (failure === null ? null : [...failure].slice(0, REASON_LENGTH).join('')))),
      arrayText(lines.map(({ attempts }) => attempts)),
      ...[run.sessionId, run.runId, run.firstId, run.lastId],
    ],
  );
}

/** Ids of documents that were loaded, as text: those among some, or at most so many of all. */
export async function readLoadedIds(
  connection: Connection,
  log: TableName,
  choice: { among: readonly string[] } | { most: number },
): Promise<string[]> {
  const [clause, value] = 'among' in choice ? ['AND app_id = ANY($1::bigint[])', arrayText(choice.among)] : ['LIMIT $1', choice.most];
  const rows = await ask<{ id: string }>(
    connection,
    `reading ${shown(log)}`,
    `SELECT app_id::text AS id FROM ${qualified(log)} WHERE status = 'success' AND app_id IS NOT NULL ${clause}`,
    [value],
  );
  return rows.map(({ id }) => id);
}
