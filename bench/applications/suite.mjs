// Documents to rows, and into PostgreSQL: how many in a minute, and in how much memory. See bench/README.md.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateApplications } from '../../dist/addon.js';
import { markdownTable, mediansOf, runOnce, takeTurns } from '../../dist/bench/index.js';
import { startEmbedded } from '../../dist/postgres/index.js';
import { emptied, fillTable } from './database.mjs';

const SCRIPT = fileURLToPath(new URL('contender.mjs', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../examples/applications/card.contract.json', import.meta.url));
const MAP = 'rowmill, rows';
const LOAD = 'rowmill, into PostgreSQL';
const LOAD_TABLE = 'rowmill, from a table into PostgreSQL';

/** Full or staged documents of one size of corpus; where `isMemory`, only how a run over files does with them. */
export async function applications({ documents, shape, rounds, threads, isMemory = false, onTurn }) {
  return withFolder(async (folder) => {
    const out = join(folder, 'documents');
    const totals = await generateApplications({ out, documents, shape });
    const one = { name: `${MAP}, 1 thread`, job: { kind: 'map', threads: 1 } };
    const all = { name: `${MAP}, ${threads} threads`, job: { kind: 'map', threads } };
    const read = { name: 'read bytes', job: { kind: 'read' } };
    const jobs = (isMemory ? [all] : [one, all, read]).map(({ name, job }) => ({
      name,
      script: SCRIPT,
      job: { contract: CONTRACT, folder: out, ...job },
    }));
    const results = await takeTurns({ contenders: jobs, rounds, check: (answers) => mustBeWhole(answers, documents), onTurn });
    const loads = isMemory ? { [LOAD]: out } : { [LOAD]: out, [LOAD_TABLE]: 'table' };
    Object.assign(results, await loaded(folder, out, loads, { documents, rounds, threads, items: totals.items, onTurn }));
    const base = jobs[0].name;
    const [{ details }] = results[base];
    const label = `${shape} documents, ${documents.toLocaleString('en')}`;
    const data = { documents, meanBytes: Math.round(details.bytesRead / documents), rows: details.rowsOut, faults: totals.faults ?? {} };
    return { label, data, work: { rows: documents, bytes: details.bytesRead }, base, results };
  });
}

/** Runs of documents into an embedded server, in turns, each into empty tables. The server is another process: its CPU is not in the figures. */
async function loaded(folder, out, loads, { documents, rounds, threads, items, onTurn }) {
  const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
  try {
    const results = Object.fromEntries(Object.keys(loads).map((name) => [name, []]));
    const hasTable = Object.values(loads).includes('table');
    if (hasTable) await fillTable(server.url, out, items);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, source] of Object.entries(loads)) {
        onTurn?.(name, round);
        await emptied(server.url, hasTable);
        const measured = await runOnce({
          name,
          script: SCRIPT,
          job: { kind: 'load', contract: CONTRACT, folder: source, threads, database: server.url },
        });
        mustBeWhole({ [name]: measured }, documents);
        if (round > 0) results[name].push(measured);
      }
    }
    return results;
  } finally {
    await server.stop();
  }
}

function mustBeWhole(answers, documents) {
  for (const [name, { details }] of Object.entries(answers)) {
    if (details.documents === undefined) continue;
    if (details.documents !== documents || details.failed > 0)
      throw new Error(`${name} took ${details.documents} documents and failed ${details.failed}, of ${documents}`);
  }
}

async function withFolder(work) {
  const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), 'rowmill-bench-'));
  // Where we are root the server is another user, who must be able to walk to its folder.
  chmodSync(folder, 0o755);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function applicationsTable(comparison) {
  const rows = mediansOf(comparison).map(({ contender, seconds, cpuSeconds, bytesPerSecond, rowsPerSecond, peakRssBytes }) => [
    contender,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    Math.round(rowsPerSecond * 60).toLocaleString('en'),
    Math.round((comparison.work.rows / cpuSeconds) * 60).toLocaleString('en'),
    (bytesPerSecond / 1e6).toFixed(0),
    (peakRssBytes / 2 ** 20).toFixed(0),
  ]);
  return markdownTable(['contender', 's', 'CPU s', 'documents/min', 'documents per CPU min', 'MB/s', 'peak RSS MiB'], rows);
}

export function applicationsPanels(comparison) {
  const medians = mediansOf(comparison);
  const bar = (contender, value) => ({
    label: contender,
    value,
    text: Math.round(value).toLocaleString('en'),
    isOwn: contender.startsWith('rowmill'),
  });
  return [
    { heading: `${comparison.label}: documents a minute`, bars: medians.map((each) => bar(each.contender, each.rowsPerSecond * 60)) },
    { heading: `${comparison.label}: peak memory, MiB`, bars: medians.map((each) => bar(each.contender, each.peakRssBytes / 2 ** 20)) },
  ];
}
