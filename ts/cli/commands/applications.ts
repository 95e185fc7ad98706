import type { Command } from 'commander';
import type { ApplicationsOptions, ApplicationsProgress } from '../../documents/index.js';
import { type ApplicationFlags, addApplicationOptions, toApplicationsOptions } from '../application-options.js';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { keepHeapSmall } from '../small-heap.js';

interface RunFlags extends ApplicationFlags {
  dryRun?: boolean;
  explain?: boolean;
  metrics?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Milliseconds between two lines of progress. */
const LINE_EVERY_MS = 1000;

/** `rowmill run applications`: a command of its own below `run`, with options of its own. */
export function registerApplications(run: Command): void {
  // Options behind the word `applications` are its own, also where `run` has one of the same name.
  const command = run
    .enablePositionalOptions()
    .command('applications')
    .description('map XML documents by a contract, and load them into the tables that it names');
  addApplicationOptions(command)
    .option('--dry-run', 'say how many documents would be looked at, and do nothing')
    .option('--explain', 'say that, with all settings and tables; do nothing')
    .option('--metrics <folder>', 'write metrics_<session>.json there');
  addOutputOptions(command).action(applications);
}

async function applications(flags: RunFlags): Promise<void> {
  keepHeapSmall();
  const output = new Output(flags);
  const options = await toApplicationsOptions(flags);
  if (flags.dryRun || flags.explain) return explain(options, flags, output);
  const [{ runApplications, writeMetrics }, render] = await Promise.all([import('../../documents/index.js'), import('../render/applications.js')]);
  const onNote = (line: string): void => output.note(line);
  const onProgress = throttled((progress) => output.note(render.applicationsLine(progress)));
  const report = await interruptible(output, (signal) => runApplications(options, output.isSilent ? { signal } : { signal, onNote, onProgress }));
  if (flags.metrics !== undefined) output.note(`metrics: ${await writeMetrics(flags.metrics, report)}`);
  output.result(report, () => render.renderApplications(report));
  if (report.counts.failed > 0) process.exitCode = EXIT.rejected;
}

async function explain(options: ApplicationsOptions, flags: RunFlags, output: Output): Promise<void> {
  const [{ explainApplications }, render] = await Promise.all([import('../../documents/index.js'), import('../render/applications.js')]);
  const plan = await explainApplications(options);
  output.result(plan, () => (flags.explain ? render.renderApplicationsPlan(plan) : render.renderDryRun(plan)));
}

function throttled(show: (progress: ApplicationsProgress) => void): (progress: ApplicationsProgress) => void {
  let lastMs = performance.now();
  return (progress) => {
    if (performance.now() - lastMs < LINE_EVERY_MS) return;
    lastMs = performance.now();
    show(progress);
  };
}
