// The fold over every corpus at one size: tricks break on shapes, and this says on which.

import { markdownTable, mediansOf } from '../../dist/bench/index.js';
import { CORPORA } from '../corpora.mjs';
import { BASE, fold } from './fold.mjs';

const DECODE = 'bare decode';
const ASKED = ['DuckDB', 'Polars'];
const PEERS = ASKED.map((peer) => `${peer} to memory`);
const COUNTED = [BASE, DECODE, ...PEERS];

/** One comparison per corpus. */
export async function shapes({ names = Object.keys(CORPORA), ...how }) {
  const found = [];
  for (const name of names) found.push(await fold(name, { ...how, peersAsked: ASKED, counted: (contender) => COUNTED.includes(contender) }));
  const notes = [...new Set(found.flatMap((each) => each.notes))];
  return { comparisons: found.map(({ comparison }) => comparison), versions: found[0].versions, notes };
}

/** CPU seconds and ratios by shape. A ratio below 1 to a peer is a loss, and is named. */
export function shapesTable(comparisons) {
  const rows = comparisons.map((comparison) => {
    const of = Object.fromEntries(mediansOf(comparison).map((medians) => [medians.contender, medians]));
    const own = of[BASE];
    const peers = PEERS.filter((peer) => of[peer]);
    const lost = peers.filter((peer) => of[peer].cpuSeconds < own.cpuSeconds).map((peer) => `${peer.split(' ')[0]} is faster`);
    const larger = peers.filter((peer) => of[peer].peakRssBytes < own.peakRssBytes).map((peer) => `${peer.split(' ')[0]} is smaller`);
    const seconds = (name) => (of[name] ? of[name].cpuSeconds.toFixed(3) : '');
    const ratio = (name) => (of[name] ? (of[name].cpuSeconds / own.cpuSeconds).toFixed(2) : '');
    const mib = (name) => (of[name] ? (of[name].peakRssBytes / 2 ** 20).toFixed(0) : '');
    return [
      comparison.label.split(',')[0],
      seconds(BASE),
      seconds(DECODE),
      (own.cpuSeconds / of[DECODE].cpuSeconds).toFixed(2),
      ...PEERS.flatMap((peer) => [seconds(peer), ratio(peer)]),
      mib(BASE),
      ...PEERS.map(mib),
      [...lost, ...larger].join(', '),
    ];
  });
  const head = ['shape', 'rowmill CPU s', 'decode CPU s', 'rowmill / decode', 'DuckDB CPU s', 'DuckDB / rowmill', 'Polars CPU s', 'Polars / rowmill'];
  return markdownTable([...head, 'rowmill MiB', 'DuckDB MiB', 'Polars MiB', 'where we lose'], rows);
}

/** What the shapes are, and what was verified of each. */
export function shapesList(comparisons) {
  return comparisons.map(({ label, data }) => `- **${label}**: ${data.about}. Verified: \`${JSON.stringify(data.verified)}\``).join('\n');
}

/** Ratios to the bare decode, rowmill and peers, one panel per shape. */
export function shapesPanels(comparisons) {
  return comparisons.map((comparison) => {
    const medians = mediansOf(comparison);
    const decode = medians.find(({ contender }) => contender === DECODE).cpuSeconds;
    const bars = medians.map(({ contender, cpuSeconds }) => ({
      label: contender,
      value: cpuSeconds,
      text: `${cpuSeconds.toFixed(2)} (${(cpuSeconds / decode).toFixed(1)} decodes)`,
      isOwn: contender === BASE,
    }));
    return { heading: `${comparison.label}: CPU seconds`, bars };
  });
}
