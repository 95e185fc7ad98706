import type { Plan } from '../../addon.js';
import type { PipelineRules } from '../pipeline.js';

/** The days of a plan that asks for none. */
const FIRST_DAY = '0001-01-01';
const LAST_DAY = '9999-12-31';

/** Filtering and adding up an order log. */
export const orders: PipelineRules = {
  name: 'orders',
  // Rows are told apart by the name of their data set alone: what a run finds replaces all that a run of the same name has found before.
  owned: (plan) => ({ dataset: String(plan.options.dataset) }),
  selection(plan) {
    const { securityCodes, allDates } = plan.options as { securityCodes?: number[]; allDates?: boolean };
    return { securityCodes: securityCodes ?? [], ...daysOf(plan), allDates: allDates ?? false };
  },
};

function daysOf({ window: { start, end } }: Plan): { start: string | null; end: string | null } {
  const asksForAll = start === FIRST_DAY && end === LAST_DAY;
  return asksForAll ? { start: null, end: null } : { start, end };
}
