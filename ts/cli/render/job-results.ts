import { jobMetrics, slowestJobs } from '../../run/job-report.js';
import type { JobResult } from '../../run/job-types.js';
import { count, duration } from './quantities.js';

/** How the jobs went, in a few lines; nothing where there were none. */
export function renderJobResults(results: readonly JobResult[], seconds: number): string[] {
  if (results.length === 0) return [];
  const { completed, failed, skipped, successRate, retries } = jobMetrics(results, seconds);
  const empty = results.filter(({ status, rows }) => status === 'completed' && rows === 0).length;
  const parts = [
    `${count(completed)} completed${empty > 0 ? ` (${count(empty)} without rows)` : ''}`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(skipped > 0 ? [`${count(skipped)} skipped`] : []),
    ...(retries > 0 ? [`${count(retries)} tried again`] : []),
  ];
  return [`${count(results.length)} jobs: ${parts.join(', ')}; ${successRate.toFixed(1)} %`, ...slowest(results)];
}

/** One pass takes as long for each of its jobs, and then none is the slowest. */
function slowest(results: readonly JobResult[]): string[] {
  const durations = new Set(results.filter(({ startedAt }) => startedAt !== null).map(({ durationSec }) => durationSec));
  if (durations.size < 2) return [];
  const named = slowestJobs(results).map(({ jobId, durationSec }) => `${jobId} ${duration(durationSec)}`);
  return [`slowest: ${named.join(', ')}`];
}
