import type { MonitorSummary } from '../../run/monitor-types.js';
import { bytes, count } from './quantities.js';

/** What the monitor saw, in a line; a second one where the number of workers was changed. */
export function renderMonitor(summary: MonitorSummary): string[] {
  const { samples, averageRssBytes, averageCpuPercent, io, workersPlanned, workersLeast, workerChanges } = summary;
  if (samples === 0) return [];
  const disk = io ? `, ${bytes(io.readBytes)} read from disks, ${bytes(io.writeBytes)} written` : '';
  const changed = `workers: ${workersLeast} of ${workersPlanned} at the least, ${count(workerChanges.length)} ${workerChanges.length === 1 ? 'change' : 'changes'} because of memory`;
  return [
    `on average ${bytes(Math.round(averageRssBytes))} in memory, CPU ${averageCpuPercent.toFixed(0)} %${disk}`,
    ...(workerChanges.length > 0 ? [changed] : []),
  ];
}
