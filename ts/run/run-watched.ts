import { closeSync, openSync, writeSync } from 'node:fs';
import { RowmillError } from '../errors.js';
import { writeText } from '../plan/save-plan.js';
import { cancelled } from './context.js';
import { jobsDocument } from './job-report.js';
import { jobSelection } from './job-selection.js';
import type { JobResult } from './job-types.js';
import { type JobTotals, jobsOfRun, jobTotals, type PassOutcome } from './jobs-of-run.js';
import { Monitor, type MonitorOptions } from './monitor.js';
import { metricsDocument, sampleRecord } from './monitor-report.js';
import type { MonitorSummary, Sample } from './monitor-types.js';
import { runPlan } from './run-plan.js';
import type { RunOptions, RunReport } from './types.js';

/** What a run is watched with. */
export interface WatchOptions extends Pick<MonitorOptions, 'intervalMs' | 'memory' | 'activity' | 'limits'> {
  /** File for the metrics of the run, written at its end, also where it failed. */
  monitorOut?: string | undefined;
  /** File for one line of JSON per sample. */
  monitorLog?: string | undefined;
  /** File for the result of each job, written at the end, also where the run failed. */
  jobsOut?: string | undefined;
  /** Whether the report has a result for each job; there may be a million of them. */
  keepJobs?: boolean | undefined;
  /** Seconds for each try; no limit where absent. */
  timeoutSec?: number | undefined;
  /** Further tries of a run that failed for a reason that may pass. Default 0. */
  retries?: number | undefined;
  /** Called about once a second. */
  onSample?: ((sample: Sample) => void) | undefined;
}

/** A run's report with what its monitor has seen. */
export interface WatchedReport extends RunReport {
  monitor: MonitorSummary;
  /** Jobs, counted; none for a pipeline that does not work by jobs. */
  jobs: JobTotals;
  /** A result for each job, where `keepJobs` is set. */
  jobResults?: JobResult[];
  /** Tries, from 1. */
  attempts: number;
}

/** How the last try went. */
interface Tried {
  attempts: number;
  report?: RunReport;
  error?: unknown;
}

/**
 * Runs a plan under a monitor: samples on a timer, fewer workers where memory becomes scarce, a limit on time, further tries, and files that
 * tell how it went.
 *
 * @param run how a plan is run, for those who have another way
 * @throws RowmillError what the last try threw; `RUN_TIMED_OUT` where its time was over; `SINK_FILE_FAILED` where a file cannot be written
 */
export async function runWatched(options: RunOptions, watch: WatchOptions = {}, run: typeof runPlan = runPlan): Promise<WatchedReport> {
  const log = watch.monitorLog === undefined ? undefined : openLog(watch.monitorLog);
  const monitor = monitorOf(options, watch, (sample) => {
    log?.write(`${JSON.stringify(sampleRecord(sample))}\n`);
    watch.onSample?.(sample);
  });
  const startedAt = new Date().toISOString();
  const began = performance.now();
  monitor.start();
  const tried = await tries(options, watch, monitor, run);
  monitor.stop();
  const lost = log?.close();
  const seconds = (performance.now() - began) / 1000;
  const outcome = outcomeOf(tried, { startedAt, endedAt: new Date().toISOString(), seconds });
  const selection = jobSelection(options.plan);
  const isAsked = watch.keepJobs || watch.jobsOut !== undefined || watch.monitorOut !== undefined;
  const jobs = isAsked ? jobsOfRun(selection, outcome) : [];
  const unwritten = (await writeFiles(watch, tried, monitor, outcome, jobs)) ?? lost;
  if (!tried.report) throw tried.error;
  if (unwritten) throw unwritten;
  const kept = watch.keepJobs ? { jobResults: jobs } : {};
  return { ...tried.report, monitor: monitor.summary(), jobs: jobTotals(selection, outcome), ...kept, attempts: tried.attempts };
}

function monitorOf({ plan, onNote }: RunOptions, watch: WatchOptions, onSample: (sample: Sample) => void): Monitor {
  const { intervalMs, memory, activity, limits } = watch;
  return new Monitor({
    workers: plan.budget.threads,
    budgetBytes: plan.budget.memory,
    windows: plan.windows.length,
    intervalMs,
    memory,
    activity,
    limits,
    onSample,
    onWorkers: ({ from, to, memoryFraction }) => onNote?.(`memory at ${(memoryFraction * 100).toFixed(0)} %: ${to} workers instead of ${from}`),
  });
}

/** Never throws: what the last try threw is in the answer. */
async function tries(options: RunOptions, watch: WatchOptions, monitor: Monitor, run: typeof runPlan): Promise<Tried> {
  const most = 1 + (watch.retries ?? 0);
  for (let attempts = 1; ; attempts += 1) {
    try {
      return { attempts, report: await limited(options, watch, monitor, run, attempts) };
    } catch (error) {
      if (attempts >= most || options.signal?.aborted || !(error instanceof RowmillError) || !error.retryable) return { attempts, error };
      options.onNote?.(`${error.message}; trying the run again (${attempts + 1} of ${most})`);
    }
  }
}

/** One try, which is cancelled when its time is over; it is waited for, so that nothing of it is left open. */
async function limited(options: RunOptions, watch: WatchOptions, monitor: Monitor, run: typeof runPlan, attempt: number): Promise<RunReport> {
  const { timeoutSec } = watch;
  const { runId, signal, ...rest } = options;
  const clock = new AbortController();
  const timer = timeoutSec === undefined ? undefined : setTimeout(() => clock.abort(), timeoutSec * 1000);
  const both = AbortSignal.any(signal ? [signal, clock.signal] : [clock.signal]);
  // The ledger knows a run by its id, and the one before has been there.
  const id = runId !== undefined && attempt === 1 ? { runId } : {};
  const onEngine: RunOptions['onEngine'] = (engine, bytesTotal) => {
    options.onEngine?.(engine, bytesTotal);
    monitor.onEngine(engine, bytesTotal);
  };
  try {
    return await run({ ...rest, ...id, onEngine, signal: both });
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    throw clock.signal.aborted ? timedOut(timeoutSec ?? 0, error) : error;
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(seconds: number, cause: unknown): RowmillError {
  const message = `timeout: the run was not done after ${seconds} s`;
  const help = 'Nothing of the open window was kept. Give it more time, or more threads and memory.';
  return new RowmillError({ code: 'RUN_TIMED_OUT', message, help, retryable: true, place: {} }, { cause });
}

function outcomeOf({ attempts, report, error }: Tried, times: Pick<PassOutcome, 'startedAt' | 'endedAt' | 'seconds'>): PassOutcome {
  if (report) return { ...times, attempts, details: report.details };
  const isCancelled = error instanceof RowmillError && error.code === 'RUN_CANCELLED';
  const message = isCancelled ? 'cancelled' : error instanceof Error ? error.message : String(error);
  return { ...times, attempts, failure: { status: isCancelled ? 'skipped' : 'failed', message } };
}

/** The failure of the first file that could not be written; a run that failed has a more important one. */
async function writeFiles(watch: WatchOptions, tried: Tried, monitor: Monitor, outcome: PassOutcome, jobs: JobResult[]): Promise<unknown> {
  const error = tried.error === undefined ? null : codeAndMessage(tried.error);
  const { startedAt, endedAt, seconds } = outcome;
  const watched = {
    startedAt,
    endedAt,
    seconds,
    jobs,
    summary: monitor.summary(),
    lastSample: monitor.lastSample,
    report: tried.report ?? null,
    error,
  };
  try {
    if (watch.monitorOut !== undefined) await writeText(watch.monitorOut, indented(metricsDocument(watched)));
    if (watch.jobsOut !== undefined) await writeText(watch.jobsOut, indented({ ...jobsDocument(jobs, seconds), error }));
    return undefined;
  } catch (failure) {
    return failure;
  }
}

function codeAndMessage(error: unknown): { code: string; message: string } {
  return error instanceof RowmillError ? { code: error.code, message: error.message } : { code: 'BUG_INTERNAL', message: String(error) };
}

function indented(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A file that lines are written to; `close` answers with the first failure, since a full disk must not end the run that it tells of. */
interface Log {
  write(line: string): void;
  close(): RowmillError | undefined;
}

/** Opened before the run begins, so that a path that is wrong costs nothing; each line is there when it is written. */
function openLog(path: string): Log {
  const file = attempt(path, () => openSync(path, 'w'));
  let lost: RowmillError | undefined;
  return {
    write(line) {
      try {
        if (!lost) attempt(path, () => writeSync(file, line));
      } catch (error) {
        lost = error as RowmillError;
      }
    },
    close() {
      closeSync(file);
      return lost;
    },
  };
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const failure = { code: 'SINK_FILE_FAILED', message: (error as Error).message, help: 'Check the folder and its rights.' } as const;
    throw new RowmillError({ ...failure, retryable: false, place: { file: path } }, { cause: error });
  }
}
