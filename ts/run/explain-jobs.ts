import type { Plan } from '../addon.js';
import { jobMatrix, type MatrixEntry } from '../plan/job-matrix.js';
import { jobSelection } from './job-selection.js';

/** The jobs of a plan as far as the plan alone says. */
export interface PlannedJobs {
  /** Every security with every day; empty where either comes from the input. */
  entries: MatrixEntry[];
  /** What only the input tells: securities, days, or both; empty where the plan says both. */
  fromInput: ('securities' | 'days')[];
}

/** The job matrix of a plan; null for a pipeline that does not work by jobs. */
export function plannedJobs(plan: Plan): PlannedJobs | null {
  const selection = jobSelection(plan);
  if (!selection) return null;
  const fromInput: PlannedJobs['fromInput'] = [];
  if (selection.securityCodes.length === 0) fromInput.push('securities');
  if (selection.allDates || selection.start === null) fromInput.push('days');
  return { entries: fromInput.length === 0 ? jobMatrix(selection) : [], fromInput };
}
