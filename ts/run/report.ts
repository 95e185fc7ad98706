import type { Report as EngineReport } from '../addon.js';
import { type RunContext, secondsOf } from './context.js';
import { peakRssBytes } from './peak-memory.js';
import type { LookupOrigin, Rejected, RunReport, WindowReport } from './types.js';
import type { Totals } from './window.js';

/** What a run collects on its way to a report. */
export interface Collected {
  target: string;
  windows: WindowReport[];
  totals: Totals;
  rejected: Rejected[];
  lookups: LookupOrigin[];
}

/** Takes over what the engine left out of a window, adding to reasons seen before. */
export function addRejected(rejected: Rejected[], report: EngineReport): void {
  for (const entry of report.rejected) {
    const known = rejected.find(({ reason }) => reason === entry.reason);
    if (known) known.rows += entry.rows;
    else rejected.push({ ...entry });
  }
}

/** The report of a run that came to its end. */
export function finishReport(context: RunContext, { target, windows, totals, rejected, lookups }: Collected): RunReport {
  const seconds = secondsOf(context);
  const { plan } = context;
  return {
    runId: context.runId,
    pipeline: plan.pipeline,
    target,
    windows,
    rowsRead: totals.rowsRead,
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
    mode: plan.mode,
    threads: plan.budget.threads,
    memoryBudgetBytes: plan.budget.memory,
    notes: context.notes,
  };
}
