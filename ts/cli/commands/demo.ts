import { type Command, InvalidArgumentError } from 'commander';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { progressView } from '../progress.js';

interface DemoFlags {
  rows?: number;
  keep?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('a sample month, an embedded PostgreSQL, and its summary on the screen')
    .option('--rows <n>', 'rows of hourly pod usage to generate, about (default: 200000)', parseRows)
    .option('--keep <folder>', 'keep the generated files in this folder');
  addOutputOptions(command).action(demo);
}

async function demo(flags: DemoFlags): Promise<void> {
  const output = new Output(flags);
  const [{ runDemo }, { renderDemo }, view] = await Promise.all([import('../../run/index.js'), import('../render/demo.js'), progressView(output)]);
  const given = { ...(flags.rows === undefined ? {} : { rows: flags.rows }), ...(flags.keep === undefined ? {} : { directory: flags.keep }) };
  const watch = { onProgress: view.onProgress, onNote: (line: string) => output.note(line) };
  const report = await interruptible(output, (signal) => runDemo({ ...given, ...watch, signal })).finally(view.stop);
  output.result(report, () => renderDemo(report));
}

function parseRows(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1');
}
