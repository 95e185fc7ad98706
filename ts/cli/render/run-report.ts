import { describePlace } from '../../errors.js';
import { showDays } from '../../plan/days.js';
import type { RunReport, WindowReport } from '../../run/index.js';
import { bytes, count, duration, rate } from './quantities.js';
import { table } from './table.js';

/** Files listed one by one. */
const FILES_SHOWN = 20;

const SKIPPED = { loaded: 'loaded before', period: 'no report period' } as const;

/** What a run did, for people. */
export function renderRun(report: RunReport): string {
  const head = ['days', 'rows', 'deleted', 'seconds', ''];
  const rows = report.windows.map((window) => [
    showDays(window),
    count(window.rows),
    count(window.deleted),
    window.seconds.toFixed(2),
    remark(window),
  ]);
  return [
    `${count(report.rowsOut)} rows in ${report.target}`,
    table([head, ...rows], [false, true, true, true]),
    ...tableLines(report),
    ...fileLines(report),
    ...filterLines(report),
    ...report.lookups.map(({ field, origin, entries }) => `${field}: ${count(entries)} from ${origin}`),
    ...report.rejected.map(
      ({ reason, rows: left, place }) => `left out ${count(left)} rows: ${reason} (first: ${describePlace(place) || 'place unknown'})`,
    ),
    ...(report.quarantine ? [`${count(report.quarantine.rows)} bad records are kept in ${report.quarantine.path}`] : []),
    summaryLine(report),
    cpuLine(report),
    `run ${report.runId}`,
  ].join('\n');
}

/** What became of each table, where there are several. */
function tableLines({ tables }: RunReport): string[] {
  if (tables.length < 2) return [];
  const rows = tables.map(({ name, rows: written, deleted }) => [name, count(written), count(deleted)]);
  return [table([['table', 'rows', 'deleted'], ...rows], [false, true, true])];
}

/** The files, as many as one cares to read; the rest as a number. */
function fileLines({ files }: RunReport): string[] {
  const shown = files.slice(0, FILES_SHOWN).map(({ path, rows, bytes: size }) => `${path}: ${count(rows)} rows, ${bytes(size)}`);
  return files.length > FILES_SHOWN ? [...shown, `and ${count(files.length - FILES_SHOWN)} more files (--json lists them all)`] : shown;
}

/** How many rows each filter let pass. */
function filterLines({ filters, rowsRead }: RunReport): string[] {
  if (filters.length === 0) return [];
  return [`rows: ${[`${count(rowsRead)} read`, ...filters.map(({ name, rows }) => `${count(rows)} after ${name}`)].join(', ')}`];
}

function remark({ start, firstDay, attempts, skipped }: WindowReport): string {
  const remarks = [
    skipped ? `skipped: ${SKIPPED[skipped]}` : '',
    firstDay === start ? '' : `from ${firstDay}`,
    attempts > 1 ? `${attempts} attempts` : '',
  ];
  return remarks.filter(Boolean).join(', ');
}

/** Where the CPU time went; phases that took none of it are left out. */
function cpuLine({ cpu }: RunReport): string {
  const shown = cpu.filter(({ seconds }) => seconds >= 0.005).map(({ phase, seconds }) => `${phase} ${seconds.toFixed(2)}`);
  return `CPU seconds: ${shown.join(', ') || 'less than 0.01'}`;
}

/** Time, speed, memory: on one line, for every run. */
export function summaryLine(report: RunReport): string {
  const spilled = report.spilledBytes > 0 ? `, ${bytes(report.spilledBytes)} spilled` : '';
  return (
    `${count(report.rowsRead)} rows (${bytes(report.bytesRead)}) read in ${duration(report.seconds)}: ${rate(report.rowsPerSecond)} rows/s; ` +
    `peak memory ${bytes(report.peakRssBytes)} of ${bytes(report.memoryBudgetBytes)}, ${report.mode}, ${report.threads} threads${spilled}`
  );
}
