import { newContext } from './context.js';
import type { RunOptions, RunReport } from './types.js';

/**
 * Runs a plan: into the Parquet file of `output.file`, or else into the database.
 *
 * @throws RowmillError with the code of what failed; `RUN_CANCELLED` where the signal fired. Nothing of an unfinished
 *   window is kept, and finished windows stay: `resumeRun` goes on.
 */
export async function runPlan({ plan, origins, runId, ...watch }: RunOptions): Promise<RunReport> {
  const context = newContext(plan, origins, watch, runId);
  // Either road is loaded only where it is taken; the one to a database is the longer by far.
  if (plan.output.file) return (await import('./run-to-file.js')).runToFile(context, plan.output.file);
  return (await import('./run-to-database.js')).runToDatabase(context, false);
}
