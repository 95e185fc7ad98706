// Whether cost grows in a straight line and memory stays where it is: one shape at several sizes, in turns.

import { markdownTable, mediansOf, takeTurns } from '../../dist/bench/index.js';
import { withMonth } from '../month.mjs';
import { own } from './contenders.mjs';

/** One comparison: the contenders are the sizes, from small to large. */
export function scaling(corpus, { sizes, rounds, threads, onTurn }) {
  const grown = async (months) => {
    if (months.length < sizes.length) return withMonth(corpus, { rows: sizes[months.length], threads }, (month) => grown([...months, month]));
    const contenders = months.map((month, at) => own(nameOf(sizes[at]), month, { kind: 'discard' }));
    const results = await takeTurns({ contenders, rounds, onTurn });
    const base = nameOf(sizes[0]);
    const { rowsRead, bytesRead } = results[base][0].details;
    const { about, settings, ...verified } = months[0].found;
    const data = { about, 'settings of the generator, smallest size': settings, 'verified, smallest size': verified };
    return { label: corpus, data, work: { rows: rowsRead, bytes: bytesRead }, base, results };
  };
  return grown([]);
}

function nameOf(rows) {
  return `rowmill to nothing, ${rows.toLocaleString('en')} rows`;
}

/** Cost per row beside that of the smallest size: 1.00 is a straight line. */
export function scalingTable(comparison) {
  const perRow = (contender, cpuSeconds) => (1e6 * cpuSeconds) / comparison.results[contender][0].details.rowsRead;
  const medians = mediansOf(comparison);
  const first = perRow(medians[0].contender, medians[0].cpuSeconds);
  const rows = medians.map(({ contender, seconds, cpuSeconds, cpuRange, peakRssBytes }) => {
    const { rowsRead, bytesRead, rowsOut, spilledBytes } = comparison.results[contender][0].details;
    const cost = perRow(contender, cpuSeconds);
    return [
      contender.replace('rowmill to nothing, ', ''),
      rowsRead.toLocaleString('en'),
      (bytesRead / rowsRead).toFixed(1),
      rowsOut.toLocaleString('en'),
      seconds.toFixed(2),
      cpuSeconds.toFixed(2),
      `${cpuRange.least.toFixed(2)} to ${cpuRange.largest.toFixed(2)}`,
      cost.toFixed(3),
      (cost / first).toFixed(2),
      (peakRssBytes / 2 ** 20).toFixed(0),
      (spilledBytes / 2 ** 20).toFixed(0),
    ];
  });
  const head = [
    'pod rows',
    'rows read',
    'rows out',
    's',
    'CPU s',
    'CPU s, range',
    'CPU µs per row',
    'of the smallest',
    'peak RSS MiB',
    'spilled MiB',
  ];
  return markdownTable(head, rows);
}

/** Cost per row and peak memory by size. */
export function scalingPanels(comparison) {
  const medians = mediansOf(comparison);
  const bar = ({ contender }, value, digits) => ({
    label: contender.replace('rowmill to nothing, ', ''),
    value,
    text: value.toFixed(digits),
    isOwn: true,
  });
  const perRow = ({ contender, cpuSeconds }) => (1e6 * cpuSeconds) / comparison.results[contender][0].details.rowsRead;
  return [
    { heading: `${comparison.label}: CPU µs per row`, bars: medians.map((each) => bar(each, perRow(each), 3)) },
    { heading: `${comparison.label}: peak memory, MiB`, bars: medians.map((each) => bar(each, each.peakRssBytes / 2 ** 20, 0)) },
  ];
}
