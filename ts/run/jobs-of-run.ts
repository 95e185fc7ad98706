import { type JobSelection, jobMatrix } from '../plan/job-matrix.js';
import type { JobResult } from './job-types.js';

/** How a run that did all jobs in one pass went. */
export interface PassOutcome {
  /** ISO 8601 in UTC. */
  startedAt: string;
  /** ISO 8601 in UTC. */
  endedAt: string;
  seconds: number;
  attempts: number;
  /** What the pipeline had to say; its `jobs` are the securities and days that had rows. */
  details?: unknown;
  /** Why the run failed; absent where it did not. */
  failure?: { status: 'failed' | 'skipped'; message: string };
}

/** Rows of one security on one day. */
interface JobRows {
  securityCode: number;
  date: string;
  rows: number;
}

/**
 * A result for each job that was asked for, and for each that had rows. One pass does them all: a job without rows is completed with 0, they all
 * fail where the run failed, they are all skipped where it was cancelled, and each took as long as the pass.
 *
 * @param selection what was asked for; null for a pipeline that does not work by jobs
 */
export function jobsOfRun(selection: JobSelection | null, outcome: PassOutcome): JobResult[] {
  const found = outcome.failure ? [] : rowsByJob(outcome.details);
  const available =
    found.length > 0 ? { securityCodes: distinct(found.map((job) => job.securityCode)), dates: distinct(found.map((job) => job.date)) } : {};
  const matrix = selection ? jobMatrix(selection, available) : [];
  const rows = new Map(found.map((job) => [idOf(job.securityCode, job.date), job.rows]));
  const asked = new Set(matrix.map(([security, date]) => idOf(security, date)));
  const beyond = found.filter((job) => !asked.has(idOf(job.securityCode, job.date))).map((job) => [job.securityCode, job.date] as const);
  const seen = new Map<string, number>();
  return [...matrix, ...beyond].map(([securityCode, date]) => {
    const id = idOf(securityCode, date);
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return resultOf(times > 1 ? `${id}#${times}` : id, securityCode, date, rows.get(id) ?? 0, outcome);
  });
}

function resultOf(jobId: string, securityCode: number, date: string, rows: number, outcome: PassOutcome): JobResult {
  const { startedAt, endedAt, seconds, attempts, failure } = outcome;
  const ended = { attempts, startedAt, completedAt: endedAt, durationSec: seconds };
  if (failure) return { jobId, securityCode, date, status: failure.status, error: failure.message, ...ended };
  return { jobId, securityCode, date, status: 'completed', error: null, rows, ...ended };
}

/** Days in their order, for a date; codes in theirs: as the pipeline lists them. */
function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

function idOf(securityCode: number, date: string): string {
  return `${securityCode}_${date}`;
}

/** Counts beyond 2^53 arrive as text. */
function rowsByJob(details: unknown): JobRows[] {
  const jobs = (details as { jobs?: unknown } | null | undefined)?.jobs;
  if (!Array.isArray(jobs)) return [];
  return jobs.map(({ securityCode, date, rows }) => ({ securityCode: Number(securityCode), date: String(date), rows: Number(rows) }));
}
