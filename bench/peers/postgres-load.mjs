// A whole run into PostgreSQL by rowmill's own way: files to rows, then lock, delete, COPY, ledger, commit. A process of its own.

import { randomUUID } from 'node:crypto';
import { describe, openRun } from '../../dist/addon.js';
import { serve } from '../../dist/bench/child.js';
import { PIPELINES } from '../../dist/pipelines/index.js';
import { connect, disconnect, ensureTarget, loadWindow, migrateLedger, RunLedger } from '../../dist/postgres/index.js';
import { listUnits } from '../../dist/sources/index.js';

const LEDGER = 'rowmill';

serve(async ({ plan, sources, url }) => {
  const { connection, target, owned } = await emptyTable(plan, url);
  const ledger = await RunLedger.open(url, LEDGER, randomUUID());
  await ledger.begin({ pipeline: plan.pipeline, plan, origins: [], target: target.table.name });
  return async () => {
    const began = performance.now();
    const units = await listUnits(plan, plan.windows[0], sources);
    const handle = await openRun({ plan, window: 0, units, target: { kind: 'copy', tables: [{ columns: target.columns }] } });
    // All reading and folding happens before the first piece.
    const first = await handle.next();
    const computedAt = performance.now();
    const days = { windowStart: owned.firstDay, windowEnd: owned.lastDay, firstDay: owned.firstDay };
    const record = { runId: ledger.runId, ...days, target: target.table.name, fingerprint: '', units };
    const buffers = remaining(handle, first);
    const expectedRows = () => handle.counters().rowsOut;
    const { rows } = await loadWindow(connection, {
      parts: [{ target, owned, buffers, expectedRows }],
      ledger: { schema: LEDGER, record, startedAtMs: began },
    });
    const copySeconds = (performance.now() - computedAt) / 1000;
    const { rowsRead, bytesRead, bytesOut, cpu } = handle.counters();
    await handle.close();
    await ledger.close();
    await disconnect(connection);
    return { rowsRead, bytesRead, rowsOut: rows, bytesOut, cpu, computeSeconds: (computedAt - began) / 1000, copySeconds };
  };
});

/** The same for every round: no old rows, nothing left to be written back. */
async function emptyTable(plan, url) {
  const connection = await connect(url);
  await migrateLedger(connection, LEDGER);
  const [spec] = describe().pipelines.find(({ name }) => name === plan.pipeline).tables;
  const [window] = plan.windows;
  const days = { firstDay: plan.window.start, lastDay: plan.window.end };
  const target = await ensureTarget(connection, { table: { schema: 'public', name: spec.name }, spec, ...days, create: true });
  await connection.query(`TRUNCATE "public"."${spec.name}"`);
  await connection.query('CHECKPOINT');
  const equal = PIPELINES.find(({ name }) => name === plan.pipeline).owned(plan, window);
  const owned = { dayColumn: spec.partitionBy, firstDay: window.start, lastDay: window.end, equal, where: spec.deleteWhere };
  return { connection, target, owned };
}

async function* remaining(handle, first) {
  for (let piece = first; piece; piece = await handle.next()) yield piece.bytes;
}
