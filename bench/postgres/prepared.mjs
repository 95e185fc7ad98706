// A month, a server with a table for it, and the bytes that a run of the month sends to the table.

import { chmodSync, createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, generate, openRun, resolvePlan } from '../../dist/addon.js';
import { ensureTarget, startEmbedded, withConnection } from '../../dist/postgres/index.js';
import { copyIn } from '../../dist/postgres/statements/copy-in.js';
import { listUnits } from '../../dist/sources/index.js';

/** Calls `work` with a job for its contenders; server and files are gone afterwards. The server writes as carefully as one that is kept. */
export async function withServer({ rows, threads }, work) {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  // Where we are root the server is another user, who must be able to walk to its folder.
  chmodSync(folder, 0o755);
  try {
    const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
    try {
      return await work(await prepared(folder, server.url, { rows, threads }));
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepared(folder, url, { rows, threads }) {
  const made = await generate({ out: folder, rows, nodes: Math.ceil(rows / 744 / 15) + 3 });
  const { plan } = await resolvePlan([
    { origin: 'file', values: JSON.parse(readFileSync(made.clusters[0].plan, 'utf8')) },
    { origin: 'bench', values: { budget: { threads }, openshift: { input: 'daily', lookups: 'plan' } } },
  ]);
  const { tables, sources } = describe().pipelines.find(({ name }) => name === plan.pipeline);
  const { target, version } = await withConnection(url, (connection) => tableFor(connection, plan, tables[0]));
  const bytesFile = join(folder, 'rows.copy');
  const rowsOut = await recorded(plan, sources, target, bytesFile);
  return { job: { url, plan, sources, target, bytesFile }, found: { rowsOut, bytes: statSync(bytesFile).size, postgresql: version } };
}

async function tableFor(connection, { window }, spec) {
  const table = { schema: 'public', name: spec.name };
  const made = await ensureTarget(connection, { table, spec, firstDay: window.start, lastDay: window.end, create: true });
  const { rows } = await connection.query("SELECT current_setting('server_version') AS version");
  return { target: { ...made, dayColumn: spec.partitionBy, deleteWhere: spec.deleteWhere }, version: rows[0].version };
}

/** Writes the COPY bytes of a run to a file and says how many rows they are. */
async function recorded(plan, sources, { columns }, file) {
  const units = await listUnits(plan, plan.windows[0], sources);
  const handle = await openRun({ plan, window: 0, units, target: { kind: 'copy', tables: [{ columns }] } });
  const pieces = async function* () {
    for (let piece = await handle.next(); piece; piece = await handle.next()) yield piece.bytes;
  };
  await pipeline(Readable.from(pieces()), createWriteStream(file));
  const { rowsOut } = handle.counters();
  await handle.close();
  return rowsOut;
}

/** Name of the table and of its columns, quoted. */
export function quotedNames({ table: { schema, name }, columns }) {
  return { table: `"${schema}"."${name}"`, columns: columns.map((column) => `"${column.name}"`) };
}

/** Empties the table, or fills it with the rows that will be replaced; nothing is left to be written back. */
export async function laidOut({ url, target, bytesFile }, { isFull }) {
  await withConnection(url, async (connection) => {
    await connection.query(`TRUNCATE ${quotedNames(target).table}`);
    if (isFull) {
      const names = target.columns.map(({ name }) => name);
      await copyIn(connection, target.table, names, createReadStream(bytesFile, { highWaterMark: 1 << 20 }));
    }
    await connection.query('CHECKPOINT');
  });
}

/** All columns of all rows in any order, but for the random ids, which every encoding makes anew. */
export async function checksum({ url, target }) {
  const from = `FROM ${quotedNames(target).table} t`;
  const statement = `SELECT count(*) AS rows, sum(hashtextextended((to_jsonb(t) - 'uuid')::text, 0)) AS digest ${from}`;
  return withConnection(url, async (connection) => JSON.stringify((await connection.query(statement)).rows[0]));
}
