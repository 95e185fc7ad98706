import { realpathSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RowmillError } from '../errors.js';
import { importEngine, type LadybugConnection, type LadybugDatabase } from './driver.js';
import { ladybugError } from './failures.js';

/** Bytes of the file that are held in memory, at most; a transaction has to fit in. */
const BUFFER_BYTES = 512 * 2 ** 20;
/** Bytes of the log that are taken into the file at once: more often costs time, and leaves a file three times as large. */
const LOG_BYTES = 256 * 2 ** 20;

/** Whether the graph may be changed. A writer shuts out writers of other processes; readers see what it had committed when they began. */
export type LadybugMode = 'read' | 'write';

/** What statements are sent to, within a transaction. */
export interface LadybugTransaction {
  /** Runs one statement and answers its rows. */
  rows<Row extends object>(text: string, values?: Record<string, unknown>): Promise<Row[]>;
  /** Runs one statement over many rows, a batch of them at a time: `UNWIND $rows AS r` comes before it. */
  over<Row extends object>(rows: readonly unknown[], text: string, values?: Record<string, unknown>): Promise<Row[]>;
}

interface Engine {
  database: LadybugDatabase;
  connection: LadybugConnection;
  mode: LadybugMode;
  /** Of the file when it was opened: a reader opens it again when it has changed. */
  stamp: string;
}

/** Files that this process has open, by path: the lock of the engine keeps out other processes only. */
const OPEN = new Map<string, LadybugFile>();

/** The file of a graph, opened once in a process however many ask; one transaction after the other. */
class LadybugFile {
  readonly path: string;
  #users = 0;
  #writers = 0;
  #engine: Engine | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  join(mode: LadybugMode): void {
    this.#users += 1;
    if (mode === 'write') this.#writers += 1;
  }

  /** The last one closes the file. */
  leave(mode: LadybugMode): Promise<void> {
    return this.#inTurn(async () => {
      this.#users -= 1;
      if (mode === 'write') this.#writers -= 1;
      if (this.#users > 0) return;
      OPEN.delete(this.path);
      await this.#close();
    });
  }

  transact<T>(doing: string, mode: LadybugMode, batchSize: number, work: (transaction: LadybugTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      try {
        const { connection } = await this.#opened(mode);
        await rowsOf(connection, mode === 'write' ? 'BEGIN TRANSACTION' : 'BEGIN TRANSACTION READ ONLY', {});
        try {
          const answer = await work(transactionOn(connection, batchSize));
          await rowsOf(connection, 'COMMIT', {});
          return answer;
        } catch (error) {
          // Where a statement failed the engine has rolled back already, and says so.
          await rowsOf(connection, 'ROLLBACK', {}).catch(() => undefined);
          throw error;
        }
      } catch (error) {
        throw ladybugError(error, doing, this.path);
      } finally {
        // A reader that writes once must not shut others out from then on.
        if (mode === 'write' && this.#writers === 0) await this.#close();
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** A reader's engine becomes a writer's when somebody writes, and then stays one. */
  async #opened(mode: LadybugMode): Promise<Engine> {
    const held = this.#engine;
    if (held && (held.mode === 'write' || (mode === 'read' && held.stamp === stampOf(this.path)))) return held;
    await this.#close();
    if (mode === 'read' && stampOf(this.path) === '') throw noGraph(this.path);
    if (mode === 'write') await mkdir(dirname(this.path), { recursive: true });
    const { Database, Connection } = await importEngine();
    const stamp = stampOf(this.path);
    // A log whose end a killed process did not write counts up to there: what was committed is before it. With checksums, version 0.19.1 cannot read
    // a log again that holds a text of 4 KB.
    const database = new Database(this.path, BUFFER_BYTES, true, mode === 'read', 0, true, LOG_BYTES, false, false);
    const connection = new Connection(database);
    this.#engine = { database, connection, mode, stamp };
    try {
      await rowsOf(connection, 'RETURN 1 AS one', {});
      return this.#engine;
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  /** What could not be opened cannot be closed either; that was told. */
  async #close(): Promise<void> {
    const held = this.#engine;
    this.#engine = null;
    await held?.connection.close().catch(() => undefined);
    await held?.database.close().catch(() => undefined);
  }
}

/** A file that is in use by somebody in this process. */
export interface LadybugPool {
  readonly file: LadybugFile;
  readonly mode: LadybugMode;
  isClosed: boolean;
}

/**
 * Opens the file of a graph; a writer makes it where it is missing.
 *
 * @throws RowmillError `SINK_DRIVER_MISSING`, `INPUT_MISSING` where there is nothing to read, `INPUT_FORMAT_INVALID` where it is something else,
 *   `SINK_DATABASE_BUSY` where another process writes it, `SINK_FILE_FAILED`
 */
export async function openLadybug(path: string, mode: LadybugMode): Promise<LadybugPool> {
  const key = realPath(path);
  const file = OPEN.get(key) ?? new LadybugFile(key);
  OPEN.set(key, file);
  file.join(mode);
  const pool = { file, mode, isClosed: false };
  try {
    await inLadybug(pool, 'opening the lineage graph', async () => undefined);
    return pool;
  } catch (error) {
    await closeLadybug(pool);
    throw error;
  }
}

/** Safe to call twice. */
export async function closeLadybug(pool: LadybugPool): Promise<void> {
  if (pool.isClosed) return;
  pool.isClosed = true;
  await pool.file.leave(pool.mode);
}

const ROWS_AT_ONCE = 1000;

/**
 * Runs `work` in a transaction, once; anything it throws is rolled back and thrown on.
 *
 * @param doing what it is for, as the beginning of an error's sentence
 * @param batchSize rows of one statement
 */
export function inLadybug<T>(
  { file, mode }: LadybugPool,
  doing: string,
  work: (transaction: LadybugTransaction) => Promise<T>,
  batchSize = ROWS_AT_ONCE,
): Promise<T> {
  return file.transact(doing, mode, batchSize, work);
}

function transactionOn(connection: LadybugConnection, batchSize: number): LadybugTransaction {
  return {
    rows: (text, values = {}) => rowsOf(connection, text, values),
    async over<Row extends object>(rows: readonly unknown[], text: string, values: Record<string, unknown> = {}): Promise<Row[]> {
      const answers: Row[] = [];
      for (let at = 0; at < rows.length; at += batchSize) {
        answers.push(...(await rowsOf<Row>(connection, `UNWIND $rows AS r ${text}`, { ...values, rows: rows.slice(at, at + batchSize) })));
      }
      return answers;
    },
  };
}

async function rowsOf<Row extends object>(connection: LadybugConnection, text: string, values: Record<string, unknown>): Promise<Row[]> {
  const statement = await connection.prepare(text);
  if (!statement.isSuccess()) throw new Error(statement.getErrorMessage());
  const answer = await connection.execute(statement, values);
  const results = Array.isArray(answer) ? answer : [answer];
  try {
    return ((await results.at(-1)?.getAll()) ?? []) as Row[];
  } finally {
    // What is not closed keeps the file locked.
    for (const result of results) result.close();
  }
}

/** One path for one file, whatever names lead to it. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    // It is not there yet; its folder may be.
  }
  try {
    return join(realpathSync(dirname(whole)), basename(whole));
  } catch {
    return whole;
  }
}

/** Changes with each commit: the engine appends to a log, and takes it into the file later. Empty where there is no file. */
function stampOf(path: string): string {
  const own = statSync(path, { throwIfNoEntry: false });
  const log = statSync(`${path}.wal`, { throwIfNoEntry: false });
  return own ? [own.size, own.mtimeMs, own.ino, log?.size, log?.mtimeMs].join(' ') : '';
}

function noGraph(file: string): RowmillError {
  const help = '`rowmill run lineage --sink ladybug --graph-file FILE` makes one.';
  return new RowmillError({ code: 'INPUT_MISSING', message: 'there is no graph in this file', help, retryable: false, place: { file } });
}

/** A name of a table as Cypher takes it whatever its characters; {@link plainName} is what it stands for. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('\0', '').replaceAll('`', '``')}\``;
}

/** The engine keeps the backticks of names doubled. */
export function plainName(label: string): string {
  return label.replaceAll('``', '`');
}
