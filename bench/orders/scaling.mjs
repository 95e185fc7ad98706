// One log ten times as large as another: does memory stay, is cost a straight line, and how long would 200 GB take here.

import { markdownTable, mediansOf, takeTurns } from '../../dist/bench/index.js';
import { limits, own } from './contenders.mjs';
import { ordersRun, withLog } from './log.mjs';

const ASKED_BYTES = 200e9;

/** Two comparisons, a selection and everything; the contenders are the sizes in bytes, from small to large, and what reading each costs. */
export function ordersScaling({ sizes, rounds, threads, onTurn }) {
  const grown = async (logs) => {
    if (logs.length < sizes.length) return withLog({ bytes: sizes[logs.length] }, (log) => grown([...logs, log]));
    const comparisons = [];
    for (const isFiltered of [true, false]) comparisons.push(await compared(isFiltered, logs, { rounds, threads, onTurn }));
    return comparisons;
  };
  return grown([]);
}

async function compared(isFiltered, logs, { rounds, threads, onTurn }) {
  const contenders = [];
  for (const log of logs) {
    const run = await ordersRun(log, { threads, selection: isFiltered ? log.selection : null });
    const [read] = limits(log);
    contenders.push(own(`rowmill, ${gigabytes(log.bytes)}`, run, { kind: 'discard' }), {
      ...read,
      name: `read bytes (cat), ${gigabytes(log.bytes)}`,
    });
  }
  const bytesOf = Object.fromEntries(contenders.map(({ name }, at) => [name, logs[Math.floor(at / 2)].bytes]));
  const results = await takeTurns({ contenders, rounds, onTurn });
  const base = contenders[0].name;
  const { rowsRead, bytesRead } = results[base][0].details;
  const data = { 'bytes by contender': bytesOf, 'smallest log': logs[0].found, 'largest log': logs.at(-1).found };
  const label = isFiltered ? 'a selection' : 'everything';
  return { label, data, work: { rows: rowsRead, bytes: bytesRead }, base, results };
}

function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(bytes < 1e9 ? 3 : 1)} GB`;
}

/** What each size cost, and what 200 GB would take at its bytes per second: an extrapolation, on this machine. */
export function ordersScalingTable(comparison) {
  const rows = mediansOf(comparison).map(({ contender, seconds, cpuSeconds, cpuRange, peakRssBytes }) => {
    const bytes = comparison.data['bytes by contender'][contender];
    return [
      contender,
      seconds.toFixed(2),
      cpuSeconds.toFixed(2),
      `${cpuRange.least.toFixed(2)} to ${cpuRange.largest.toFixed(2)}`,
      (bytes / 1e6 / seconds).toFixed(0),
      (bytes / 1e6 / cpuSeconds).toFixed(0),
      (peakRssBytes / 2 ** 20).toFixed(0),
      `${((ASKED_BYTES / bytes) * (seconds / 60)).toFixed(1)} min`,
    ];
  });
  return markdownTable(['contender', 's', 'CPU s', 'CPU s, range', 'MB/s', 'MB per CPU s', 'peak RSS MiB', 'estimate for 200 GB'], rows);
}

export function ordersScalingPanels(comparison) {
  const medians = mediansOf(comparison);
  const bar = (contender, value, digits) => ({ label: contender, value, text: value.toFixed(digits), isOwn: contender.startsWith('rowmill') });
  const rate = ({ contender, cpuSeconds }) => comparison.data['bytes by contender'][contender] / 1e6 / cpuSeconds;
  return [
    { heading: `${comparison.label}: MB per CPU second`, bars: medians.map((each) => bar(each.contender, rate(each), 0)) },
    { heading: `${comparison.label}: peak memory, MiB`, bars: medians.map((each) => bar(each.contender, each.peakRssBytes / 2 ** 20, 0)) },
  ];
}
