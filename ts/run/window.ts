import { type Counters, openRun, type RunHandle, type Unit, type Window } from '../addon.js';
import { listFiles, listUnits } from '../sources/index.js';
import { cancelled, type RunContext, secondsOf } from './context.js';
import type { Progress } from './types.js';

/** Milliseconds between two looks at the engine's counters: smooth to the eye, nothing to the machine. */
const PROGRESS_EVERY_MS = 250;

/** One window of a run while it is worked on. */
export interface OpenWindow {
  handle: RunHandle;
  /** Bytes of all its files. */
  bytesTotal: number;
  /** What is shown as progress; whoever writes rows updates it. */
  shown: Pick<Progress, 'phase' | 'bytesLoaded'>;
}

/** The files of a window, as they are now, each as one unit: what is looked at before and after a run. */
export async function filesOf(context: RunContext, window: Window): Promise<Unit[]> {
  return listFiles(context.plan, window, context.pipeline.sources);
}

/** What a run of a window reads: its files as they are now, large ones in ranges. */
export async function unitsOf(context: RunContext, window: Window): Promise<Unit[]> {
  return listUnits(context.plan, window, context.pipeline.sources);
}

/** The window at this index of the plan. */
export function windowAt(context: RunContext, index: number): Window {
  const window = context.plan.windows[index];
  if (!window) throw new RangeError(`the plan has no window ${index}`);
  return window;
}

/**
 * Opens the engine on a window, shows progress and passes on a cancel while `work` runs, and closes the engine in any case.
 *
 * @throws RowmillError `RUN_CANCELLED` whenever the signal has fired, whatever failed because of it
 */
export async function withEngine<T>(
  context: RunContext,
  index: number,
  options: Omit<Parameters<typeof openRun>[0], 'window'>,
  work: (open: OpenWindow) => Promise<T>,
): Promise<T> {
  const { signal } = context.watch;
  if (signal?.aborted) throw cancelled();
  const handle = await openRun({ ...options, window: index });
  const open: OpenWindow = { handle, bytesTotal: bytesOf(options.units), shown: { phase: 'compute', bytesLoaded: 0 } };
  const onAbort = (): void => handle.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = watchProgress(context, index, open);
  try {
    context.watch.onEngine?.(handle, open.bytesTotal);
    return await work(open);
  } catch (error) {
    throw signal?.aborted ? cancelled() : error;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
    context.watch.onEngine?.(null, 0);
    await handle.close();
  }
}

function bytesOf(units: readonly Unit[]): number {
  return units.reduce((sum, { size, range }) => sum + (range ? range.end - range.start : size), 0);
}

function watchProgress(context: RunContext, index: number, open: OpenWindow): NodeJS.Timeout | undefined {
  const { onProgress } = context.watch;
  if (!onProgress) return undefined;
  const { start, end } = windowAt(context, index);
  const show = (): void =>
    onProgress({
      window: index + 1,
      windows: context.plan.windows.length,
      start,
      end,
      phase: open.shown.phase,
      counters: open.handle.counters(),
      bytesTotal: open.bytesTotal,
      bytesLoaded: open.shown.bytesLoaded,
      seconds: secondsOf(context),
    });
  return setInterval(show, PROGRESS_EVERY_MS).unref();
}

/** What the windows of a run add up to. */
export interface Totals {
  rowsRead: number;
  rowsKept: number;
  bytesRead: number;
  rowsOut: number;
  spilledBytes: number;
  cpu: Counters['cpu'];
}

/** The sums of no window. */
export function noTotals(): Totals {
  return { rowsRead: 0, rowsKept: 0, bytesRead: 0, rowsOut: 0, spilledBytes: 0, cpu: [] };
}

/** Adds a finished window. */
export function addCounters(totals: Totals, counters: Counters): void {
  totals.rowsRead += counters.rowsRead;
  totals.rowsKept += counters.rowsKept;
  totals.bytesRead += counters.bytesRead;
  totals.rowsOut += counters.rowsOut;
  totals.spilledBytes += counters.spilledBytes;
  for (const { phase, seconds } of counters.cpu) {
    const known = totals.cpu.find((each) => each.phase === phase);
    if (known) known.seconds += seconds;
    else totals.cpu.push({ phase, seconds });
  }
}
