import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions, addPlanOptions, type PlanOptions, toPlanRequest } from '../plan-options.js';
import { progressView } from '../progress.js';

interface RunFlags extends PlanOptions {
  dryRun?: boolean;
  explain?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export function registerRun(program: Command): void {
  const command = program.command('run').description('read the input, compute, and write the rows to PostgreSQL or to a Parquet file');
  addPlanOptions(command)
    .option('--dry-run', 'list the files that would be looked at, and do nothing')
    .option('--explain', 'show the plan with origins, what would be read and pruned, and memory per stage; do nothing');
  addOutputOptions(command).action(run);
}

async function run(words: string[], flags: RunFlags): Promise<void> {
  const output = new Output(flags);
  const request = toPlanRequest(words, flags);
  const { loadPlan } = await import('../../plan/index.js');
  const loaded = await loadPlan(request);
  if (flags.dryRun || flags.explain) {
    const { dryRun, explain } = await import('../explain.js');
    return flags.explain ? explain(loaded, output) : dryRun(loaded, output);
  }
  const [{ runPlan }, { renderRun }, view] = await Promise.all([
    import('../../run/run-plan.js'),
    import('../render/run-report.js'),
    progressView(output),
  ]);
  const watch = { onProgress: view.onProgress, onNote: (line: string) => output.note(line) };
  const report = await interruptible(output, (signal) => runPlan({ ...loaded, ...watch, signal })).finally(view.stop);
  output.result(report, () => renderRun(report));
  if (report.rowsRejected > 0) process.exitCode = EXIT.rejected;
}
