import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { openMapper } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type Connection, change, describeUrl, serverTime, withConnection } from '../postgres/index.js';
import { peakRssBytes } from '../run/peak-memory.js';
import { withRetry } from '../run/retry.js';
import { loadBatch, type RunContext } from './batch.js';
import { type LoadedContract, loadContract } from './contract-file.js';
import { Gate } from './gate.js';
import { type ApplicationsOptions, type FullOptions, fullOptions } from './options.js';
import { type Places, placesOf, prepareTables } from './places.js';
import { Scratches } from './scratch.js';
import { cancelled, Session } from './session.js';
import type { Claim, ClaimedDocument } from './source.js';
import { openSource, rememberedIds } from './sources.js';
import { Tally } from './tally.js';
import type { ApplicationsProgress, ApplicationsReport } from './types.js';

/** Who watches a run of documents. */
export interface ApplicationsWatch {
  /** Stops the run: open batches are rolled back. */
  signal?: AbortSignal | undefined;
  /** Told after each batch. */
  onProgress?: ((progress: ApplicationsProgress) => void) | undefined;
  /** Lines for people. */
  onNote?: ((line: string) => void) | undefined;
}

/** Rounds in a row in which another process had all that was left, and the pause before the next. */
const PATIENCE = { rounds: 3, waitMs: 300 } as const;
/** Documents that other processes had which wait for the end of the run; beyond it some are asked for again meanwhile: most are done by then. */
const LEFT_MOST = 10_000;
/** What COPY says besides the documents of a piece: some bytes for each. */
const HEADERS_BYTES = 1 << 20;
/** What rows of a table in a part usually take. */
const ROWS_BYTES = 256 << 10;
/** What they may take without being given back. */
const MOST_ROWS_BYTES = 4 << 20;

/**
 * Reads documents, maps them by a contract, and loads them, batch by batch: a batch is in the tables and in the log, or in neither.
 *
 * A run that stopped, in whatever way, goes on by being run again. Several may run at the same time.
 *
 * @throws RowmillError `PLAN_INVALID`, `INPUT_…`, `SINK_…`, `RUN_CANCELLED`; a document that cannot be loaded is no such failure, but counted
 */
export async function runApplications(options: ApplicationsOptions, watch: ApplicationsWatch = {}): Promise<ApplicationsReport> {
  const full = fullOptions(options);
  const contract = await loadContract(full.contract);
  const places = placesOf(contract.description, full);
  const startedAt = new Date();
  const beganMs = performance.now();
  const run = await withConnection(full.database, (connection) => begin(connection, full, contract, places, startedAt, watch));
  const seconds = (): number => (performance.now() - beganMs) / 1000;
  const onBatch = (): void =>
    watch.onProgress?.({ counts: { ...run.tally.counts }, rows: run.tally.rowsTotal, expected: run.source.expected, seconds: seconds() });
  await new Loop(run, watch, onBatch).run();
  return reportOf(run, contract, places, startedAt, seconds());
}

async function begin(
  connection: Connection,
  options: FullOptions,
  contract: LoadedContract,
  places: Places,
  startedAt: Date,
  watch: ApplicationsWatch,
): Promise<RunContext> {
  const { description } = contract;
  await prepareTables(connection, options, contract, places);
  const retry = options.retry ?? (description.compat.failedNeverRetried ? 'none' : 'failed');
  const since = await serverTime(connection);
  const source = await openSource(connection, { options, description, places, retry, since, isWatched: watch.onProgress !== undefined });
  const { threads, revealValues: reveal, windows1252, documentBytes } = options;
  const pieceBytes = source.by === 'app_id' ? options.batchBytes + HEADERS_BYTES : 0;
  const mapper = await openMapper(contract.text, { threads, reveal, windows1252, documentBytes, now: startedAt.getTime() * 1000 });
  return {
    options,
    retry,
    absorbForeign: description.compat.foreignContactAbsorbed === true,
    tables: places.tables,
    log: places.log,
    logRun: { runId: options.runId ?? randomUUID(), sessionId: stamp(startedAt), firstId: options.firstId, lastId: options.lastId },
    since,
    source,
    mapper,
    tally: new Tally(places.tables.length),
    gates: {
      claim: new Gate(1),
      near: new Gate(Math.max(2, Math.min(threads, options.connections))),
      map: new Gate(1),
      load: new Gate(options.connections),
    },
    scratches: { documents: new Scratches(pieceBytes, pieceBytes), rows: new Scratches(ROWS_BYTES, MOST_ROWS_BYTES) },
    loadedIds: await rememberedIds(connection, source, places, options),
    unanswered: new Set(),
    signal: watch.signal ?? new AbortController().signal,
  };
}

/** The batches of a run, over its connections. */
class Loop {
  readonly #run: RunContext;
  readonly #watch: ApplicationsWatch;
  readonly #onBatch: () => void;
  /** What another session had, or had to be given up with a connection. */
  #left: ClaimedDocument[] = [];
  /** Whether the batch at hand is of those. */
  #isLeftNext = false;
  #budget: number;
  readonly #stop = new AbortController();
  #failure: { reason: unknown } | null = null;

  constructor(run: RunContext, watch: ApplicationsWatch, onBatch: () => void) {
    this.#run = { ...run, signal: AbortSignal.any([run.signal, this.#stop.signal]) };
    this.#watch = watch;
    this.#onBatch = onBatch;
    this.#budget = run.options.limit ?? Number.POSITIVE_INFINITY;
  }

  async run(): Promise<void> {
    const { connections, prefetch } = this.#run.options;
    const workers = Array.from({ length: connections + prefetch }, () => this.#worker());
    await Promise.allSettled(workers);
    if (this.#failure) throw this.#failure.reason;
    await this.#leftovers();
  }

  async #worker(): Promise<void> {
    const session = new Session(this.#run.options.database, this.#run.tables);
    try {
      while (await this.#batch(session, (connection) => this.#next(connection)));
    } catch (error) {
      // The first one is the reason; the other connections are stopped because of it.
      this.#failure ??= { reason: error };
      this.#stop.abort();
    } finally {
      await session.close();
    }
  }

  /** Begins a transaction and claims the next documents in it; null and no transaction where there are none. */
  async #next(connection: Connection): Promise<Claim | null> {
    const { source, options } = this.#run;
    const count = Math.min(options.batchSize, this.#budget);
    if (count <= 0) return null;
    this.#isLeftNext = !this.#isLeftNext && this.#left.length > LEFT_MOST;
    if (this.#isLeftNext) return this.#leftOnes(connection, count);
    await source.prepare(connection, count);
    await change(connection, 'beginning a batch', 'BEGIN');
    const claim = await source.next(connection, count);
    if (!claim) await change(connection, 'ending a batch', 'ROLLBACK');
    this.#budget -= claim?.mine.length ?? 0;
    return claim;
  }

  async #leftOnes(connection: Connection, count: number): Promise<Claim> {
    const documents = this.#left.splice(0, count);
    return this.#again(connection, documents).catch((error: unknown) => {
      this.#left.push(...documents);
      throw error;
    });
  }

  /** One batch, begun again while the database is away or busy. False at the end of the source. */
  #batch(session: Session, claim: (connection: Connection) => Promise<Claim | null>): Promise<boolean> {
    const { tally, signal } = this.#run;
    const onRetry = (error: RowmillError): void => {
      tally.retries += 1;
      this.#watch.onNote?.(`${error.message}; trying again`);
    };
    const work = async (): Promise<boolean> => {
      if (signal.aborted) throw cancelled();
      const connection = await session.open();
      try {
        return await this.#attempt(connection, claim);
      } catch (error) {
        // Ending the session is the one way back that works whatever happened; its claims are free at once.
        await session.close();
        throw error;
      }
    };
    return withRetry(work, { signal, onRetry }).catch((error: unknown) => {
      // A pause between two tries that is cut short has no code of its own.
      throw signal.aborted && !(error instanceof RowmillError) ? cancelled() : error;
    });
  }

  async #attempt(connection: Connection, ask: (connection: Connection) => Promise<Claim | null>): Promise<boolean> {
    const { tally, gates } = this.#run;
    const claim = await gates.claim.through(() => tally.timed('claim', () => ask(connection)));
    if (!claim) return false;
    this.#left.push(...claim.elsewhere);
    try {
      const result = await loadBatch(this.#run, connection, claim);
      tally.add(result);
      // What was done before does not count against the limit.
      this.#budget += result.done + result.outside;
    } catch (error) {
      this.#left.push(...claim.mine);
      this.#budget += claim.mine.length;
      throw error;
    }
    this.#onBatch();
    return true;
  }

  /** Asks again for what other sessions had: one of them may have died, or this run's own connection was lost. */
  async #leftovers(): Promise<void> {
    const session = new Session(this.#run.options.database, this.#run.tables);
    try {
      for (let idle = 0; this.#left.length > 0 && this.#budget > 0 && idle < PATIENCE.rounds; ) {
        const round = this.#left;
        this.#left = [];
        const size = this.#run.options.batchSize;
        for (let at = 0; at < round.length && this.#budget > 0; at += size) {
          const documents = round.slice(at, at + Math.min(size, this.#budget));
          await this.#batch(session, (connection) => this.#again(connection, documents));
        }
        idle = this.#left.length < round.length ? 0 : idle + 1;
        if (idle > 0) await wait(PATIENCE.waitMs, undefined, { signal: this.#run.signal }).catch(() => undefined);
      }
      this.#run.tally.counts.elsewhere = this.#left.length;
    } finally {
      await session.close();
    }
  }

  /** Begins a transaction and claims these documents in it. */
  async #again(connection: Connection, documents: readonly ClaimedDocument[]): Promise<Claim> {
    await change(connection, 'beginning a batch', 'BEGIN');
    const claim = await this.#run.source.again(connection, documents);
    this.#budget -= claim.mine.length;
    return claim;
  }
}

/** `20260131_174501`: when a run began, as its programs of before wrote it. */
function stamp(at: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  return `${day.replaceAll('-', '')}_${time.replaceAll(':', '')}`;
}

function reportOf(run: RunContext, contract: LoadedContract, places: Places, startedAt: Date, seconds: number): ApplicationsReport {
  const { tally, options } = run;
  const { contract: file, source, database, revealValues, ...settings } = options;
  return {
    runId: run.logRun.runId,
    sessionId: run.logRun.sessionId,
    contract: contract.description.name,
    source: run.source.name,
    target: `${describeUrl(database)}, schema ${places.schema}`,
    startedAt: startedAt.toISOString(),
    seconds,
    counts: tally.counts,
    rows: tally.rowsTotal,
    tables: places.tables.map(({ spec }, at) => ({ name: spec.name, rows: tally.rows[at] ?? 0 })),
    bytes: tally.bytes,
    documentsPerMinute: seconds > 0 ? (tally.counts.taken * 60) / seconds : 0,
    failuresByStage: tally.byStage,
    failures: tally.failures,
    quality: tally.notes.quality,
    warnings: tally.notes.warnings,
    batches: tally.batches,
    splits: tally.splits,
    retries: tally.retries,
    stageSeconds: tally.stages,
    peakRssBytes: peakRssBytes(),
    settings: { ...settings, retry: run.retry },
  };
}
