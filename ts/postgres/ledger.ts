import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { RowmillError } from '../errors.js';
import { type Connection, connect, disconnect } from './connect.js';
import { migrateLedger } from './migrate.js';
import { cancelBackend } from './statements/cancel-backend.js';
import { lockForSession } from './statements/lock.js';
import { type LoadedWindow, selectLoads } from './statements/select-loads.js';
import { runLock } from './statements/select-runs.js';
import { beatRun, finishRun, insertRun, type NewRun, type RunEnd, reopenRun } from './statements/write-run.js';

const HOLD = { tries: 10, waitMs: 200 } as const;

/**
 * A run's line in the ledger, and the session that proves the run alive.
 *
 * The session holds an advisory lock from the first moment to {@link close}; when the process or its network dies, the
 * server drops the lock, and everyone sees the run as interrupted. No clock is compared with another.
 */
export class RunLedger {
  readonly schema: string;
  readonly runId: string;
  private readonly url: string;
  private session: Connection;
  /** One statement at a time: a heartbeat must not repair the session while a load is asking. */
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(url: string, schema: string, runId: string, session: Connection) {
    this.url = url;
    this.schema = schema;
    this.runId = runId;
    this.session = session;
  }

  /**
   * Opens the ledger and takes the run.
   *
   * @throws RowmillError `RUN_STILL_RUNNING` where another process works on it
   */
  static async open(url: string, schema: string, runId: string): Promise<RunLedger> {
    const session = await connect(url);
    try {
      await migrateLedger(session, schema);
      const ledger = new RunLedger(url, schema, runId, session);
      await ledger.hold();
      return ledger;
    } catch (error) {
      await disconnect(session);
      throw error;
    }
  }

  /** The server needs a moment to notice that a killed process is gone; until then its lock is in the way. */
  private async hold(): Promise<void> {
    for (let attempt = 1; attempt <= HOLD.tries; attempt += 1) {
      if (await lockForSession(this.session, runLock(this.schema, this.runId))) return;
      await wait(HOLD.waitMs);
    }
    throw new RowmillError({
      code: 'RUN_STILL_RUNNING',
      message: `another process is working on run ${this.runId}`,
      help: 'Wait for it, or stop it; `rowmill status` shows its host and process number.',
      retryable: true,
      place: {},
    });
  }

  /** Writes a new run. */
  async begin(run: Omit<NewRun, 'id' | 'host' | 'pid'>): Promise<void> {
    await insertRun(this.session, this.schema, { ...run, id: this.runId, host: hostname(), pid: process.pid });
  }

  /** Takes up a run that stopped. */
  async reopen(): Promise<void> {
    await reopenRun(this.session, this.schema, { id: this.runId, host: hostname(), pid: process.pid });
  }

  /** Notes that the run is alive; a broken session is opened again. */
  async beat(): Promise<void> {
    await this.repaired((session) => beatRun(session, this.schema, this.runId));
  }

  /** The windows this run has loaded. */
  async loaded(): Promise<Map<string, LoadedWindow>> {
    const loads = await this.repaired((session) => selectLoads(session, this.schema, this.runId));
    return new Map(loads.map((load) => [load.windowStart, load]));
  }

  /** Writes how the run ended. */
  async finish(end: RunEnd): Promise<void> {
    await this.repaired((session) => finishRun(session, this.schema, this.runId, end));
  }

  /** Stops the statement that another session of this run is busy with. */
  async stop(pid: number): Promise<void> {
    await this.repaired((session) => cancelBackend(session, pid));
  }

  /** Runs `work` on the session, one after the other; where the session is lost, on a new one, once. */
  private repaired<T>(work: (session: Connection) => Promise<T>): Promise<T> {
    const turn = this.queue.then(() => this.attempt(work));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async attempt<T>(work: (session: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this.session);
    } catch (error) {
      if (!(error instanceof RowmillError) || error.code !== 'SINK_CONNECTION_LOST') throw error;
    }
    const old = this.session;
    this.session = await connect(this.url);
    await disconnect(old);
    await this.hold();
    return work(this.session);
  }

  /** Lets the run go. Safe to call twice. */
  async close(): Promise<void> {
    await this.queue;
    await disconnect(this.session);
  }
}
