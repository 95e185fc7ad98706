import type { Plan } from '../addon.js';
import { PIPELINES } from '../pipelines/index.js';
import type { JobSelection } from '../plan/job-matrix.js';

/** Which securities and days a plan asks for; null for a pipeline that does not work by jobs. */
export function jobSelection(plan: Plan): JobSelection | null {
  return PIPELINES.find(({ name }) => name === plan.pipeline)?.selection?.(plan) ?? null;
}
