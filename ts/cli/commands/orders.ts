import type { Command } from 'commander';
import { interruptible } from '../interrupt.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { progressView } from '../progress.js';
import { count } from '../render/quantities.js';

interface CentrepointFlags {
  out: string;
  threads?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerOrders(program: Command): void {
  const orders = program.command('orders').description('calls that people know from before; `rowmill run orders` is the rest');
  const command = orders
    .command('centrepoint')
    .description('write the orders of participant 69 from 10:00 to 16:59 (+10:00) into one file, and count')
    .argument('<input>', 'an order log (.csv, .csv.gz, .parquet), or a folder of them')
    .requiredOption('--out <file>', 'file to write: .csv, .csv.gz or .parquet')
    .option('--threads <n>', 'worker threads (default: the processors available)');
  addOutputOptions(command).action(centrepoint);
}

async function centrepoint(input: string, flags: CentrepointFlags): Promise<void> {
  const output = new Output(flags);
  const [{ extractCentrepointOrders }, view] = await Promise.all([import('../../calls/extract-centrepoint-orders.js'), progressView(output)]);
  // The plan refuses what is no number, with its own words.
  const threads = flags.threads === undefined ? {} : { threads: Number(flags.threads) };
  const watch = { onProgress: view.onProgress, onNote: (line: string) => output.note(line) };
  const work = (signal: AbortSignal): ReturnType<typeof extractCentrepointOrders> =>
    extractCentrepointOrders({ input, out: flags.out, ...threads, ...watch, signal });
  const metrics = await interruptible(output, work).finally(view.stop);
  output.result(metrics, () =>
    [
      `${count(metrics.rowsInput)} rows read, ${count(metrics.rowsAfterHourFilter)} in the hours, ` +
        `${count(metrics.rowsAfterParticipantFilter)} of the participant: ${count(metrics.rowsOutput)} written to ${flags.out}`,
      `peak memory ${metrics.memoryMb} MiB`,
    ].join('\n'),
  );
}
