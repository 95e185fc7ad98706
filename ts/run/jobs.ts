import { RowmillError } from '../errors.js';
import type { Job, JobContext, JobOptions, JobResult } from './job-types.js';

const DEFAULT_WORKERS = 8;

/** Why work was stopped from outside. */
class Stopped extends Error {
  readonly status: 'failed' | 'skipped';

  constructor(status: 'failed' | 'skipped', message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Runs jobs, several at a time, and answers with a result for each, in the order in which they were given. A job that fails does not stop the
 * others, and nothing is thrown for it.
 *
 * - a job without a task is skipped;
 * - a job that takes longer than `timeoutSec` fails, and is tried again where there are retries left; its signal fires, and it is not waited for;
 * - when `runTimeoutSec` is over, jobs that run fail and those that have not begun are skipped;
 * - when `signal` fires, both are skipped.
 *
 * @throws RowmillError `PLAN_INVALID` where ids are not unique, naming each that is not
 */
export async function executeJobs<T>(jobs: readonly Job<T>[], options: JobOptions<T> = {}): Promise<JobResult<T>[]> {
  refuseDuplicates(jobs);
  const run = new AbortController();
  const stop = (reason: Stopped): void => run.abort(reason);
  const onAbort = (): void => stop(new Stopped('skipped', 'cancelled'));
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = after(options.runTimeoutSec, () => stop(new Stopped('failed', `timeout: the run was not done after ${options.runTimeoutSec} s`)));
  const results: JobResult<T>[] = jobs.map((job) => resultOf(job, 'pending'));
  try {
    const queue = jobs.entries();
    const workers = Math.max(1, Math.min(options.maxWorkers ?? DEFAULT_WORKERS, jobs.length));
    await Promise.all(Array.from({ length: workers }, () => work(queue, results, options, run.signal)));
    return results;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** One worker: takes the next job until there is none. */
async function work<T>(queue: Iterator<[number, Job<T>]>, results: JobResult<T>[], options: JobOptions<T>, signal: AbortSignal): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    const [index, job] = next.value;
    const result = results[index];
    if (result) await runJob(job, result, options, signal);
  }
}

async function runJob<T>(job: Job<T>, result: JobResult<T>, options: JobOptions<T>, signal: AbortSignal): Promise<void> {
  if (!job.task || signal.aborted) {
    result.status = 'skipped';
    result.error = job.task ? messageOf(signal.reason) : 'No task function provided';
  } else {
    const began = performance.now();
    result.status = 'running';
    result.startedAt = new Date().toISOString();
    options.onJob?.(result);
    await attempts(job.task, result, options, signal);
    result.durationSec = (performance.now() - began) / 1000;
  }
  result.completedAt = new Date().toISOString();
  options.onJob?.(result);
}

/** Tries until it works, the tries are used up, or there is no use in another one. */
async function attempts<T>(task: NonNullable<Job<T>['task']>, result: JobResult<T>, options: JobOptions<T>, signal: AbortSignal): Promise<void> {
  const tries = 1 + (options.retries ?? 0);
  for (let attempt = 1; ; attempt += 1) {
    result.attempts = attempt;
    try {
      result.result = await limited(task, attempt, options.timeoutSec, signal);
      result.status = 'completed';
      result.error = null;
      return;
    } catch (error) {
      result.error = messageOf(error);
      result.cause = error;
      result.status = error instanceof Stopped ? error.status : 'failed';
      const isUseless = signal.aborted || attempt >= tries || options.shouldRetry?.(error) === false;
      if (isUseless) return;
    }
  }
}

/** The task, or the failure that ends it from outside, whichever comes first. */
async function limited<T>(
  task: (context: JobContext) => T | Promise<T>,
  attempt: number,
  timeoutSec: number | undefined,
  outer: AbortSignal,
): Promise<T> {
  const own = new AbortController();
  const onAbort = (): void => own.abort(outer.reason);
  outer.addEventListener('abort', onAbort, { once: true });
  const timer = after(timeoutSec, () => own.abort(new Stopped('failed', `timeout: not done after ${timeoutSec} s`)));
  try {
    const stopped = new Promise<never>((_, reject) => own.signal.addEventListener('abort', () => reject(own.signal.reason), { once: true }));
    // The task may throw before it has waited for anything, and that is its failure too.
    const working = (async () => task({ signal: own.signal, attempt }))();
    return await Promise.race([working, stopped]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
  }
}

function after(seconds: number | undefined, call: () => void): NodeJS.Timeout | undefined {
  return seconds === undefined ? undefined : setTimeout(call, seconds * 1000);
}

function resultOf<T>({ jobId, securityCode, date }: Job<T>, status: JobResult<T>['status']): JobResult<T> {
  return {
    jobId,
    securityCode: securityCode ?? null,
    date: date ?? null,
    status,
    error: null,
    attempts: 0,
    startedAt: null,
    completedAt: null,
    durationSec: 0,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refuseDuplicates(jobs: readonly Job<unknown>[]): void {
  const seen = new Set<string>();
  const twice = new Set(jobs.map(({ jobId }) => jobId).filter((id) => seen.size === seen.add(id).size));
  if (twice.size === 0) return;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: 'the ids of jobs have to be unique',
    help: 'Results are told apart by their ids.',
    retryable: false,
    place: {},
    problems: [...twice].map((id) => ({ path: 'jobId', message: `${id} is there more than once`, value: id, allowed: '', origin: '' })),
  });
}
