import { newContext } from './context.js';
import { runToDatabase } from './run-to-database.js';
import { runToFile } from './run-to-file.js';
import type { RunOptions, RunReport } from './types.js';

/**
 * Runs a plan: into the Parquet file of `output.file`, or else into the database.
 *
 * @throws RowmillError with the code of what failed; `RUN_CANCELLED` where the signal fired. Nothing of an unfinished
 *   window is kept, and finished windows stay: `resumeRun` goes on.
 */
export async function runPlan({ plan, origins, runId, ...watch }: RunOptions): Promise<RunReport> {
  const context = newContext(plan, origins, watch, runId);
  return plan.output.file ? runToFile(context, plan.output.file) : runToDatabase(context, false);
}
