import type { CopyPiece, Report as EngineReport, TableDescription, Unit, Window } from '../addon.js';
import {
  backendPid,
  type Connection,
  connect,
  disconnect,
  type LoadedWindow,
  type LoadPart,
  type LoadResult,
  loadWindow,
  type OwnedRows,
} from '../postgres/index.js';
import { retryOptions } from './context.js';
import { fingerprint } from './fingerprint.js';
import { collect } from './report.js';
import { withRetry } from './retry.js';
import type { DatabaseRun } from './run-to-database.js';
import { TableStreams } from './table-streams.js';
import type { WindowReport } from './types.js';
import { type OpenWindow, unitsOf, windowAt, withEngine } from './window.js';

/** A window with what identifies its rows. */
interface Job {
  index: number;
  window: Window;
  units: Unit[];
  fingerprint: string;
}

/**
 * Computes and loads one window, unless this run has loaded it from the same files or there is no reason to.
 *
 * A database failure that may pass repeats the whole window. Before each repetition the ledger is asked again: a commit
 * whose answer was lost has loaded the window, and is not repeated.
 */
export async function loadOneWindow(run: DatabaseRun, index: number): Promise<WindowReport> {
  const { context, filled, ledger } = run;
  const window = windowAt(context, index);
  const reason = context.rules.skip?.(filled.plan, window, filled.fromDatabase);
  if (reason) {
    context.note(`skipped ${window.start} to ${window.end}: ${reason}`);
    return skippedReport(window, 'period');
  }
  const units = await unitsOf(context, window);
  const job: Job = { index, window, units, fingerprint: fingerprint(filled.plan, window, units) };
  const earlier = (await withRetry(() => ledger.loaded(), retryOptions(context))).get(window.start);
  if (earlier?.fingerprint === job.fingerprint) {
    context.note(`${window.start} to ${window.end} is loaded already (${earlier.rows} rows)`);
    return { ...loadedReport(window, earlier), skipped: 'loaded' };
  }
  if (earlier) context.note(`the input or the look-ups of ${window.start} to ${window.end} changed since they were loaded; loading again`);
  return repeatedly(run, job);
}

function repeatedly(run: DatabaseRun, job: Job): Promise<WindowReport> {
  const { context, ledger } = run;
  const work = async (attempt: number): Promise<WindowReport> => {
    const committed = attempt > 1 ? (await ledger.loaded()).get(job.window.start) : undefined;
    if (committed?.fingerprint === job.fingerprint) return { ...loadedReport(job.window, committed), attempts: attempt };
    return { ...(await computeAndLoad(run, job)), attempts: attempt };
  };
  return withRetry(work, retryOptions(context));
}

async function computeAndLoad(run: DatabaseRun, job: Job): Promise<WindowReport> {
  const began = performance.now();
  const { context, filled, targets, collected } = run;
  const { folder } = context.plan.output;
  const target = { kind: 'copy', tables: targets.map(({ columns }) => ({ columns })), ...(folder ? { files: folder } : {}) } as const;
  return withEngine(context, job.index, { plan: filled.plan, units: job.units, target }, async (open) => {
    // All reading and folding happens before the first piece; no transaction is open meanwhile.
    const first = await open.handle.next();
    const engine = open.handle.report();
    open.shown.phase = 'load';
    const result = await withRetryableSession(run, (connection) => transact(run, job, { open, first, engine, connection, began }));
    collect(collected, open.handle.counters(), open.handle.report());
    const { start, end } = job.window;
    return { start, end, firstDay: engine.firstDay ?? start, ...result, seconds: (performance.now() - began) / 1000, attempts: 1 };
  });
}

/** Opens the session for the load; a server that is just restarting costs a wait here and not the computed rows. */
async function withRetryableSession<T>(run: DatabaseRun, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await withRetry(() => connect(run.url), retryOptions(run.context));
  try {
    return await work(connection);
  } finally {
    await disconnect(connection);
  }
}

interface Transaction {
  open: OpenWindow;
  first: CopyPiece | null;
  engine: EngineReport;
  connection: Connection;
  began: number;
}

async function transact(run: DatabaseRun, job: Job, { open, first, engine, connection, began }: Transaction): Promise<LoadResult> {
  const { context, ledger } = run;
  const { signal } = context.watch;
  const pid = await backendPid(connection);
  // The copy stops by itself; a statement that waits (for a lock, say) must be stopped from outside.
  const onAbort = (): void => void ledger.stop(pid).catch(() => undefined);
  signal?.addEventListener('abort', onAbort, { once: true });
  const { start: windowStart, end: windowEnd } = job.window;
  const record = { runId: context.runId, windowStart, windowEnd, firstDay: engine.firstDay ?? windowStart, target: run.collected.target };
  try {
    return await loadWindow(connection, {
      parts: partsOf(run, job.window, engine.firstDay, { open, first }),
      ledger: { schema: ledger.schema, record: { ...record, fingerprint: job.fingerprint, units: job.units }, startedAtMs: began },
      onBytes: (total) => {
        open.shown.bytesLoaded = total;
      },
      onCommit: () => {
        open.shown.phase = 'commit';
      },
      ...(signal ? { signal } : {}),
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Each table with its share of what the engine hands out. */
function partsOf(run: DatabaseRun, window: Window, firstDay: string | null, { open, first }: Pick<Transaction, 'open' | 'first'>): LoadPart[] {
  const streams = new TableStreams(first, () => open.handle.next());
  return run.targets.map((target, index) => {
    const table = tableAt(run.context.tables, index);
    const expectedRows = (): number => open.handle.report().tables[index]?.rows ?? 0;
    return { target, owned: ownedBy(run, table, window, firstDay), buffers: streams.of(index), expectedRows };
  });
}

function tableAt(tables: readonly TableDescription[], index: number): TableDescription {
  const table = tables[index];
  if (!table) throw new RangeError(`the pipeline has no table ${index}`);
  return table;
}

/** The rows of a table that this window answers for: those of its days from the first that was found in the input, where the table has days. */
export function ownedBy(
  { context, filled }: Pick<DatabaseRun, 'context' | 'filled'>,
  table: TableDescription,
  window: Window,
  firstDay: string | null,
): OwnedRows {
  return {
    dayColumn: table.partitionBy,
    firstDay: firstDay ?? window.start,
    lastDay: window.end,
    equal: context.rules.owned(filled.plan, window),
    where: table.deleteWhere,
  };
}

function loadedReport({ start, end }: Window, load: LoadedWindow): WindowReport {
  const { firstDay, rows, bytes, deleted, tables, seconds } = load;
  return { start, end, firstDay, rows, bytes, deleted, tables, seconds, attempts: 1 };
}

function skippedReport({ start, end }: Window, skipped: 'period'): WindowReport {
  return { start, end, firstDay: start, rows: 0, bytes: 0, deleted: 0, tables: [], seconds: 0, attempts: 0, skipped };
}
