// Pod rows to one row per day, namespace, node and merged labels: rowmill and its peers, in turns. See bench/README.md.

import { join } from 'node:path';
import { takeTurns } from '../../dist/bench/index.js';
import { withMonth } from '../month.mjs';
import { foldPeers, limits, own } from './contenders.mjs';
import { mustHaveSameRows } from './fold-rows.mjs';

/** Up to this many rows pandas takes part. */
const SMALL = 1_000_000;
export const BASE = 'rowmill to nothing';

/**
 * Measures the fold of one corpus. Fails where the rows of two contenders differ.
 *
 * `counted` says which contenders are measured, by name, where not all are; the others are run once, for their rows.
 */
export function fold(corpus, { rows, rounds, threads, counted = () => true, onTurn, spoil = async () => {} }) {
  return withMonth(corpus, { rows, threads }, async (month) => {
    const peers = foldPeers(month, { threads, isSmall: rows <= SMALL });
    const file = join(month.folder, 'rowmill.parquet');
    const ours = [own(BASE, month, { kind: 'discard' }), own('rowmill to Parquet', month, { kind: 'parquet', path: file })];
    const all = [...ours, ...peers.contenders, ...limits(month)];
    // Only what writes rows has rows to check.
    const asked = all.filter(({ name }) => counted(name) || name.endsWith(' to Parquet'));
    const contenders = asked.map((contender) => ({ ...contender, onlyChecked: !counted(contender.name) }));
    const check = async (answers) => {
      const files = peers.contenders.flatMap(({ name }) => (answers[name]?.details.file ? [[name, answers[name].details.file]] : []));
      await spoil(files);
      await mustHaveSameRows(file, Object.fromEntries(files), peers.contenders[0].job);
    };
    const results = await takeTurns({ contenders, rounds, check, onTurn });
    const { rowsRead, bytesRead, rowsOut } = results[BASE][0].details;
    const { about, settings, ...verified } = month.found;
    const data = { about, 'settings of the generator': settings, verified, rowsOut };
    const label = `${corpus}, ${rows.toLocaleString('en')} rows`;
    const comparison = { label, data, work: { rows: rowsRead, bytes: bytesRead }, base: BASE, results };
    return { comparison, versions: peers.versions, notes: peers.notes };
  });
}
