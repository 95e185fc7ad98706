import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { addMonitorOptions, type MonitorFlags, toWatchOptions } from '../monitor-options.js';
import { Output } from '../output.js';
import { addOutputOptions, addPlanOptions, type PlanOptions, toPlanRequest } from '../plan-options.js';
import { progressView } from '../progress.js';

interface RunFlags extends PlanOptions, MonitorFlags {
  dryRun?: boolean;
  explain?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export function registerRun(program: Command): Command {
  const command = program.command('run').description('read the input, compute, and write the rows to PostgreSQL or to a Parquet file');
  addPlanOptions(command)
    .option('--dry-run', 'list the files that would be looked at, and do nothing')
    .option('--explain', 'show the plan with origins, what would be read and pruned, and memory per stage; do nothing');
  return addOutputOptions(addMonitorOptions(command)).action(run);
}

async function run(words: string[], flags: RunFlags): Promise<void> {
  const output = new Output(flags);
  const request = toPlanRequest(words, flags);
  const watching = toWatchOptions(flags);
  const { loadPlan } = await import('../../plan/index.js');
  const loaded = await loadPlan(request);
  if (flags.dryRun || flags.explain) {
    const { dryRun, explain } = await import('../explain.js');
    return flags.explain ? explain(loaded, output) : dryRun(loaded, output);
  }
  const [{ runWatched }, { renderWatched }, view] = await Promise.all([
    import('../../run/run-watched.js'),
    import('../render/watched-run.js'),
    progressView(output),
  ]);
  const watch = { onProgress: view.onProgress, onNote: (line: string) => output.note(line) };
  const work = (signal: AbortSignal): ReturnType<typeof runWatched> =>
    runWatched({ ...loaded, ...watch, signal }, { ...watching, onSample: view.onSample });
  const report = await interruptible(output, work).finally(view.stop);
  output.result(report, () => renderWatched(report));
  if (report.rowsRejected > 0) process.exitCode = EXIT.rejected;
}
