import type { Command } from 'commander';
import { parseWhole } from '../application-options.js';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { isAnswered } from '../lineage-instead.js';
import { withSinkMaker } from '../lineage-options.js';
import { addSettingOptions, type SettingFlags, settingsOf } from '../lineage-settings.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface LoadFlags extends SettingFlags {
  files: number;
  report?: string;
}

/** `rowmill lineage loadtest`: how fast runs are here, with this sink. */
export function registerLoadTest(lineage: Command): void {
  const command = lineage
    .command('loadtest')
    .description('measure runs over many files: cold, unchanged, a tenth changed. Give it an empty graph of its own')
    .argument('[folder]', 'files of your own (default: made-up ones)')
    .option('--files <n>', 'made-up files', parseWhole, 1000)
    .option('--report <file>', 'write the figures as JSON');
  addOutputOptions(addSettingOptions(command)).action(loadTestThem);
}

async function loadTestThem(folder: string | undefined, flags: LoadFlags, command: Command): Promise<void> {
  const output = new Output(flags);
  // Made-up files are of five dialects.
  const more = flags.dialect === undefined && folder === undefined ? { 'input.dialect': { value: 'auto', flag: 'loadtest' } } : {};
  const loaded = await settingsOf(command, more);
  if (await isAnswered(flags, loaded, output)) return;
  const [{ loadTest, writeLoadTest }, { renderLoadTest }] = await Promise.all([import('../../lineage/index.js'), import('../render/lineage.js')]);
  const { settings } = loaded;
  const runs = await interruptible(output, (signal) =>
    withSinkMaker(
      settings,
      flags,
      (line) => output.note(line),
      (sink) => loadTest({ settings, sink, files: flags.files, ...(folder === undefined ? {} : { folder }), signal }),
    ),
  );
  if (flags.report !== undefined) await writeLoadTest(flags.report, runs);
  output.result(runs, () => renderLoadTest(runs));
  if (runs.some(({ errors }) => errors > 0)) process.exitCode = EXIT.rejected;
}
