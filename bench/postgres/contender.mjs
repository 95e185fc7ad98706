// The process of one way to write rows; see load.mjs. Its job: { contender, url, plan, sources, target, bytesFile }.

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { openRun } from '../../dist/addon.js';
import { serve } from '../../dist/bench/child.js';
import { PIPELINES } from '../../dist/pipelines/index.js';
import { connect, disconnect, inTransaction, loadWindow, RunLedger } from '../../dist/postgres/index.js';
import { copyIn } from '../../dist/postgres/statements/copy-in.js';
import { listUnits } from '../../dist/sources/index.js';
import { serverCpu } from './server-cpu.mjs';

/** Bytes of a piece that the engine hands over; a file is read in pieces of the same size. */
const PIECE_BYTES = 1 << 20;
const LEDGER = 'rowmill';

const CONTENDERS = {
  'pg-copy-streams of the file': streamFile,
  'rowmill, bytes at hand': copyRecorded,
  'rowmill, encoding meanwhile': copyEncoding,
  'rowmill, the whole load': load,
  'rowmill, the whole load over old rows': load,
};

serve(async (job) => {
  const connection = await connect(job.url);
  const work = await CONTENDERS[job.contender](connection, job);
  const cpu = await serverCpu(connection);
  return async () => {
    const details = await work();
    const serverCpuSeconds = cpu();
    await disconnect(connection);
    return { ...details, serverCpuSeconds };
  };
});

/** What anyone would write with the same two packages. */
async function streamFile(connection, { target, bytesFile }) {
  return async () => {
    const columns = namesOf(target).map((name) => `"${name}"`);
    const sink = connection.query(
      copyFrom(`COPY "${target.table.schema}"."${target.table.name}" (${columns.join(', ')}) FROM STDIN (FORMAT binary)`),
    );
    await pipeline(createReadStream(bytesFile, { highWaterMark: PIECE_BYTES }), sink);
    return { rowsOut: sink.rowCount };
  };
}

/** The product's own COPY without the engine: the time that encoding may add to. */
async function copyRecorded(connection, { target, bytesFile }) {
  const pieces = [];
  for await (const piece of createReadStream(bytesFile, { highWaterMark: PIECE_BYTES })) pieces.push(piece);
  return async () => ({ rowsOut: await copy(connection, target, each(pieces)) });
}

/** The product's own COPY, from the first piece on, while the engine finishes and encodes the rest. */
async function copyEncoding(connection, { plan, sources, target }) {
  const { handle, first } = await opened(plan, sources, target);
  return async () => {
    const rowsOut = await copy(connection, target, remaining(handle, first));
    const { cpu } = handle.counters();
    await handle.close();
    return { rowsOut, cpu };
  };
}

function copy(connection, target, buffers) {
  return inTransaction(connection, 'writing rows', () => copyIn(connection, target.table, namesOf(target), buffers));
}

/** Lock, delete, COPY, count, ledger, commit: what a run does with a window's rows. */
async function load(connection, { url, plan, sources, target }) {
  const ledger = await RunLedger.open(url, LEDGER, randomUUID());
  await ledger.begin({ pipeline: plan.pipeline, plan, origins: [], target: target.table.name });
  const { handle, first, units } = await opened(plan, sources, target);
  const [{ start, end }] = plan.windows;
  const equal = PIPELINES.find(({ name }) => name === plan.pipeline).owned(plan, plan.windows[0]);
  const owned = { dayColumn: target.dayColumn, firstDay: start, lastDay: end, equal, where: target.deleteWhere };
  const days = { windowStart: start, windowEnd: end, firstDay: start };
  const record = { ...days, runId: ledger.runId, target: target.table.name, fingerprint: '', units };
  return async () => {
    const { rows, deleted } = await loadWindow(connection, {
      parts: [{ target, owned, buffers: remaining(handle, first), expectedRows: () => handle.counters().rowsOut }],
      ledger: { schema: LEDGER, record, startedAtMs: performance.now() },
    });
    await ledger.close();
    await handle.close();
    return { rowsOut: rows, deleted };
  };
}

/** All reading and folding happens before the first piece, as in a run. */
async function opened(plan, sources, { columns }) {
  const units = await listUnits(plan, plan.windows[0], sources);
  const handle = await openRun({ plan, window: 0, units, target: { kind: 'copy', tables: [{ columns }] } });
  return { units, handle, first: await handle.next() };
}

async function* remaining(handle, first) {
  for (let piece = first; piece; piece = await handle.next()) yield piece.bytes;
}

async function* each(pieces) {
  yield* pieces;
}

function namesOf({ columns }) {
  return columns.map(({ name }) => name);
}
