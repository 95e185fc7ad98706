import { join } from 'node:path';
import { type Comparison, compare, type TableDescription, type Unit, type Window } from '../addon.js';
import { RowmillError } from '../errors.js';
import { ownedSource, parseTableName, readTable, shown, type TableName, withConnection } from '../postgres/index.js';
import { isFile, SAMPLES } from './compare.js';
import { databaseUrl, newContext, type RunContext, tableNamed } from './context.js';
import { hoursByDay } from './hours.js';
import { ownedBy } from './load-window.js';
import { type FilledPlan, fillLookups } from './lookups.js';
import { partialDays } from './partial-days.js';
import { recompute } from './recompute.js';
import { spoolRows, withTemporaryFolder } from './result-set.js';
import type { VerifyOptions, VerifyReport, VerifyWindow } from './types.js';
import { filesOf, unitsOf, windowAt } from './window.js';

/** What the windows of a check share. */
interface Check {
  context: RunContext;
  url: string;
  filled: FilledPlan;
  /** The tables that are checked. */
  tables: readonly TableDescription[];
  options: VerifyOptions;
}

/** The rows that should be there. */
interface Baseline {
  /** Parquet file of each table, by its name. */
  files: ReadonlyMap<string, string>;
  /** The day they begin with, where that is later than the window's first. */
  firstDay: string | null;
}

/**
 * Compares the rows in the target tables with a baseline, window by window and table by table: totals and rows.
 *
 * Only rows that a run of this plan would replace are looked at. Without a baseline the rows are computed anew. On partial
 * days differences are expected while data still arrives, so they are warnings, unless `strict` says otherwise.
 *
 * @throws RowmillError `PLAN_INVALID` where there is no table of the name given, or a baseline could be of several; `SINK_TABLE_MISSING`
 */
export async function verifyPlan(options: VerifyOptions): Promise<VerifyReport> {
  const { plan, baseline, tolerance, table, strict = false, ...watch } = options;
  const context = newContext(plan, [], watch);
  const url = databaseUrl(plan);
  const isOne = table !== undefined || baseline !== undefined;
  const tables = isOne ? [tableNamed(plan.pipeline, context.tables, table)] : context.tables;
  const filled = await withConnection(url, async (connection) => {
    for (const each of tables) if (!(await readTable(connection, targetOf(context, each)))) throw missing(targetOf(context, each));
    return fillLookups(connection, plan, context.rules);
  });
  const windows: VerifyWindow[] = [];
  for (const index of plan.windows.keys()) windows.push(...(await verifyWindow({ context, url, filled, tables, options }, index)));
  const failures = windows.reduce((sum, window) => sum + window.failures, 0);
  const warnings = windows.reduce((sum, window) => sum + window.warnings, 0);
  const ok = failures + (strict ? warnings : 0) === 0;
  const target = tables.map((each) => shown(targetOf(context, each))).join(', ');
  return { ok, baseline: baseline ?? 'recomputed', target, tolerance, windows, failures, warnings };
}

function targetOf({ plan }: RunContext, { name }: TableDescription): TableName {
  return { schema: plan.database.schema, name };
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

async function verifyWindow(check: Check, index: number): Promise<VerifyWindow[]> {
  const { context } = check;
  const window = windowAt(context, index);
  return withTemporaryFolder(async (folder) => {
    const baseline = check.options.baseline ? await givenBaseline(check, window, folder) : await computedBaseline(check, index, folder);
    const hours = await hoursByDay(context, check.options.baseline ? await filesWhereThereAreAny(context, window) : await filesOf(context, window));
    const verified: VerifyWindow[] = [];
    for (const table of check.tables) {
      const comparison = await compareTable(check, table, window, baseline, folder);
      verified.push(judge(comparison, table, window, hours));
    }
    return verified;
  });
}

async function compareTable(check: Check, table: TableDescription, window: Window, baseline: Baseline, folder: string): Promise<Comparison> {
  const { context, url, options } = check;
  const { pipeline } = context.plan;
  const right = join(folder, `${table.name}.target.parquet`);
  const from = ownedSource(targetOf(context, table), ownedBy(check, table, window, baseline.firstDay));
  await spoolRows(url, from, pipeline, table, right);
  const left = baseline.files.get(table.name) ?? '';
  return compare({ left, right, pipeline, table: table.name, tolerance: options.tolerance, samples: options.samples ?? SAMPLES });
}

/** A baseline can be checked without the input; the input then only tells which days are whole. */
async function filesWhereThereAreAny(context: RunContext, window: Window): Promise<Unit[]> {
  try {
    return await filesOf(context, window);
  } catch (error) {
    if (error instanceof RowmillError && error.code.startsWith('INPUT_')) return [];
    throw error;
  }
}

async function computedBaseline({ context, filled }: Check, index: number, folder: string): Promise<Baseline> {
  return recompute(context, filled, index, await unitsOf(context, windowAt(context, index)), folder);
}

/** A file, or another table, with the rows of the one table that is checked. */
async function givenBaseline(check: Check, window: Window, folder: string): Promise<Baseline> {
  const { context, url, options } = check;
  const { baseline = '' } = options;
  const [table] = check.tables;
  if (!table) throw new RangeError('nothing is checked');
  if (isFile(baseline)) return { files: new Map([[table.name, baseline]]), firstDay: null };
  const path = join(folder, 'baseline.parquet');
  const from = ownedSource(parseTableName(baseline, context.plan.database.schema), ownedBy(check, table, window, null));
  await spoolRows(url, from, context.plan.pipeline, table, path);
  return { files: new Map([[table.name, path]]), firstDay: null };
}

function judge(comparison: Comparison, table: TableDescription, window: Window, hours: Map<string, number> | null): VerifyWindow {
  // In a table without days none is partial.
  const partial = table.partitionBy === null ? [] : partialDays(comparison, window, hours);
  const warnings = partial.reduce((sum, { different }) => sum + different, 0);
  const failures = comparison.onlyLeft + comparison.onlyRight + comparison.different - warnings;
  return { start: window.start, end: window.end, table: table.name, comparison, partialDays: partial, failures, warnings };
}
