import { type Comparison, mediansOf, phasesOf, type Sheet } from '../../bench/index.js';
import { bytes, count } from './quantities.js';
import { table } from './table.js';

/** What a bench found, for people. */
export function renderBench(sheet: Sheet): string {
  const { cpu, cores, loadAverage } = sheet.machine;
  return [
    ...sheet.comparisons.map(comparisonText),
    `medians of ${sheet.rounds} rounds, ${sheet.threads} threads; ${cpu}, ${cores} cores, load average before ${loadAverage.join(', ')}`,
    ...sheet.notes,
  ].join('\n\n');
}

function comparisonText(comparison: Comparison): string {
  const { rows, bytes: read } = comparison.work;
  return [`${count(rows)} rows read, ${bytes(read)} compressed`, contenders(comparison), phases(comparison)].join('\n\n');
}

function contenders(comparison: Comparison): string {
  const head = ['', 'seconds', 'CPU s', 'rows/s', 'read per s', 'peak memory', 'CPU ratio'];
  const rows = mediansOf(comparison).map((of) => [
    of.contender,
    of.seconds.toFixed(2),
    of.cpuSeconds.toFixed(2),
    count(of.rowsPerSecond),
    bytes(of.bytesPerSecond),
    bytes(of.peakRssBytes),
    of.cpuRatio.toFixed(2),
  ]);
  return table([head, ...rows], [false, true, true, true, true, true, true]);
}

/** Where the CPU time of a run to Parquet goes. */
function phases(comparison: Comparison): string {
  const found = phasesOf(comparison, 'rowmill to Parquet');
  const all = found.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = found.map(({ phase, seconds }) => [phase, seconds.toFixed(3), `${((100 * seconds) / all).toFixed(0)} %`]);
  return table([['phase, to Parquet', 'CPU s', 'share'], ...rows], [false, true, true]);
}
