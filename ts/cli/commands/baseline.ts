import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Baseline } from '../../documents/index.js';
import { RowmillError } from '../../errors.js';
import { type ApplicationFlags, addApplicationOptions, parseWhole, toApplicationsOptions } from '../application-options.js';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { keepHeapSmall } from '../small-heap.js';

interface BaselineFlags extends ApplicationFlags {
  runs: number;
  clear?: boolean;
  out?: string;
  compare?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerBaseline(program: Command): void {
  const baseline = program.command('baseline').description('run the same several times, and say how fast it is and how far that can be trusted');
  const command = baseline.command('applications').description('documents into tables that are emptied before each run');
  addApplicationOptions(command)
    .option('--runs <n>', 'runs, 2 or more', parseWhole, 10)
    .option('--clear', "yes: delete all rows of the contract's tables and of its log before each run")
    .option('--out <file>', 'write the figures there, as JSON')
    .option('--compare <file>', 'figures of before: say whether to keep or to revert what was changed since');
  addOutputOptions(command).action(applications);
}

async function applications(flags: BaselineFlags): Promise<void> {
  keepHeapSmall();
  const output = new Output(flags);
  if (!flags.clear)
    throw refused("a baseline deletes all rows of the contract's tables and of its log before each run", 'Say --clear if that is meant.');
  if (flags.runs < 2) throw refused('a baseline needs two runs or more', 'Say --runs 10.');
  const options = await toApplicationsOptions(flags);
  const compareWith = flags.compare === undefined ? undefined : await readBaseline(flags.compare);
  const [{ baselineApplications }, render] = await Promise.all([import('../../documents/index.js'), import('../render/applications.js')]);
  const onRun: Parameters<typeof baselineApplications>[1]['onRun'] = (run, number) => output.note(render.baselineLine(run, number, flags.runs));
  const measured = await interruptible(output, (signal) =>
    baselineApplications(options, { runs: flags.runs, clear: true, compareWith, onRun, signal }),
  );
  if (flags.out !== undefined) await writeFile(flags.out, `${JSON.stringify(measured, null, 2)}\n`);
  output.result(measured, () => render.renderBaseline(measured));
  if (measured.comparison?.advice === 'revert') process.exitCode = EXIT.failed;
}

async function readBaseline(path: string): Promise<Baseline> {
  const found = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Baseline,
    () => null,
  );
  if (found && Number.isFinite(found.documentsPerMinute?.median)) return found;
  throw refused(`${path} holds no figures of a baseline`, 'Give a file that --out has written.');
}

function refused(message: string, help: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: {} });
}
