import type { JobTotals } from '../../run/jobs-of-run.js';
import { count } from './quantities.js';

/** How the jobs went, in a line; none where there were none. */
export function renderJobs({ total, completed, failed, skipped, withoutRows }: JobTotals): string[] {
  if (total === 0) return [];
  const parts = [
    ...(completed > 0 ? [`${count(completed)} completed${withoutRows ? ` (${count(withoutRows)} without rows)` : ''}`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(skipped > 0 ? [`${count(skipped)} skipped`] : []),
  ];
  return [`${count(total)} jobs: ${parts.join(', ')}`];
}
