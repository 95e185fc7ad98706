import { type Available, type JobSelection, jobMatrix } from '../plan/job-matrix.js';
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

/** Jobs of a run, counted. */
export interface JobTotals {
  total: number;
  completed: number;
  failed: number;
  skipped: number;
  /** Of the completed ones, those that no row belonged to; null where the rows of jobs are not known. */
  withoutRows: number | null;
}

/**
 * A result for each job that was asked for, and for each that had rows. One pass does them all: a job without rows is completed with 0, they all
 * fail where the run failed, they are all skipped where it was cancelled, and each took as long as the pass.
 *
 * @param selection what was asked for; null for a pipeline that does not work by jobs
 */
export function jobsOfRun(selection: JobSelection | null, outcome: PassOutcome): JobResult[] {
  const { found, available } = foundJobs(outcome);
  const matrix = selection ? jobMatrix(selection, available) : [];
  const rows = new Map(found?.map((job) => [idOf(job.securityCode, job.date), job.rows]));
  const asked = new Set(matrix.map(([security, date]) => idOf(security, date)));
  const beyond = (found ?? []).filter((job) => !asked.has(idOf(job.securityCode, job.date))).map((job) => [job.securityCode, job.date] as const);
  const seen = new Map<string, number>();
  return [...matrix, ...beyond].map(([securityCode, date]) => {
    const id = idOf(securityCode, date);
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return resultOf(times > 1 ? `${id}#${times}` : id, securityCode, date, found ? (rows.get(id) ?? 0) : null, outcome);
  });
}

/** The same, counted only: a year of a whole market is a million jobs, which need not all be made to say how many there were. */
export function jobTotals(selection: JobSelection | null, outcome: PassOutcome): JobTotals {
  const { found, available } = foundJobs(outcome);
  const one = selection ? { ...selection, securityCodes: [0] } : null;
  const dates = one ? jobMatrix(one, available).map(([, date]) => date) : [];
  const securities = selection ? (selection.securityCodes.length > 0 ? selection.securityCodes : (available.securityCodes ?? [])) : [];
  const timesBySecurity = tally(securities);
  const timesByDate = tally(dates);
  const timesOf = (job: JobRows): number => (timesBySecurity.get(job.securityCode) ?? 0) * (timesByDate.get(job.date) ?? 0);
  const withRows = (found ?? []).filter(({ rows }) => rows > 0).reduce((sum, job) => sum + Math.max(1, timesOf(job)), 0);
  const beyond = (found ?? []).filter((job) => timesOf(job) === 0).length;
  const total = securities.length * dates.length + beyond;
  const of = (status: JobResult['status']): number => ((outcome.failure?.status ?? 'completed') === status ? total : 0);
  const withoutRows = found && !outcome.failure ? total - withRows : null;
  return { total, completed: of('completed'), failed: of('failed'), skipped: of('skipped'), withoutRows };
}

function resultOf(jobId: string, securityCode: number, date: string, rows: number | null, outcome: PassOutcome): JobResult {
  const { startedAt, endedAt, seconds, attempts, failure } = outcome;
  const ended = { attempts, startedAt, completedAt: endedAt, durationSec: seconds };
  if (failure) return { jobId, securityCode, date, status: failure.status, error: failure.message, ...ended };
  return { jobId, securityCode, date, status: 'completed', error: null, ...(rows === null ? {} : { rows }), ...ended };
}

interface Found {
  /** Null where there were too many to list. */
  found: JobRows[] | null;
  available: Available;
}

function foundJobs({ failure, details }: PassOutcome): Found {
  const found = failure ? [] : rowsByJob(details);
  if (!found || found.length === 0) return { found, available: {} };
  return { found, available: { securityCodes: distinct(found.map((job) => job.securityCode)), dates: distinct(found.map((job) => job.date)) } };
}

/** In ascending order. */
function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

function tally<T>(values: readonly T[]): Map<T, number> {
  const times = new Map<T, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return times;
}

function idOf(securityCode: number, date: string): string {
  return `${securityCode}_${date}`;
}

/** What a pipeline says of jobs. */
interface JobDetails {
  jobs?: unknown;
  warnings?: readonly { kind: string }[];
}

/** Counts beyond 2^53 arrive as text. */
function rowsByJob(details: unknown): JobRows[] | null {
  const { jobs, warnings } = (details ?? {}) as JobDetails;
  if (!Array.isArray(jobs)) return [];
  // An empty list with this warning is not "none" but "more than are listed".
  if (jobs.length === 0 && warnings?.some(({ kind }) => kind === 'jobs')) return null;
  return jobs.map(({ securityCode, date, rows }) => ({ securityCode: Number(securityCode), date: String(date), rows: Number(rows) }));
}
