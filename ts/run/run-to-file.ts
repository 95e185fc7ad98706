import { extname } from 'node:path';
import type { Window } from '../addon.js';
import type { RunContext } from './context.js';
import { type FilledPlan, fillLookups } from './lookups.js';
import { addRejected, type Collected, finishReport } from './report.js';
import type { RunReport, WindowReport } from './types.js';
import { addCounters, noTotals, unitsOf, windowAt, withEngine } from './window.js';

/**
 * Runs a plan into Parquet. No server is needed; where one is given too, look-ups come from it.
 *
 * A plan of several windows writes one file each: `summary.parquet` becomes `summary.2025-10-01.parquet` and so on.
 */
export async function runToFile(context: RunContext, file: string): Promise<RunReport> {
  const filled = await lookupsForFile(context);
  const collected: Collected = { target: file, windows: [], totals: noTotals(), rejected: [], lookups: filled.origins };
  for (const index of context.plan.windows.keys()) collected.windows.push(await fileWindow(context, filled, index, file, collected));
  return finishReport(context, collected);
}

/** The plan with its look-ups: from the database where one is given, also for a run that writes to a file. */
export async function lookupsForFile({ plan, rules }: Pick<RunContext, 'plan' | 'rules'>): Promise<FilledPlan> {
  if (!plan.database.url || rules.lookupChoice(plan) === 'plan') return fillLookups(null, plan, rules);
  const { withConnection } = await import('../postgres/index.js');
  return withConnection(plan.database.url, (connection) => fillLookups(connection, plan, rules));
}

async function fileWindow(context: RunContext, filled: FilledPlan, index: number, file: string, collected: Collected): Promise<WindowReport> {
  const window = windowAt(context, index);
  const began = performance.now();
  const units = await unitsOf(context, window);
  const path = context.plan.windows.length > 1 ? pathOfWindow(file, window) : file;
  return withEngine(context, index, { plan: filled.plan, units, target: { kind: 'parquet', path } }, async ({ handle }) => {
    await handle.next();
    const counters = handle.counters();
    const report = handle.report();
    addCounters(collected.totals, counters);
    addRejected(collected.rejected, report);
    const seconds = (performance.now() - began) / 1000;
    const { start, end } = window;
    return { start, end, firstDay: report.firstDay ?? start, rows: counters.rowsOut, bytes: 0, deleted: 0, seconds, attempts: 1 };
  });
}

function pathOfWindow(file: string, window: Window): string {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}.${window.start}${extension}`;
}
