import type { Command } from 'commander';
import { RowmillError } from '../errors.js';

/** Options of the commands that only need the ledger. */
export interface LedgerOptions {
  database?: string;
  ledgerSchema?: string;
}

/** Adds `--database` and `--ledger-schema`. */
export function addLedgerOptions(command: Command): Command {
  return command
    .option('--database <url>', 'PostgreSQL that holds the ledger (default: DATABASE_URL)')
    .option('--ledger-schema <name>', 'schema of the ledger (default: rowmill)');
}

/**
 * The ledger asked for, by flag or by environment.
 *
 * @throws RowmillError `PLAN_INVALID` where no database is given
 */
export function ledgerOf(options: LedgerOptions): { url: string; ledgerSchema: string } {
  const url = options.database ?? process.env.ROWMILL_DATABASE_URL ?? process.env.DATABASE_URL;
  const ledgerSchema = options.ledgerSchema ?? process.env.ROWMILL_DATABASE_LEDGER_SCHEMA ?? 'rowmill';
  if (url) return { url, ledgerSchema };
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: 'no database is given',
    help: 'Use --database postgres://user@host:5432/name, or set DATABASE_URL.',
    retryable: false,
    place: { column: 'database.url' },
  });
}
