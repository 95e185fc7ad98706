import { type Command, InvalidArgumentError } from 'commander';
import { addLedgerOptions, type LedgerOptions, ledgerOf } from '../ledger-options.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface StatusFlags extends LedgerOptions {
  limit: number;
  json?: boolean;
  quiet?: boolean;
}

export function registerStatus(program: Command): void {
  const command = program.command('status').description('list the newest runs of the ledger');
  addLedgerOptions(command).option('--limit <n>', 'runs to list at most', parseLimit, 10);
  addOutputOptions(command).action(status);
}

async function status(flags: StatusFlags): Promise<void> {
  const output = new Output(flags);
  const ledger = ledgerOf(flags);
  const [{ listRuns }, { renderRuns }] = await Promise.all([import('../../run/index.js'), import('../render/runs.js')]);
  const runs = await listRuns({ ...ledger, limit: flags.limit });
  output.result({ runs }, () => renderRuns(runs));
}

function parseLimit(text: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1');
}
