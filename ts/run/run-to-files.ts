import { extname, join } from 'node:path';
import type { Report as EngineReport, Target, Window } from '../addon.js';
import { RowmillError } from '../errors.js';
import type { RunContext } from './context.js';
import { type FilledPlan, fillLookups } from './lookups.js';
import { type Collected, collect, finishReport, newCollection } from './report.js';
import type { RunReport, TableReport, WindowReport } from './types.js';
import { unitsOf, windowAt, withEngine } from './window.js';

/** Where the rows of a window go. */
type FileTarget = Extract<Target, { kind: 'parquet' | 'folder' }>;

/**
 * Runs a plan into the Parquet file of `output.file`, or into a file per table of `output.folder`. No server is needed; where one is given too,
 * look-ups come from it.
 *
 * A plan of several windows writes each to a place of its own: `summary.parquet` becomes `summary.2025-10-01.parquet`, and `out` becomes
 * `out/2025-10-01`.
 *
 * @throws RowmillError `PLAN_INVALID` where one file is to take several tables
 */
export async function runToFiles(context: RunContext): Promise<RunReport> {
  const { file, folder } = context.plan.output;
  if (file) refuseSeveralTables(context, file);
  const filled = await lookupsForFile(context);
  const collected = newCollection(file ?? folder ?? '', filled.origins);
  for (const index of context.plan.windows.keys()) collected.windows.push(await fileWindow(context, filled, index, collected));
  return finishReport(context, collected);
}

/** The plan with its look-ups: from the database where one is given, also for a run that writes to a file. */
export async function lookupsForFile({ plan, rules }: Pick<RunContext, 'plan' | 'rules'>): Promise<FilledPlan> {
  if (!plan.database.url || (rules.lookupChoice?.(plan) ?? 'plan') === 'plan') return fillLookups(null, plan, rules);
  const { withConnection } = await import('../postgres/index.js');
  return withConnection(plan.database.url, (connection) => fillLookups(connection, plan, rules));
}

function refuseSeveralTables({ plan, tables }: RunContext, file: string): void {
  if (tables.length === 1) return;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `output.file takes the rows of one table, and ${plan.pipeline} writes ${tables.length}`,
    help: 'Set output.folder instead (--out-dir FOLDER): each table becomes a file there.',
    retryable: false,
    place: { column: 'output.file', value: file },
  });
}

async function fileWindow(context: RunContext, filled: FilledPlan, index: number, collected: Collected): Promise<WindowReport> {
  const window = windowAt(context, index);
  const began = performance.now();
  const units = await unitsOf(context, window);
  return withEngine(context, index, { plan: filled.plan, units, target: fileTarget(context, window) }, async ({ handle }) => {
    await handle.next();
    const report = handle.report();
    collect(collected, handle.counters(), report);
    const tables = tablesOf(context, report);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const seconds = (performance.now() - began) / 1000;
    const { start, end } = window;
    return { start, end, firstDay: report.firstDay ?? start, rows, bytes: 0, deleted: 0, tables, seconds, attempts: 1 };
  });
}

function fileTarget({ plan }: RunContext, window: Window): FileTarget {
  const { file, folder, format } = plan.output;
  const isOneOfSeveral = plan.windows.length > 1;
  if (file) return { kind: 'parquet', path: isOneOfSeveral ? pathOfWindow(file, window) : file };
  const path = isOneOfSeveral ? join(folder ?? '', window.start) : (folder ?? '');
  return { kind: 'folder', path, format, files: path };
}

function pathOfWindow(file: string, window: Window): string {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}.${window.start}${extension}`;
}

function tablesOf({ tables }: RunContext, report: EngineReport): TableReport[] {
  return tables.map(({ name }, index) => ({ name, rows: report.tables[index]?.rows ?? 0, bytes: 0, deleted: 0 }));
}
