// Files of a month to summary rows, and into PostgreSQL: rowmill, DuckDB with the same rows, and what merely reading costs, in turns.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { rowsThatDiffer } from '../../build/test/oracle/rows-that-differ.js';
import { describe, generate } from '../../dist/addon.js';
import { median, takeTurns } from '../../dist/bench/index.js';
import { loadPlan } from '../../dist/plan/index.js';
import { startEmbedded, withConnection } from '../../dist/postgres/index.js';
import { planOf, sourcesOf } from '../month.mjs';
import { limits, nodePackage, own } from './contenders.mjs';

const BASE = 'rowmill to Parquet';
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const DUCKDB = path('../peers/duckdb-summary.mjs');
const POSTGRES = path('../peers/postgres-load.mjs');

/** A generated month with volumes, categories and everything: what `rows` hourly pod rows of a usual cluster look like. */
export function generatedMonth({ rows, input, ...how }) {
  return inFolder(async (folder) => {
    const settings = { rows, nodes: Math.ceil(rows / 744 / 15) + 3, labels: { distinct: 400 } };
    const made = await generate({ out: join(folder, 'month'), ...settings });
    const plan = await planOf(made.clusters[0].plan, settingsOf(how.threads, input));
    const data = { settings, input, files: made.files, bytes: made.bytes };
    return endToEnd({ ...how, label: `${rows.toLocaleString('en')} hourly pod rows, ${input} input`, folder, plan, data });
  });
}

/** A case folder, as `rowmill run --case` takes it. */
export function caseMonth({ caseFolder, input, ...how }) {
  return inFolder(async (folder) => {
    const { openshift, budget } = settingsOf(how.threads, input);
    const flags = {
      'budget.threads': budget.threads,
      ...Object.fromEntries(Object.entries(openshift).map(([name, value]) => [`openshift.${name}`, value])),
    };
    const { plan } = await loadPlan({ caseFolder, env: {}, flags });
    return endToEnd({ ...how, label: `the case ${basename(caseFolder)}, ${input} input`, folder, plan, data: { case: basename(caseFolder), input } });
  });
}

/** Look-ups as the plan has them, since DuckDB has no others. */
function settingsOf(threads, input) {
  return { budget: { threads }, openshift: { input, lookups: 'plan', deriveNodes: false } };
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  // Where we are root the database server is another user, who must be able to walk to its folder.
  chmodSync(folder, 0o755);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures one month and gives back the comparison. Fails where the rows of the engines differ. */
async function endToEnd({ label, folder, plan, data, rounds, threads, onTurn, spoil = async () => {} }) {
  const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
  try {
    const month = { plan, sources: sourcesOf(plan) };
    const [ours, theirs] = ['rowmill', 'duckdb'].map((name) => join(folder, `${name}.parquet`));
    const contenders = [
      own('rowmill to nothing', month, { kind: 'discard' }),
      own(BASE, month, { kind: 'parquet', path: ours }),
      { name: 'rowmill to PostgreSQL', script: POSTGRES, job: { ...month, url: server.url } },
      { name: 'DuckDB to Parquet', script: DUCKDB, job: { plan, threads, file: theirs } },
      { name: 'DuckDB scan', script: DUCKDB, job: { plan, threads } },
      ...limits(month),
    ];
    const check = async (answers) => {
      await spoil([['DuckDB', theirs]]);
      await mustAgree(ours, theirs);
      await mustBeLoaded(server.url, plan, answers[BASE].details.rowsOut);
    };
    const results = await takeTurns({ contenders, rounds, check, onTurn });
    const { rowsRead, bytesRead, rowsOut } = results[BASE][0].details;
    const loads = results['rowmill to PostgreSQL'].map(({ details }) => details);
    const [computeSeconds, copySeconds] = ['computeSeconds', 'copySeconds'].map((figure) => median(loads.map((load) => load[figure])));
    const wall = `${computeSeconds.toFixed(2)} s until the first piece, ${copySeconds.toFixed(2)} s from there to the commit, ${loads[0].bytesOut} bytes`;
    const shape = { ...data, rowsOut, 'rowmill to PostgreSQL, medians': wall };
    const comparison = { label, data: shape, work: { rows: rowsRead, bytes: bytesRead }, base: BASE, results };
    return { comparison, versions: { DuckDB: nodePackage('@duckdb/node-api') }, notes: [] };
  } finally {
    await server.stop();
  }
}

async function mustAgree(ours, theirs) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const differences = await rowsThatDiffer(connection, ours, theirs);
  connection.closeSync();
  if (differences.length > 0) throw new Error(`the rows of DuckDB differ, so no time counts:\n${differences.join('\n')}`);
}

async function mustBeLoaded(url, { pipeline }, expected) {
  const [{ name }] = describe().pipelines.find((each) => each.name === pipeline).tables;
  const { rows } = await withConnection(url, (connection) => connection.query(`SELECT count(*)::int AS rows FROM "public"."${name}"`));
  if (rows[0].rows !== expected) throw new Error(`PostgreSQL holds ${rows[0].rows} rows, expected ${expected}: no time counts`);
}
