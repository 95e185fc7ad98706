import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type LoadedPlan, loadPlan } from '#ts/plan/index.js';
import { compareSets, listRuns, type RunReport, resumeRun, runPlan, verifyPlan } from '#ts/run/index.js';
import { csvOf, type OrderRow, orderRows, writeCsv } from '../orders/order-log.js';
import { textsIn } from '../orders/run-orders.js';
import { temporaryFolder } from './month.js';
import { freshDatabase, sql } from './support.js';

const TABLES = ['by_security', 'by_date', 'by_participant', 'by_hour', 'by_size', 'hourly', 'daily', 'ingest_job'].map((name) => `orders_${name}`);

let folder: string;
let log: string;
before(async () => {
  folder = await temporaryFolder();
  log = writeCsv(join(folder, 'orders.csv'), orderRows(2000, 4));
});

function planFor(url: string, flags: Record<string, unknown> = {}): Promise<LoadedPlan> {
  return loadPlan({ pipeline: 'orders', env: {}, flags: { 'source.root': log, 'database.url': url, 'source.unitBytes': 50_000, ...flags } });
}

async function run(url: string, flags: Record<string, unknown> = {}): Promise<RunReport> {
  return runPlan(await planFor(url, flags));
}

/** Every row of every table, as text. */
async function contents(url: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await sql<{ row: string }>(url, `SELECT t::text AS row FROM public.${table} t ORDER BY 1`);
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

test('eight tables are made and filled in one transaction, each is counted, and a second run does not double', async () => {
  const url = await freshDatabase();
  const first = await run(url);
  assert.deepEqual(
    first.tables.map(({ name }) => name),
    TABLES,
  );
  assert.ok(first.tables.every(({ rows, deleted }) => rows > 0 && deleted === 0));
  const rows = await contents(url);
  for (const { name, rows: count } of first.tables) assert.equal(rows[name]?.length, count, name);
  const second = await run(url);
  assert.deepEqual(
    second.tables.map(({ rows: count, deleted }) => [count, deleted]),
    first.tables.map(({ rows: count }) => [count, count]),
  );
  assert.deepEqual(await contents(url), rows);
});

test('two data sets lie side by side, and a run replaces its own', async () => {
  const url = await freshDatabase();
  await run(url, { 'orders.dataset': 'september' });
  const september = await contents(url);
  await run(url, { 'orders.dataset': 'one security', 'orders.securityCodes': [85603] });
  await run(url, { 'orders.dataset': 'one security', 'orders.securityCodes': [110621] });
  const rows = await sql(url, 'SELECT dataset, count(*)::int AS rows FROM orders_by_security GROUP BY 1 ORDER BY 1');
  assert.deepEqual(rows, [
    { dataset: 'one security', rows: 1 },
    { dataset: 'september', rows: 3 },
  ]);
  await sql(url, `DELETE FROM orders_by_security WHERE dataset = 'one security'`);
  assert.deepEqual((await contents(url)).orders_by_security, september.orders_by_security);
});

test('files lie beside the tables where a folder is given too', async () => {
  const url = await freshDatabase();
  const out = join(folder, 'beside');
  const report = await run(url, { 'output.folder': out, 'orders.extract': 'partitioned', 'orders.extractFormat': 'csv' });
  const paths = Object.keys(textsIn(out));
  assert.ok(paths.length > 0 && paths.every((path) => /^\d{4}-\d\d-\d\d\/\d+\/orders\.csv$/.test(path)), paths.join(' '));
  assert.deepEqual(
    report.files.map(({ path }) => path).sort(),
    paths.map((path) => join(out, path)),
  );
  assert.equal(
    report.files.reduce((sum, { rows }) => sum + rows, 0),
    report.rowsKept,
  );
});

test('numbers beyond 2^53 reach the tables to the last digit', async () => {
  const url = await freshDatabase();
  const [row] = orderRows(1);
  const exact = ['123', '124'].map((tail): OrderRow => ({ ...row, timestamp: `1725494536000000${tail}`, quantity: '9007199254740993' }));
  await run(url, { 'source.root': writeCsv(join(folder, 'exact.csv'), exact) });
  assert.deepEqual(
    await sql(url, 'SELECT quantity_sum::text AS sum, timestamp_min::text AS first, timestamp_max::text AS last FROM orders_by_security'),
    [{ sum: '18014398509481986', first: '1725494536000000123', last: '1725494536000000124' }],
  );
});

test('a data set verifies table by table, and a changed number is found in its table', async () => {
  const url = await freshDatabase();
  const { plan } = await planFor(url);
  await run(url);
  const good = await verifyPlan({ plan, tolerance: 0 });
  assert.deepEqual([good.ok, good.windows.map(({ table }) => table)], [true, TABLES]);
  await sql(url, 'UPDATE orders_hourly SET quantity_sum = quantity_sum + 1 WHERE timestamp = (SELECT min(timestamp) FROM orders_hourly)');
  const bad = await verifyPlan({ plan, tolerance: 0 });
  assert.deepEqual(
    bad.windows.filter(({ failures }) => failures > 0).map(({ table, failures }) => [table, failures]),
    [['orders_hourly', 1]],
  );
  assert.ok((await verifyPlan({ plan, tolerance: 0, table: 'orders_by_date' })).ok);
  await assert.rejects(verifyPlan({ plan, tolerance: 0, baseline: 'orders_hourly' }), { code: 'PLAN_INVALID', message: /8 tables/ });
});

test('two sets of a table compare by its name', async () => {
  const url = await freshDatabase();
  await run(url);
  await sql(url, 'CREATE TABLE before AS SELECT * FROM orders_by_date');
  const sets = { left: 'public.before', right: 'public.orders_by_date', url, pipeline: 'orders', tolerance: 0 };
  const same = await compareSets({ ...sets, table: 'orders_by_date' });
  assert.deepEqual([same.different, same.onlyLeft, same.onlyRight], [0, 0, 0]);
  assert.ok(same.matched > 0);
  await assert.rejects(compareSets(sets), { code: 'PLAN_INVALID', message: /say which/ });
  await assert.rejects(compareSets({ ...sets, table: 'orders_by_moon' }), { code: 'PLAN_INVALID', message: /no table orders_by_moon/ });
});

test('a run that failed goes on with resume, and the same file cut otherwise is the same input', async () => {
  const url = await freshDatabase();
  await run(url);
  const before = await contents(url);
  const broken = join(folder, 'broken.csv');
  const text = csvOf(orderRows(2000, 4));
  writeFileSync(broken, text.replace(/110621/, 'text'));
  await assert.rejects(run(url, { 'source.root': broken }), { code: 'DATA_VALUE_INVALID' });
  assert.deepEqual(await contents(url), before, 'nothing of a run that fails is kept');
  const [status] = await listRuns({ url, ledgerSchema: 'rowmill', limit: 1 });
  assert.equal(status?.state, 'failed');
  writeFileSync(broken, text);
  const resumed = await resumeRun({ url, ledgerSchema: 'rowmill' });
  assert.equal(resumed.runId, status?.runId);
  assert.deepEqual(await contents(url), before);
  assert.equal((await resumeRun({ url, ledgerSchema: 'rowmill', runId: resumed.runId })).windows[0]?.skipped, 'loaded');
});
