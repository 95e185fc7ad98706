// Documents to rows, and into PostgreSQL: how many in a minute, and in how much memory. See bench/README.md.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateApplications } from '../../dist/addon.js';
import { markdownTable, mediansOf, runOnce, takeTurns } from '../../dist/bench/index.js';
import { startEmbedded, withConnection } from '../../dist/postgres/index.js';

const SCRIPT = fileURLToPath(new URL('contender.mjs', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../examples/applications/card.contract.json', import.meta.url));
const MAP = 'rowmill, rows';
const LOAD = 'rowmill, into PostgreSQL';

/** Full or staged documents of one size of corpus; without a database where `isMapOnly`. */
export async function applications({ documents, shape, rounds, threads, isMapOnly = false, onTurn }) {
  return withFolder(async (folder) => {
    const out = join(folder, 'documents');
    const totals = await generateApplications({ out, documents, shape });
    const jobs = [
      { name: `${MAP}, 1 thread`, job: { kind: 'map', threads: 1 } },
      { name: `${MAP}, ${threads} threads`, job: { kind: 'map', threads } },
      { name: 'read bytes', job: { kind: 'read' } },
    ].map(({ name, job }) => ({ name, script: SCRIPT, job: { contract: CONTRACT, folder: out, ...job } }));
    const results = await takeTurns({ contenders: jobs, rounds, check: (answers) => mustBeWhole(answers, documents), onTurn });
    if (!isMapOnly) results[LOAD] = await loaded(folder, out, { documents, rounds, threads, onTurn });
    const base = jobs[0].name;
    const [{ details }] = results[base];
    const label = `${shape} documents, ${documents.toLocaleString('en')}`;
    const data = { documents, meanBytes: Math.round(details.bytesRead / documents), rows: details.rowsOut, faults: totals.faults ?? {} };
    return { label, data, work: { rows: documents, bytes: details.bytesRead }, base, results };
  });
}

/** Runs of documents into an embedded server, one after the other, each into empty tables. The server is another process: its CPU is not in the figures. */
async function loaded(folder, source, { documents, rounds, threads, onTurn }) {
  const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
  try {
    const results = [];
    for (let round = 0; round <= rounds; round += 1) {
      onTurn?.(LOAD, round);
      await withConnection(server.url, (connection) =>
        connection.query('DROP SCHEMA IF EXISTS cards CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
      );
      const contender = { name: LOAD, script: SCRIPT, job: { kind: 'load', contract: CONTRACT, folder: source, threads, database: server.url } };
      const measured = await runOnce(contender);
      mustBeWhole({ [LOAD]: measured }, documents);
      if (round > 0) results.push(measured);
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
