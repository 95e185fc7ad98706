import type { WatchedReport } from '../../run/run-watched.js';
import { renderJobs } from './jobs.js';
import { renderMonitor } from './monitor.js';
import { renderRun } from './run-report.js';

/** What a run did, how its jobs went, and what its monitor saw. */
export function renderWatched(report: WatchedReport): string {
  const tries = report.attempts > 1 ? [`${report.attempts} tries`] : [];
  return [renderRun(report), ...renderJobs(report.jobs), ...renderMonitor(report.monitor), ...tries].join('\n');
}
