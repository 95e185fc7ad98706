import { join } from 'node:path';
import { type Comparison, compare, type Unit, type Window } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type OwnedRows, ownedSource, parseTableName, readTable, shown, type TableName, withConnection } from '../postgres/index.js';
import { isFile, SAMPLES } from './compare.js';
import { databaseUrl, newContext, type RunContext } from './context.js';
import { hoursByDay } from './hours.js';
import { ownedBy } from './load-window.js';
import { type FilledPlan, fillLookups } from './lookups.js';
import { partialDays } from './partial-days.js';
import { spoolRows, withTemporaryFolder } from './result-set.js';
import type { VerifyOptions, VerifyReport, VerifyWindow } from './types.js';
import { unitsOf, windowAt, withEngine } from './window.js';

/** What the windows of a check share. */
interface Check {
  context: RunContext;
  url: string;
  filled: FilledPlan;
  target: TableName;
  options: VerifyOptions;
}

/**
 * Compares the rows in the target table with a baseline, window by window: totals and rows.
 *
 * Only rows that a run of this plan would replace are looked at. Without a baseline the rows are computed anew. On partial
 * days differences are expected while data still arrives, so they are warnings, unless `strict` says otherwise.
 */
export async function verifyPlan(options: VerifyOptions): Promise<VerifyReport> {
  const { plan, baseline, tolerance, strict = false, ...watch } = options;
  const context = newContext(plan, [], watch);
  const url = databaseUrl(plan);
  const target = { schema: plan.database.schema, name: context.table.name };
  const filled = await withConnection(url, async (connection) => {
    if (!(await readTable(connection, target))) throw missing(target);
    return fillLookups(connection, plan, context.rules);
  });
  const windows: VerifyWindow[] = [];
  for (const index of plan.windows.keys()) windows.push(await verifyWindow({ context, url, filled, target, options }, index));
  const failures = windows.reduce((sum, window) => sum + window.failures, 0);
  const warnings = windows.reduce((sum, window) => sum + window.warnings, 0);
  const ok = failures + (strict ? warnings : 0) === 0;
  return { ok, baseline: baseline ?? 'recomputed', target: shown(target), tolerance, windows, failures, warnings };
}

function missing(target: TableName): RowmillError {
  return new RowmillError({
    code: 'SINK_TABLE_MISSING',
    message: `there is no table ${shown(target)} to verify`,
    help: 'Run the plan first, or check database.schema.',
    retryable: false,
    place: {},
  });
}

async function verifyWindow(check: Check, index: number): Promise<VerifyWindow> {
  const { context, options } = check;
  const window = windowAt(context, index);
  return withTemporaryFolder(async (folder) => {
    const units = options.baseline ? await unitsWhereThereAreAny(context, window) : await unitsOf(context, window);
    const left = await baselineFile(check, index, units, join(folder, 'baseline.parquet'));
    const right = join(folder, 'target.parquet');
    await spoolRows(check.url, ownedSource(check.target, ownedBy(check, window, left.firstDay)), context.plan.pipeline, context.table, right);
    const comparison = await compare({
      left: left.path,
      right,
      pipeline: context.plan.pipeline,
      table: context.table.name,
      tolerance: options.tolerance,
      samples: options.samples ?? SAMPLES,
    });
    return judge(comparison, window, await hoursByDay(context, units));
  });
}

/** A baseline can be checked without the input; the input then only tells which days are whole. */
async function unitsWhereThereAreAny(context: RunContext, window: Window): Promise<Unit[]> {
  try {
    return await unitsOf(context, window);
  } catch (error) {
    if (error instanceof RowmillError && error.code.startsWith('INPUT_')) return [];
    throw error;
  }
}

/** The left side: the rows that should be there, and the first day they begin with where that is later than the window's. */
async function baselineFile(check: Check, index: number, units: Unit[], path: string): Promise<{ path: string; firstDay: string | null }> {
  const { context, filled, url, options } = check;
  const { baseline } = options;
  if (baseline && isFile(baseline)) return { path: baseline, firstDay: null };
  if (baseline) {
    const owned: OwnedRows = ownedBy(check, windowAt(context, index), null);
    await spoolRows(url, ownedSource(parseTableName(baseline, context.plan.database.schema), owned), context.plan.pipeline, context.table, path);
    return { path, firstDay: null };
  }
  return withEngine(context, index, { plan: filled.plan, units, target: { kind: 'parquet', path } }, async ({ handle }) => {
    await handle.next();
    return { path, firstDay: handle.report().firstDay };
  });
}

function judge(comparison: Comparison, window: Window, hours: Map<string, number> | null): VerifyWindow {
  const partial = partialDays(comparison, window, hours);
  const warnings = partial.reduce((sum, { different }) => sum + different, 0);
  const failures = comparison.onlyLeft + comparison.onlyRight + comparison.different - warnings;
  return { start: window.start, end: window.end, comparison, partialDays: partial, failures, warnings };
}
