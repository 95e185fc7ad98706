import type { Counters, Report as EngineReport } from '../addon.js';
import { type RunContext, secondsOf } from './context.js';
import { peakRssBytes } from './peak-memory.js';
import type { FilterCount, LookupOrigin, Rejected, RunReport, TableReport, WindowReport, WrittenFile } from './types.js';
import { addCounters, noTotals, type Totals } from './window.js';

/** What a run collects on its way to a report. */
export interface Collected {
  target: string;
  windows: WindowReport[];
  totals: Totals;
  rejected: Rejected[];
  filters: FilterCount[];
  files: WrittenFile[];
  quarantine: WrittenFile | null;
  details: unknown;
  lookups: LookupOrigin[];
}

/** A collection with nothing in it yet. */
export function newCollection(target: string, lookups: LookupOrigin[]): Collected {
  return { target, windows: [], totals: noTotals(), rejected: [], filters: [], files: [], quarantine: null, details: null, lookups };
}

/** Takes over what the engine counted and found out in a window whose output is complete. */
export function collect(collected: Collected, counters: Counters, report: EngineReport): void {
  addCounters(collected.totals, counters);
  addRejected(collected.rejected, report);
  for (const filter of report.filters) {
    const known = collected.filters.find(({ input, name }) => input === filter.input && name === filter.name);
    if (known) known.rows += filter.rows;
    else collected.filters.push({ ...filter });
  }
  collected.files.push(...report.files);
  collected.quarantine = report.quarantine ?? collected.quarantine;
  collected.details = report.details ?? collected.details;
}

/** Takes over what the engine left out of a window, adding to reasons seen before. */
function addRejected(rejected: Rejected[], report: EngineReport): void {
  for (const entry of report.rejected) {
    const known = rejected.find(({ reason, place }) => reason === entry.reason && place.column === entry.place.column);
    if (known) known.rows += entry.rows;
    else rejected.push({ ...entry });
  }
}

/** The report of a run that came to its end. */
export function finishReport(context: RunContext, collected: Collected): RunReport {
  const seconds = secondsOf(context);
  const { plan } = context;
  const { target, windows, totals, rejected, filters, files, quarantine, details, lookups } = collected;
  return {
    runId: context.runId,
    pipeline: plan.pipeline,
    target,
    windows,
    tables: sumOfTables(windows),
    files,
    quarantine,
    rowsRead: totals.rowsRead,
    rowsKept: totals.rowsKept,
    filters,
    bytesRead: totals.bytesRead,
    rowsOut: totals.rowsOut,
    seconds,
    rowsPerSecond: seconds > 0 ? totals.rowsRead / seconds : 0,
    peakRssBytes: peakRssBytes(),
    spilledBytes: totals.spilledBytes,
    cpu: totals.cpu,
    rejected,
    rowsRejected: rejected.reduce((sum, { rows }) => sum + rows, 0),
    lookups,
    details,
    mode: plan.mode,
    threads: plan.budget.threads,
    memoryBudgetBytes: plan.budget.memory,
    notes: context.notes,
  };
}

function sumOfTables(windows: readonly WindowReport[]): TableReport[] {
  const sums = new Map<string, TableReport>();
  for (const { name, rows, bytes, deleted } of windows.flatMap(({ tables }) => tables)) {
    const sum = sums.get(name) ?? { name, rows: 0, bytes: 0, deleted: 0 };
    sums.set(name, { name, rows: sum.rows + rows, bytes: sum.bytes + bytes, deleted: sum.deleted + deleted });
  }
  return [...sums.values()];
}
