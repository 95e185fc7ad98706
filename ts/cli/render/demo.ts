import type { DemoReport, NamespaceUsage } from '../../run/index.js';
import { count } from './quantities.js';
import { summaryLine } from './run-report.js';
import { table } from './table.js';

/** The demo month by namespace, what nobody used, and what it cost to find out. */
export function renderDemo(report: DemoReport): string {
  const head = ['namespace', 'CPU core-hours', 'memory GiB-hours', 'storage GiB-months'];
  const rows = [...report.namespaces, ...report.unallocated].map(usageRow);
  return [
    `Usage of ${report.month}, summarised into ${count(report.run.rowsOut)} rows of ${report.run.target} (${report.server})`,
    table([head, ...rows], [false, true, true, true]),
    summaryLine(report.run),
    ...(report.directory ? [`The generated files are in ${report.directory}`] : []),
  ].join('\n\n');
}

function usageRow({ namespace, cpuCoreHours, memoryGibHours, storageGibMonths }: NamespaceUsage): string[] {
  return [namespace, cpuCoreHours.toFixed(1), memoryGibHours.toFixed(1), storageGibMonths.toFixed(2)];
}
