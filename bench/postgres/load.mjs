// Summary rows into PostgreSQL: rowmill beside psql's \copy of the very same bytes into the same table, in turns. See bench/README.md.

import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { describe, generate, openRun, resolvePlan } from '../../dist/addon.js';
import { ensureTarget, migrateLedger, startEmbedded, withConnection } from '../../dist/postgres/index.js';
import { copyIn } from '../../dist/postgres/statements/copy-in.js';
import { listUnits } from '../../dist/sources/index.js';
import { runChild } from '../child.mjs';
import { machine, versions } from '../machine.mjs';
import { footing, markdownTable, median, writeReport } from '../report.mjs';

const SCRIPT = fileURLToPath(new URL('contender.mjs', import.meta.url));
const PSQL = 'psql \\copy of the file';
const WITH_OLD_ROWS = 'rowmill, the whole load over old rows';
const CONTENDERS = [
  'pg-copy-streams of the file',
  'rowmill, bytes at hand',
  'rowmill, encoding meanwhile',
  'rowmill, the whole load',
  WITH_OLD_ROWS,
];

/**
 * Measures the writing of one month's rows.
 *
 * `rows` are hourly pod rows of the input; about a nineteenth as many rows are written.
 */
export async function measure({ rows, rounds, threads = 2 }) {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  // Where we are root the server is another user, who must be able to walk to its folder.
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
  try {
    const bench = await prepared(folder, server.url, { rows, threads });
    const before = machine();
    const contenders = [...(hasPsql() ? [PSQL] : []), ...CONTENDERS];
    const results = Object.fromEntries(contenders.map((contender) => [contender, []]));
    const contents = new Map();
    // The round before the first is not counted: it warms every cache, and its rows are compared.
    for (let round = 0; round <= rounds; round += 1) {
      for (const contender of contenders) {
        await emptied(bench, contender);
        const measured = await (contender === PSQL ? psql(bench) : runChild(SCRIPT, { ...bench, contender }));
        if (measured.rows !== bench.rows) throw new Error(`${contender} wrote ${measured.rows} rows, expected ${bench.rows}`);
        if (round === 0) contents.set(contender, await checksum(bench));
        else results[contender].push(measured);
      }
      if (round === 0) mustAgree(contents);
    }
    const { serverVersion, rows: written, bytes } = bench;
    const shape = { hourlyPodRows: rows, rows: written, bytes, threads };
    return { shape, machine: before, versions: { ...versions(), postgresql: serverVersion, psql: psqlVersion() }, rounds, results };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A month, a table for it, and the bytes that a run of it would send. */
async function prepared(folder, url, { rows, threads }) {
  const made = await generate({ out: folder, rows, nodes: Math.ceil(rows / 744 / 15) + 3 });
  const { plan } = await resolvePlan([
    { origin: 'file', values: JSON.parse(readFileSync(made.clusters[0].plan, 'utf8')) },
    { origin: 'bench', values: { budget: { threads }, openshift: { input: 'daily', lookups: 'plan' } } },
  ]);
  const { tables, sources } = describe().pipelines.find(({ name }) => name === plan.pipeline);
  const [spec] = tables;
  const table = { schema: 'public', name: spec.name };
  const { start: firstDay, end: lastDay } = plan.window;
  const { target, serverVersion } = await withConnection(url, async (connection) => {
    await migrateLedger(connection, 'rowmill');
    const { rows: found } = await connection.query("SELECT current_setting('server_version') AS version");
    return { target: await ensureTarget(connection, { table, spec, firstDay, lastDay, create: true }), serverVersion: found[0].version };
  });
  const bytesFile = join(folder, 'rows.copy');
  const written = await record(plan, sources, target, bytesFile);
  const { partitionBy: dayColumn, deleteWhere } = spec;
  return { url, plan, sources, target: { ...target, dayColumn, deleteWhere }, bytesFile, rows: written, bytes: statSync(bytesFile).size, serverVersion };
}

/** Writes the COPY bytes of a run to a file and says how many rows they are. */
async function record(plan, sources, { columns }, file) {
  const handle = await openRun({ plan, window: 0, units: await listUnits(plan, plan.windows[0], sources), target: { kind: 'copy', columns } });
  const pieces = async function* () {
    for (let buffer = await handle.next(); buffer; buffer = await handle.next()) yield buffer;
  };
  await pipeline(Readable.from(pieces()), createWriteStream(file));
  const { rowsOut } = handle.counters();
  await handle.close();
  return rowsOut;
}

/** The same empty table for everyone, nothing left to be written back; or one that is full of the rows that will be replaced. */
async function emptied({ url, target, bytesFile }, contender) {
  await withConnection(url, async (connection) => {
    await connection.query(`TRUNCATE ${nameOf(target)}`);
    if (contender === WITH_OLD_ROWS) await copyIn(connection, target.table, namesOf(target), createReadStream(bytesFile, { highWaterMark: 1 << 20 }));
    await connection.query('CHECKPOINT');
  });
}

/** What psql itself says the statement took, without the program's start. */
async function psql({ url, target, bytesFile }) {
  const columns = namesOf(target).map((name) => `"${name}"`);
  const copy = `\\copy ${nameOf(target)} (${columns.join(', ')}) FROM '${bytesFile}' (FORMAT binary)`;
  const { stdout } = await promisify(execFile)('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', '\\timing on', '-c', copy]);
  const [, rows] = /^COPY (\d+)$/m.exec(stdout);
  const [, milliseconds] = /^Time: ([\d.]+) ms/m.exec(stdout);
  return { rows: Number(rows), seconds: Number(milliseconds) / 1000 };
}

function hasPsql() {
  return psqlVersion() !== 'none';
}

function psqlVersion() {
  try {
    return execFileSync('psql', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'none';
  }
}

/** All columns of all rows in any order, but for the random ids, which every encoding makes anew. */
async function checksum({ url, target }) {
  const statement = `SELECT count(*) AS rows, sum(hashtextextended((to_jsonb(t) - 'uuid')::text, 0)) AS digest FROM ${nameOf(target)} t`;
  return withConnection(url, async (connection) => JSON.stringify((await connection.query(statement)).rows));
}

function mustAgree(contents) {
  const [[first, expected]] = contents;
  for (const [contender, found] of contents) {
    if (found !== expected) throw new Error(`the rows of '${contender}' are ${found}, those of '${first}' ${expected}: no time counts`);
  }
}

function nameOf({ table: { schema, name } }) {
  return `"${schema}"."${name}"`;
}

function namesOf({ columns }) {
  return columns.map(({ name }) => name);
}

/** Medians per contender; ratios to psql where it is there, else to the plain stream. */
export function table({ shape, results }) {
  const [base] = Object.keys(results);
  const of = (contender, figure) => median(results[contender].map((measured) => measured[figure]));
  const lines = Object.keys(results).map((contender) => {
    const seconds = of(contender, 'seconds');
    const spread = results[contender].map((measured) => measured.seconds);
    const cpu = of(contender, 'cpuSeconds');
    return [
      contender,
      seconds.toFixed(2),
      `${Math.min(...spread).toFixed(2)} to ${Math.max(...spread).toFixed(2)}`,
      (seconds / of(base, 'seconds')).toFixed(2),
      Math.round(shape.rows / seconds).toLocaleString('en'),
      (shape.bytes / 2 ** 20 / seconds).toFixed(1),
      cpu === undefined ? '' : cpu.toFixed(2),
    ];
  });
  return markdownTable(['contender', 's', 's, range', 'ratio', 'rows/s', 'MiB/s', 'client CPU s'], lines);
}

async function main() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1900000' },
      rounds: { type: 'string', default: '5' },
      threads: { type: 'string', default: '2' },
      note: { type: 'string', multiple: true, default: [] },
    },
  });
  const [rows, rounds, threads] = [values.rows, values.rounds, values.threads].map(Number);
  const command = `node bench/postgres/load.mjs --rows ${rows} --rounds ${rounds} --threads ${threads}`;
  const result = { command, notes: values.note, ...(await measure({ rows, rounds, threads })) };
  const text = `# ${result.shape.rows} summary rows into PostgreSQL\n\n${table(result)}\n\n${footing(result)}\n`;
  process.stdout.write(`${text}\n${writeReport(`postgres-load-${rows}`, result, text)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
