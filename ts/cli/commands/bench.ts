import { type Command, InvalidArgumentError, Option } from 'commander';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface BenchFlags {
  rows: number;
  plan?: string;
  case?: string;
  input?: string;
  threads?: string;
  rounds: number;
  out?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerBench(program: Command): void {
  const command = program
    .command('bench')
    .description('what a run costs on this machine, beside merely decoding and reading its files; writes nothing but reports')
    .option('--rows <n>', 'hourly pod rows of a month to generate', parseCount, 1_000_000)
    .option('--plan <file>', 'measure the first window of this plan instead')
    .option('--case <folder>', 'measure this case folder instead')
    .addOption(new Option('--input <word>', 'which files to read').choices(['hourly', 'daily']))
    .option('--threads <n>', "threads (default: the plan's)")
    .option('--rounds <n>', 'rounds that count; one more comes first', parseCount, 3)
    .option('--out <folder>', 'write the figures there as JSON, Markdown and SVG');
  addOutputOptions(command).action(bench);
}

async function bench(flags: BenchFlags): Promise<void> {
  const output = new Output(flags);
  const [{ benchPlan, record }, { renderBench }] = await Promise.all([import('../../bench/index.js'), import('../render/bench.js')]);
  const { rows, rounds, plan: file, case: caseFolder } = flags;
  const given = { rows, rounds, file, caseFolder, flags: settingsOf(flags), command: commandOf(flags) };
  const watch = { onNote: (line: string) => output.note(line) };
  const sheet = await interruptible(output, (signal) => benchPlan({ ...given, ...watch, signal }));
  if (flags.out !== undefined) await record(flags.out, sheet);
  output.result(sheet, () => renderBench(sheet));
}

function settingsOf({ input, threads }: BenchFlags): Record<string, unknown> {
  return { ...(input === undefined ? {} : { 'openshift.input': input }), ...(threads === undefined ? {} : { 'budget.threads': threads }) };
}

/** As it was asked for, without where reports went. */
function commandOf({ rows, plan, case: caseFolder, input, threads, rounds }: BenchFlags): string {
  const data = plan ? `--plan ${plan}` : caseFolder ? `--case ${caseFolder}` : `--rows ${rows}`;
  return ['rowmill bench', data, input && `--input ${input}`, threads && `--threads ${threads}`, `--rounds ${rounds}`].filter(Boolean).join(' ');
}

function parseCount(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1');
}
