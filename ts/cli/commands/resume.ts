import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { addLedgerOptions, type LedgerOptions, ledgerOf } from '../ledger-options.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { progressView } from '../progress.js';

interface ResumeFlags extends LedgerOptions {
  json?: boolean;
  quiet?: boolean;
}

export function registerResume(program: Command): void {
  const command = program
    .command('resume')
    .description('go on with a run that was interrupted or failed; windows that are loaded stay as they are')
    .argument('[run]', 'id of the run (default: the newest that is not done)');
  addOutputOptions(addLedgerOptions(command)).action(resume);
}

async function resume(runId: string | undefined, flags: ResumeFlags): Promise<void> {
  const output = new Output(flags);
  const ledger = ledgerOf(flags);
  const [{ resumeRun }, { renderRun }, view] = await Promise.all([
    import('../../run/index.js'),
    import('../render/run-report.js'),
    progressView(output),
  ]);
  const watch = { onProgress: view.onProgress, onNote: (line: string) => output.note(line) };
  const given = { ...ledger, ...watch, ...(runId === undefined ? {} : { runId }) };
  const report = await interruptible(output, (signal) => resumeRun({ ...given, signal })).finally(view.stop);
  output.result(report, () => renderRun(report));
  if (report.rowsRejected > 0) process.exitCode = EXIT.rejected;
}
