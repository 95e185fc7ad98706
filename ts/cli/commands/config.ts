import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { RowmillError } from '../../errors.js';
import { PIPELINES } from '../flags.js';
import { Output } from '../output.js';
import { addOutputOptions, addPlanOptions, type PlanOptions, pipelineNamed, toPlanRequest } from '../plan-options.js';

interface ConfigFlags extends PlanOptions {
  json?: boolean;
  quiet?: boolean;
}

interface InitFlags {
  out?: string;
  force?: boolean;
}

export function registerConfig(program: Command): void {
  const config = program.command('config').description('show, check or begin a plan');
  const showing = config.command('show').description('print each setting with its value and where it came from');
  addOutputOptions(addPlanOptions(showing)).action(show);
  const checking = config.command('check').description('say everything that is wrong with a plan');
  addOutputOptions(addPlanOptions(checking)).action(check);
  config
    .command('init')
    .description('write a commented plan file')
    .argument('[pipeline...]', 'which pipeline')
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--force', 'write over an existing file')
    .action(init);
}

async function show(words: string[], flags: ConfigFlags): Promise<void> {
  const request = toPlanRequest(words, flags);
  const [{ loadPlan }, { renderOrigins }] = await Promise.all([import('../../plan/index.js'), import('../render/origins.js')]);
  const loaded = await loadPlan(request);
  new Output(flags).result(loaded, () => renderOrigins(loaded.origins));
}

async function check(words: string[], flags: ConfigFlags): Promise<void> {
  const request = toPlanRequest(words, flags);
  const { loadPlan } = await import('../../plan/index.js');
  const { plan } = await loadPlan(request);
  const { pipeline, windows } = plan;
  new Output(flags).result({ ok: true, pipeline, windows }, () => {
    const days = windows.map(({ start, end }) => `${start} to ${end}`).join(', ');
    return `the plan is good: ${pipeline}, ${days}`;
  });
}

async function init(words: string[], flags: InitFlags): Promise<void> {
  const name = words.length > 0 ? pipelineNamed(words) : PIPELINES[0]?.name;
  const [{ describe }, { planTemplate }] = await Promise.all([import('../../addon.js'), import('../../plan/index.js')]);
  const { commonFields, pipelines } = describe();
  const pipeline = pipelines.find((each) => each.name === name);
  const text = pipeline ? planTemplate(pipeline, commonFields) : '';
  if (flags.out === undefined) process.stdout.write(text);
  else await writePlan(flags.out, text, flags.force ?? false);
}

async function writePlan(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new RowmillError(
      {
        code: 'SINK_FILE_FAILED',
        message: exists ? 'the file exists already' : (error as Error).message,
        help: exists ? 'Use --force to write over it.' : 'Check the folder and its rights.',
        retryable: false,
        place: { file: path },
      },
      { cause: error },
    );
  }
}
