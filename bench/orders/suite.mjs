// Seven tables of a log, of all its events or of a few: rowmill, its peers and what bounds all, in turns. See bench/README.md.

import { join } from 'node:path';
import { runOnce, takeTurns } from '../../dist/bench/index.js';
import { limits, ordersPeers, own } from './contenders.mjs';
import { ordersRun, withLog } from './log.mjs';
import { mustHaveSameTables } from './tables.mjs';

const BASE = 'rowmill';
/** Up to this many rows pandas takes part, and the ways of a peer are tried. */
const SMALL = 2_000_000;

/**
 * Measures one log. `isFiltered`: five securities, one date, trading hours, one participant; else everything.
 *
 * Fails where a table of a contender differs from another's. `spoil` may change what a peer wrote, to see that it is found out.
 */
export async function ordersTables(isFiltered, { rows, bytes, rounds, threads, peersAsked, onTurn, spoil = async () => {} }) {
  const ways = await fastestWays(isFiltered, { rows: Math.min(rows ?? SMALL, SMALL), threads, peersAsked, onTurn, spoil });
  return withLog(bytes ? { bytes } : { rows }, async (log) => {
    const how = { threads, selection: isFiltered ? log.selection : null };
    const out = join(log.folder, BASE);
    const run = await ordersRun(log, how);
    const peers = ordersPeers(log, how);
    const present = peers.filter(({ name, isNaive }) => ways[name] && (log.rows <= SMALL || !isNaive));
    const contenders = [
      own(BASE, run, { kind: 'folder', path: out, format: 'parquet' }),
      ...present.map(({ name, contender }) => contender(ways[name].way)),
      own('bare decode', run, { kind: 'decode' }),
      ...limits(log),
    ];
    const check = async (answers) => mustBeSame(answers, present, log, isFiltered);
    const results = await takeTurns({ contenders, rounds, check, onTurn });
    const { rowsRead, bytesRead } = results[BASE][0].details;
    const data = { ...log.found, 'ways of the peers, CPU seconds when tried': ways };
    const label = `${isFiltered ? 'a selection' : 'everything'}, ${log.rows.toLocaleString('en')} events`;
    return { comparison: { label, data, work: { rows: rowsRead, bytes: bytesRead }, base: BASE, results }, ...about(peers, log) };
  });
}

async function mustBeSame(answers, present, { rows, selection }, isFiltered) {
  const folders = Object.fromEntries(present.map(({ name }) => [name, answers[name].details.file]));
  await mustHaveSameTables(answers[BASE].details.file, folders, isFiltered ? selection.rows : rows);
}

/** The way of each peer that takes the least CPU time, from one run of each on a smaller log, and what the others took. All are checked. */
function fastestWays(isFiltered, { rows, threads, peersAsked, onTurn, spoil }) {
  return withLog({ rows }, async (log) => {
    const how = { threads, selection: isFiltered ? log.selection : null };
    const ours = await runOnce(own(BASE, await ordersRun(log, how), { kind: 'folder', path: join(log.folder, BASE), format: 'parquet' }));
    const ways = {};
    for (const peer of ordersPeers(log, how).filter(({ name, version }) => version && (peersAsked?.includes(name) ?? true))) {
      const tried = [];
      for (const way of peer.ways) {
        onTurn?.(`${peer.name}, ${way}, on ${rows} rows`, 0);
        const measured = await runOnce(peer.contender(way));
        await spoil(measured.details.file);
        const folders = { [`${peer.name}, ${way}`]: measured.details.file };
        await mustHaveSameTables(ours.details.file, folders, isFiltered ? log.selection.rows : log.rows);
        tried.push({ way, cpuSeconds: measured.cpuSeconds });
      }
      tried.sort((left, right) => left.cpuSeconds - right.cpuSeconds);
      ways[peer.name] = { way: tried[0].way, tried: Object.fromEntries(tried.map(({ way, cpuSeconds }) => [way, Number(cpuSeconds.toFixed(3))])) };
    }
    return ways;
  });
}

function about(peers, { rows }) {
  const left = peers.filter(({ isNaive, version }) => version && isNaive && rows > SMALL);
  return {
    versions: Object.fromEntries(peers.filter(({ version }) => version).map(({ name, version }) => [name, version])),
    notes: [
      ...peers.flatMap(({ name, missing, version }) => (version ? [] : [`${name} is left out: ${missing}.`])),
      ...left.map(({ name }) => `${name} is measured up to ${SMALL.toLocaleString('en')} events only.`),
    ],
  };
}
