import type { Plan } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type Connection, ensureTarget, RunLedger, shown, type Target, withConnection } from '../postgres/index.js';
import { cancelled, databaseUrl, type RunContext, retryOptions } from './context.js';
import { loadOneWindow } from './load-window.js';
import { type FilledPlan, fillLookups } from './lookups.js';
import { type Collected, finishReport, newCollection } from './report.js';
import { withRetry } from './retry.js';
import type { RunReport } from './types.js';

/** Seconds between two signs of life in the ledger, for people who look at the table. */
const HEARTBEAT_SECONDS = 10;

/** What the windows of a database run share. */
export interface DatabaseRun {
  context: RunContext;
  url: string;
  ledger: RunLedger;
  filled: FilledPlan;
  /** One per table of the pipeline, in its order. */
  targets: Target[];
  collected: Collected;
}

/**
 * Runs a plan into the database, window by window, each in one transaction.
 *
 * @param resume takes up the run of the context's id instead of writing a new one
 */
export async function runToDatabase(context: RunContext, resume: boolean): Promise<RunReport> {
  const url = databaseUrl(context.plan);
  const ledger = await RunLedger.open(url, context.plan.database.ledgerSchema, context.runId);
  const heartbeat = setInterval(() => void ledger.beat().catch(() => undefined), HEARTBEAT_SECONDS * 1000).unref();
  try {
    if (resume) await ledger.reopen();
    else
      await ledger.begin({
        pipeline: context.plan.pipeline,
        plan: withoutUrl(context.plan),
        origins: withoutUrlOrigin(context),
        target: targetOf(context),
      });
    return await recorded(context, ledger, () => allWindows(context, url, ledger));
  } finally {
    clearInterval(heartbeat);
    await ledger.close();
  }
}

/** A URL may hold a password, and the ledger is for everyone to read; who resumes gives the URL again. */
function withoutUrl(plan: Plan): Plan {
  return { ...plan, database: { ...plan.database, url: null } };
}

function withoutUrlOrigin({ origins }: RunContext): unknown {
  return origins.filter(({ path }) => path !== 'database.url');
}

/** Writes how the run ended, also where it ended badly; the reason is thrown on even if the ledger cannot be reached. */
async function recorded(context: RunContext, ledger: RunLedger, work: () => Promise<RunReport>): Promise<RunReport> {
  try {
    const report = await work();
    await withRetry(() => ledger.finish({ state: 'done', report }), retryOptions(context));
    return report;
  } catch (thrown) {
    const error = context.watch.signal?.aborted ? cancelled() : thrown;
    const state = error instanceof RowmillError && error.code === 'RUN_CANCELLED' ? 'interrupted' : 'failed';
    await ledger.finish({ state, error: storedError(error) }).catch(() => undefined);
    throw error;
  }
}

function storedError(error: unknown): unknown {
  if (!(error instanceof RowmillError)) return { code: 'BUG_INTERNAL', message: String(error) };
  const { code, message, help, place } = error;
  return { code, message, help, place };
}

/** The tables of a run, with their schema. */
function targetOf({ plan, tables }: RunContext): string {
  return tables.map(({ name }) => shown({ schema: plan.database.schema, name })).join(', ');
}

async function allWindows(context: RunContext, url: string, ledger: RunLedger): Promise<RunReport> {
  const { plan, rules } = context;
  const { filled, targets } = await withConnection(url, async (connection) => {
    return { filled: await fillLookups(connection, plan, rules), targets: await ensureTargets(connection, context) };
  });
  for (const note of targets.flatMap(({ notes }) => notes)) context.note(note);
  const collected = newCollection(targetOf(context), filled.origins);
  const run = { context, url, ledger, filled, targets, collected };
  for (const index of plan.windows.keys()) collected.windows.push(await loadOneWindow(run, index));
  return finishReport(context, collected);
}

/** Makes every table ready for the days of the plan. */
async function ensureTargets(connection: Connection, { plan, tables }: RunContext): Promise<Target[]> {
  const { start: firstDay, end: lastDay } = plan.window;
  const targets: Target[] = [];
  for (const spec of tables) {
    const table = { schema: plan.database.schema, name: spec.name };
    targets.push(await ensureTarget(connection, { table, spec, firstDay, lastDay, create: plan.database.create }));
  }
  return targets;
}
