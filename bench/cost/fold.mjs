// Pod rows to one row per day, namespace, node and merged labels: rowmill and its peers, in turns. See bench/README.md.

import { join } from 'node:path';
import { runOnce, takeTurns } from '../../dist/bench/index.js';
import { withMonth } from '../month.mjs';
import { foldPeers, limits, own } from './contenders.mjs';
import { mustHaveSameRows } from './fold-rows.mjs';

export const BASE = 'rowmill to nothing';
/** Up to this many rows pandas takes part, the ways of a peer are tried, and what peers take to write is counted besides. */
const SMALL = 1_000_000;
/** Bytes that a run may be told to stay in; state beyond them goes to disk. */
const SMALL_BUDGET = 160 * 2 ** 20;
const TO_PARQUET = 'rowmill to Parquet';

/**
 * Measures the fold of one corpus: rows made and not written, rows to Parquet, and what bounds both.
 *
 * Fails where the rows of two contenders differ. `counted` says which contenders are measured, by name, where not all are; those that write
 * rows are checked all the same. `peersAsked` names the peers, where not all shall take part.
 */
export async function fold(corpus, { rows, rounds, threads, counted = () => true, peersAsked, onTurn, spoil = async () => {} }) {
  const ways = await fastestWays(corpus, { rows: Math.min(rows, SMALL), threads, peersAsked, onTurn });
  return withMonth(corpus, { rows, threads }, async (month) => {
    const peers = foldPeers(month, { threads });
    const present = peers.filter(({ name, isNaive }) => ways[name] && (rows <= SMALL || !isNaive));
    const written = present.map(({ name, toParquet }) => toParquet(ways[name].way));
    const all = [...ownContenders(month), ...present.flatMap(({ name, toMemory }, at) => [toMemory(ways[name].way), written[at]]), ...limits(month)];
    const isCounted = ({ name }) => counted(name) && (rows <= SMALL || name === TO_PARQUET || !name.endsWith(' to Parquet'));
    const contenders = all
      .map((contender) => ({ ...contender, onlyChecked: !isCounted(contender) }))
      .filter(({ name, onlyChecked }) => !onlyChecked || name.endsWith(' to Parquet'));
    const check = async (answers) => {
      const files = written.map(({ name }) => [name, answers[name].details.file]);
      await spoil(files);
      await mustHaveSameRows(answers[TO_PARQUET].details.file, Object.fromEntries(files), written[0].job);
    };
    const results = await takeTurns({ contenders, rounds, check, onTurn });
    return { comparison: comparisonOf(corpus, rows, month, results, ways), ...aboutPeers(peers) };
  });
}

function ownContenders(month) {
  const file = join(month.folder, 'rowmill.parquet');
  const small = { ...month, plan: { ...month.plan, budget: { ...month.plan.budget, memory: SMALL_BUDGET } } };
  return [
    own(BASE, month, { kind: 'discard' }),
    own(`${BASE}, in ${SMALL_BUDGET / 2 ** 20} MiB`, small, { kind: 'discard' }),
    own(TO_PARQUET, month, { kind: 'parquet', path: file }),
  ];
}

/**
 * The way of each peer that takes the least CPU time, from one run of each on a month of the same shape, and what the others took.
 *
 * Which way wins depends on the shape, so a peer would be wronged by any choice made once. All ways are checked.
 */
function fastestWays(corpus, { rows, threads, peersAsked, onTurn }) {
  return withMonth(corpus, { rows, threads }, async (month) => {
    const summary = ownContenders(month).find(({ name }) => name === TO_PARQUET);
    const { details } = await runOnce(summary);
    const ways = {};
    const asked = foldPeers(month, { threads }).filter(({ name, version }) => version && (peersAsked?.includes(name) ?? true));
    for (const peer of asked) {
      const tried = [];
      for (const way of peer.ways) {
        const contender = peer.toParquet(way);
        onTurn?.(`${peer.name}, ${way}, on ${rows} rows`, 0);
        const measured = await runOnce(contender);
        await mustHaveSameRows(details.file, { [`${peer.name}, ${way}`]: measured.details.file }, contender.job);
        tried.push({ way, cpuSeconds: measured.cpuSeconds });
      }
      tried.sort((left, right) => left.cpuSeconds - right.cpuSeconds);
      ways[peer.name] = { way: tried[0].way, tried: Object.fromEntries(tried.map(({ way, cpuSeconds }) => [way, Number(cpuSeconds.toFixed(3))])) };
    }
    return ways;
  });
}

function comparisonOf(corpus, rows, month, results, ways) {
  const { rowsRead, bytesRead, rowsOut } = results[BASE][0].details;
  const { about, settings, ...verified } = month.found;
  const data = { about, 'settings of the generator': settings, verified, rowsOut, 'ways of the peers, CPU seconds when tried': ways };
  return { label: `${corpus}, ${rows.toLocaleString('en')} rows`, data, work: { rows: rowsRead, bytes: bytesRead }, base: BASE, results };
}

function aboutPeers(peers) {
  return {
    versions: Object.fromEntries(peers.filter(({ version }) => version).map(({ name, version }) => [name, version])),
    notes: peers.flatMap(({ name, missing }) => (missing ? [`${name} is left out: ${missing}.`] : [])),
  };
}
