// A tree of SQL files to a graph: in one thread and in all, a file at a time and in batches, from nothing and from a cache. See bench/README.md.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable, mediansOf, runOnce } from '../../dist/bench/index.js';
import { generateSql } from '../../dist/lineage/index.js';
import { startEmbedded, withConnection } from '../../dist/postgres/index.js';

const SCRIPT = fileURLToPath(new URL('contender.mjs', import.meta.url));
const PARSE = 'rowmill, graphs kept nowhere, 1 thread';
const OPTIMISED = 'rowmill, into PostgreSQL';
const BASELINE = 'rowmill, into PostgreSQL, all features off';
/** How much faster a run is than one with all features off, at least: of so many files as tell something. */
const TIMES = { least: 5, files: 1000 };
const ONE_BY_ONE = { resolvedAtOnce: 1, batchFiles: 1, writtenAtOnce: 1 };

/** So many made-up files in every way, and ten times as many that have not changed: a run's fixed costs are most of what fewer of those take. */
export async function lineage({ files, rounds, threads, onTurn }) {
  return withFolder(async (folder) => {
    const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
    try {
      const how = { folder, rounds, onTurn, threads, database: server.url };
      const every = await compared({ ...how, files, contendersOf: inEveryWay });
      mustBeFaster(every.results, files);
      return [every, await compared({ ...how, files: files * 10, contendersOf: unchanged })];
    } finally {
      await server.stop();
    }
  });
}

async function compared({ files, rounds, onTurn, contendersOf, ...how }) {
  const corpus = join(how.folder, `corpus-${files}`);
  const bytes = await generateSql(corpus, files);
  const contenders = contendersOf({ ...how, corpus });
  const results = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      onTurn?.(contender.name, round);
      const measured = await turn(contender, how.database);
      mustBeWhole(contender, measured.details, files);
      if (round > 0) results[contender.name].push(measured);
    }
  }
  const base = contenders[0].name;
  const { nodes, edges } = results[base][0].details;
  const label = `${files.toLocaleString('en')} SQL files, ${(bytes / 1e6).toFixed(1)} MB`;
  return { label, data: { files, bytes, nodes, edges }, work: { rows: files, bytes }, base, results };
}

/** The graph of the turn before it stays, and the cache of all turns. */
function unchanged({ corpus, folder, threads, database }) {
  const job = { kind: 'run', folder: corpus, threads, database, cache: join(folder, 'cache.db') };
  return [
    { name: 'rowmill, nothing changed, cache', job, isWarm: true },
    { name: 'read and hash', job: { kind: 'hash', folder: corpus } },
  ];
}

function inEveryWay(how) {
  const { corpus, folder, threads, database } = how;
  const run = (name, more) => ({ name, job: { kind: 'run', folder: corpus, threads, database, ...more } });
  return [
    { name: PARSE, job: { kind: 'parse', folder: corpus, threads: 1 } },
    { name: `rowmill, graphs kept nowhere, ${threads} threads`, job: { kind: 'parse', folder: corpus, threads } },
    run(OPTIMISED, {}),
    // As with all features off: nothing at the same time, nothing together.
    run(BASELINE, { threads: 1, pace: ONE_BY_ONE }),
    run('the same, batching on', { threads: 1, pace: { writtenAtOnce: 1 } }),
    run('the same, cache on, its files known', { threads: 1, pace: ONE_BY_ONE, cache: join(folder, 'known.db') }),
    ...unchanged(how),
  ];
}

/** Twice, and the second time counts: a machine that is shared may take from a server what it has not used for seconds, and give it back slowly. */
async function turn({ name, job, isWarm }, database) {
  const empty = async () => {
    if (job.kind === 'run') await withConnection(database, (connection) => connection.query('DROP SCHEMA IF EXISTS rowmill CASCADE'));
  };
  await empty();
  await runOnce({ name, script: SCRIPT, job });
  if (!isWarm) await empty();
  return runOnce({ name, script: SCRIPT, job });
}

function mustBeWhole({ name, isWarm }, details, files) {
  if (details.files === undefined) return;
  const isWrong = details.files !== files || details.failed > 0 || details.missed > 0 || (isWarm && details.written > 0);
  if (isWrong) throw new Error(`${name} did not do what it should: ${JSON.stringify(details)}`);
}

function mustBeFaster(results, files) {
  const secondsOf = (name) => results[name].map(({ seconds }) => seconds).sort((a, b) => a - b)[results[name].length >> 1];
  const times = secondsOf(BASELINE) / secondsOf(OPTIMISED);
  if (files >= TIMES.files && times < TIMES.least)
    throw new Error(`a run is ${times.toFixed(2)} times as fast as one with all features off, not ${TIMES.least}`);
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

export function lineageTable(comparison) {
  const rows = mediansOf(comparison).map(({ contender, seconds, cpuSeconds, rowsPerSecond, peakRssBytes }) => [
    contender,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    Math.round(rowsPerSecond).toLocaleString('en'),
    Math.round(comparison.work.rows / cpuSeconds).toLocaleString('en'),
    (peakRssBytes / 2 ** 20).toFixed(0),
  ]);
  return markdownTable(['contender', 's', 'CPU s', 'files/s', 'files per CPU s', 'peak RSS MiB'], rows);
}

export function lineagePanels(comparison) {
  const bars = mediansOf(comparison).map(({ contender, rowsPerSecond }) => ({
    label: contender,
    value: rowsPerSecond,
    text: Math.round(rowsPerSecond).toLocaleString('en'),
    isOwn: contender.startsWith('rowmill'),
  }));
  return [{ heading: `${comparison.label}: files a second`, bars }];
}
