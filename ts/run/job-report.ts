import type { JobMetrics, JobResult } from './job-types.js';

/** How many of the slowest jobs are named. */
const SLOWEST = 3;

/** Figures over results; computed from them, so that asking twice changes nothing. */
export function jobMetrics(results: readonly JobResult[], totalTimeSec: number): JobMetrics {
  const completed = results.filter(({ status }) => status === 'completed');
  const count = (status: JobResult['status']): number => results.filter((result) => result.status === status).length;
  return {
    total: results.length,
    completed: completed.length,
    failed: count('failed'),
    skipped: count('skipped'),
    totalTimeSec,
    averageJobTimeSec: completed.length > 0 ? sum(completed, ({ durationSec }) => durationSec) / completed.length : 0,
    throughputJobsPerSec: totalTimeSec > 0 ? completed.length / totalTimeSec : 0,
    successRate: results.length > 0 ? (completed.length / results.length) * 100 : 0,
    retries: sum(results, ({ attempts }) => Math.max(0, attempts - 1)),
    rows: sum(results, ({ rows }) => rows ?? 0),
  };
}

/** The jobs that took longest, the slowest first; of equals the one that was given first. */
export function slowestJobs(results: readonly JobResult[], count = SLOWEST): JobResult[] {
  return results
    .filter(({ startedAt }) => startedAt !== null)
    .sort((left, right) => right.durationSec - left.durationSec)
    .slice(0, count);
}

/** Metrics and results as files have them: every name of the format that others read, and ours beside them. docs/scaling.md says what each is. */
export function jobsDocument(results: readonly JobResult[], totalTimeSec: number): Record<string, unknown> {
  const metrics = jobMetrics(results, totalTimeSec);
  return {
    metrics: {
      total_jobs: metrics.total,
      completed_jobs: metrics.completed,
      failed_jobs: metrics.failed,
      skipped_jobs: metrics.skipped,
      total_time_sec: metrics.totalTimeSec,
      avg_job_time_sec: metrics.averageJobTimeSec,
      throughput_jobs_per_sec: metrics.throughputJobsPerSec,
      success_rate: metrics.successRate,
      retries: metrics.retries,
      rows: metrics.rows,
    },
    results: results.map(resultRecord),
    slowest: slowestJobs(results).map(({ jobId, durationSec }) => ({ job_id: jobId, duration_sec: durationSec })),
  };
}

function resultRecord(result: JobResult): Record<string, unknown> {
  return {
    job_id: result.jobId,
    security_code: result.securityCode,
    date: result.date,
    status: result.status,
    duration_sec: result.durationSec,
    error: result.error,
    rows: result.rows ?? null,
    attempts: result.attempts,
    start_time: result.startedAt,
    end_time: result.completedAt,
    completed_at: result.completedAt,
  };
}

function sum(results: readonly JobResult[], of: (result: JobResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0);
}
