import type { Origin, Plan } from '../addon.js';
import { RowmillError } from '../errors.js';
import { appliedMigration, describeUrl, type StoredPlan, selectPlan, withConnection } from '../postgres/index.js';
import { newContext } from './context.js';
import { runToDatabase } from './run-to-database.js';
import type { ResumeOptions, RunReport } from './types.js';

/**
 * Goes on with a run that stopped: windows it has loaded are left alone, unless their input has changed.
 *
 * @throws RowmillError `RUN_NOT_FOUND`; `RUN_STILL_RUNNING`; and what {@link runToDatabase} throws
 */
export async function resumeRun({ url, ledgerSchema, runId, ...watch }: ResumeOptions): Promise<RunReport> {
  const stored = await storedPlan(url, ledgerSchema, runId ?? null);
  const plan = stored.plan as Plan;
  const context = newContext({ ...plan, database: { ...plan.database, url, ledgerSchema } }, stored.origins as Origin[], watch, stored.id);
  return runToDatabase(context, true);
}

async function storedPlan(url: string, schema: string, runId: string | null): Promise<StoredPlan> {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const known = runId === null || uuid.test(runId);
  const found = await withConnection(url, async (connection) =>
    known && (await appliedMigration(connection, schema)) > 0 ? selectPlan(connection, schema, runId) : null,
  );
  if (found) return found;
  throw new RowmillError({
    code: 'RUN_NOT_FOUND',
    message: runId ? `the ledger has no run ${runId}` : 'the ledger has no run that is not done',
    help: `\`rowmill status\` lists the runs. Looked in the schema ${schema} of ${describeUrl(url)}.`,
    retryable: false,
    place: {},
  });
}
