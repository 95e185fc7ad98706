import { newContext } from './context.js';
import type { RunOptions, RunReport } from './types.js';

/**
 * Runs a plan: into the Parquet file of `output.file`; else into the database; else, without one, into the files of `output.folder`.
 *
 * @throws RowmillError with the code of what failed; `RUN_CANCELLED` where the signal fired. Nothing of an unfinished
 *   window is kept, and finished windows stay: `resumeRun` goes on.
 */
export async function runPlan({ plan, origins, runId, ...watch }: RunOptions): Promise<RunReport> {
  const context = newContext(plan, origins, watch, runId);
  // Either road is loaded only where it is taken; the one to a database is the longer by far.
  if (plan.output.file || (plan.output.folder && !plan.database.url)) return (await import('./run-to-files.js')).runToFiles(context);
  return (await import('./run-to-database.js')).runToDatabase(context, false);
}
