import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { extractCentrepointOrders } from '#ts/index.js';
import { csvOf, duckdb, MORNING, type OrderRow, orderRows, writeCsv, writeParquet } from '../orders/order-log.js';
import { runOrders, textsIn } from '../orders/run-orders.js';
import { folderWith } from '../unit/folder.js';

/** Aggregates, jobs and an extract of one run, as texts. */
async function results(test: TestContext, source: string, flags: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const out = folderWith(test);
  await runOrders(source, { 'output.folder': out, 'orders.extract': 'partitioned', 'orders.extractFormat': 'csv', ...flags });
  return textsIn(out);
}

test('csv, csv.gz and Parquet of the same rows give the same files', async (t) => {
  const folder = folderWith(t);
  const rows = orderRows(3000, 5);
  const csv = writeCsv(join(folder, 'orders.csv'), rows);
  const known = await results(t, csv);
  assert.ok(Object.keys(known).length > 8, Object.keys(known).join(' '));
  assert.deepEqual(await results(t, writeCsv(join(folder, 'orders.csv.gz'), rows)), known);
  assert.deepEqual(await results(t, await writeParquet(join(folder, 'orders.parquet'), csv)), known);
});

test('a folder of files gives what one file of all their rows gives', async (t) => {
  const folder = folderWith(t);
  const rows = orderRows(900, 8);
  const whole = await results(t, writeCsv(join(folder, 'all.csv'), rows));
  const parts = join(folder, 'parts', 'deeper');
  mkdirSync(parts, { recursive: true });
  const first = writeCsv(join(parts, 'a.csv'), rows.slice(0, 300));
  writeCsv(join(parts, 'b.csv.gz'), rows.slice(300, 600));
  await writeParquet(join(parts, 'c.parquet'), writeCsv(join(folder, 'c.csv'), rows.slice(600)));
  assert.ok(existsSync(first));
  assert.deepEqual(await results(t, join(folder, 'parts')), whole);
  assert.deepEqual(await results(t, folder, { 'source.paths': { orders: ['parts/**/*.csv', 'parts/**/*.gz', 'parts/**/*.parquet'] } }), whole);
});

test('any cut of the file gives the same files, down to a byte, with any number of threads', { timeout: 120_000 }, async (t) => {
  const folder = folderWith(t);
  const text = csvOf(orderRows(40, 9));
  // The last line without its end, and one that ends as on Windows.
  writeFileSync(join(folder, 'orders.csv'), text.slice(0, -1).replace('\n', '\r\n'));
  const known = await results(t, join(folder, 'orders.csv'), { 'budget.threads': 1 });
  for (const [unitBytes, threads] of [
    [1, 3],
    [2, 1],
    [7, 2],
    [64, 4],
    [997, 2],
  ] as const) {
    const cut = await results(t, join(folder, 'orders.csv'), { 'source.unitBytes': unitBytes, 'budget.threads': threads });
    assert.deepEqual(cut, known, `${unitBytes} bytes, ${threads} threads`);
  }
});

test('every border in the middle of a record leaves the rows as they are', { timeout: 120_000 }, async (t) => {
  const folder = folderWith(t);
  const path = writeCsv(join(folder, 'orders.csv'), orderRows(6, 11));
  const { length } = readFileSync(path);
  const known = await results(t, path, { 'budget.threads': 1 });
  for (let unitBytes = Math.ceil(length / 2); unitBytes < length; unitBytes += 13) {
    assert.deepEqual(await results(t, path, { 'source.unitBytes': unitBytes }), known, `${unitBytes} of ${length} bytes`);
  }
});

/** Numbers that no double holds: an order id of nineteen digits, nanoseconds, and both ends of 64 bits. */
const EXACT: OrderRow[] = [
  { order_id: '7904794000067347073', timestamp: '1725494536000000123', sequence: '9223372036854775807' },
  { order_id: '7904794000067347074', timestamp: '1725494536000000124', sequence: '-9223372036854775807' },
].map((row) => ({ ...orderRows(1)[0], security_code: '110621', quantity: '9007199254740993', ...row }));

test('numbers beyond 2^53 reach CSV and Parquet to the last digit, from CSV and from Parquet', async (t) => {
  const folder = folderWith(t);
  const csv = writeCsv(join(folder, 'orders.csv'), EXACT);
  for (const source of [csv, await writeParquet(join(folder, 'orders.parquet'), csv)]) {
    for (const format of ['csv', 'parquet']) {
      const out = folderWith(t);
      await runOrders(source, { 'output.folder': out, 'output.format': format, 'orders.extract': 'single', 'orders.extractFormat': format });
      const read = format === 'csv' ? `read_csv('${out}/%.csv', all_varchar = true)` : `'${out}/%.parquet'`;
      const rows = await duckdb(
        `SELECT order_id::VARCHAR AS id, timestamp::VARCHAR AS at, sequence::VARCHAR AS nr FROM ${read.replace('%', 'orders')}`,
      );
      assert.deepEqual(rows, EXACT.map(({ order_id: id, timestamp: at, sequence: nr }) => ({ id, at, nr })) as unknown);
      const sums = await duckdb(
        `SELECT quantity_sum::VARCHAR AS sum, timestamp_min::VARCHAR AS first, timestamp_max::VARCHAR AS last
         FROM ${read.replace('%', 'aggregation_by_security')}`,
      );
      assert.deepEqual(sums, [{ sum: '18014398509481986', first: '1725494536000000123', last: '1725494536000000124' }]);
    }
  }
});

test('filters let through what they say, in every form of input, and are counted', async (t) => {
  const folder = folderWith(t);
  const rows = orderRows(2000, 21);
  const csv = writeCsv(join(folder, 'orders.csv'), rows);
  const isInHours = ({ timestamp }: OrderRow): boolean => {
    const hour = Number(((BigInt(timestamp ?? 0) + 36_000_000_000_000n) / 3_600_000_000_000n) % 24n);
    return hour >= 10 && hour < 16;
  };
  const wanted = rows.filter((row) => row.security_code === '110621' && row.participantid === '69' && isInHours(row));
  const flags = { 'orders.securityCodes': [110621], 'orders.participantIds': [69], 'orders.hoursEnabled': true, 'orders.extract': 'single' };
  for (const source of [csv, await writeParquet(join(folder, 'orders.parquet'), csv)]) {
    const out = folderWith(t);
    const report = await runOrders(source, { ...flags, 'output.folder': out, 'orders.extractFormat': 'csv' });
    assert.deepEqual([report.rowsRead, report.rowsKept], [2000, wanted.length]);
    assert.equal(report.filters.at(-1)?.rows, wanted.length);
    const security = report.filters.find(({ name }) => name === 'security');
    assert.equal(security?.rows, rows.filter((row) => row.security_code === '110621').length);
    const found = await duckdb(`SELECT order_id FROM read_csv('${out}/orders.csv', all_varchar = true)`);
    assert.deepEqual(
      found.map(({ order_id }) => order_id),
      wanted.map(({ order_id }) => order_id),
      'in the order of the input',
    );
  }
});

test('a job without rows is done with none of them', async (t) => {
  const folder = folderWith(t);
  const out = folderWith(t);
  const path = writeCsv(join(folder, 'orders.csv'), orderRows(200, 3));
  const days = { 'window.start': '2024-09-05', 'window.end': '2024-09-08' };
  const report = await runOrders(path, { ...days, 'orders.securityCodes': [110621, 999], 'output.folder': out });
  const { jobs } = report.details as { jobs: { securityCode: number; date: string; rows: number }[] };
  assert.equal(jobs.length, 8);
  assert.ok(jobs.filter(({ securityCode }) => securityCode === 999).every(({ rows }) => rows === 0));
  assert.ok(jobs.some(({ rows }) => rows > 0));
  const lines = readFileSync(join(out, 'ingest_jobs.csv'), 'utf8').trim().split('\n');
  assert.equal(lines.length, 9);
  assert.match(lines.at(-1) ?? '', /completed,0$/);
});

test('one file cannot take eight tables', async (t) => {
  const path = writeCsv(join(folderWith(t), 'orders.csv'), orderRows(1));
  await assert.rejects(runOrders(path, { 'output.file': 'x.parquet' }), { code: 'PLAN_INVALID', message: /one table.*writes 8/ });
});

test('the old extraction is one call that answers with its five counts', async (t) => {
  const folder = folderWith(t);
  const at = (hours: number, nanos = 0n): string => String(MORNING + BigInt(hours * 3600) * 1_000_000_000n + nanos);
  const row = orderRows(1)[0] ?? {};
  // Ten hours ahead of UTC: 10:00 to the last nanosecond of 16:59 are in, a nanosecond either side is out.
  const rows = [at(0, -1n), at(0), at(6), at(7, -1n), at(7)].flatMap((timestamp) =>
    ['69', '70'].map((participantid) => ({ ...row, timestamp, participantid })),
  );
  const input = writeCsv(join(folder, 'orders.csv'), rows);
  const out = join(folder, 'deep', 'centrepoint.csv.gz');
  const { memoryMb, ...counts } = await extractCentrepointOrders({ input, out });
  assert.deepEqual(counts, { rowsInput: 10, rowsAfterHourFilter: 6, rowsAfterParticipantFilter: 3, rowsOutput: 3 });
  assert.ok(memoryMb > 1);
  const lines = gunzipSync(readFileSync(out)).toString().trim().split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? '', /^order_id,exchange,timestamp,/);
  assert.deepEqual(Object.keys(textsIn(join(folder, 'deep'))), ['centrepoint.csv.gz'], 'nothing else is left beside it');
  await assert.rejects(extractCentrepointOrders({ input, out: join(folder, 'x.txt') }), { code: 'PLAN_INVALID', message: /Unknown format/ });
});
