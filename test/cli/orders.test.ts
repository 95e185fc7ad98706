import assert from 'node:assert/strict';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { COLUMNS, csvOf, type OrderRow, orderRows, writeCsv } from '../orders/order-log.js';
import { folderWith } from '../unit/folder.js';
import { type Ended, rowmill } from './program.js';

/** A log of which the row in line 4 is replaced by this one. */
function logWith(line: string | Buffer): Buffer {
  const lines = csvOf(orderRows(5)).split('\n');
  const before = Buffer.from(`${lines.slice(0, 3).join('\n')}\n`);
  return Buffer.concat([before, Buffer.from(line), Buffer.from(`\n${lines.slice(4).join('\n')}`)]);
}

function lineOf(changes: OrderRow): string {
  return csvOf([{ ...orderRows(5)[2], ...changes }]).split('\n')[1] ?? '';
}

/** Bytes that are no UTF-8, in the one text column. The extract is what reads it. */
function withBrokenText(): Buffer {
  const [before, after] = lineOf({ timevaliditydecoded: 'TEXT' }).split('TEXT');
  return Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xff, 0xfe]), Buffer.from(after ?? '')]);
}

/** Records that cannot be read, with the code, and the column and value where there is one. */
const BAD: { name: string; line: string | Buffer; code: string; column?: string; value?: string }[] = [
  { name: 'too few fields', line: lineOf({}).split(',').slice(0, -1).join(','), code: 'DATA_RECORD_INVALID' },
  { name: 'too many fields', line: `${lineOf({})},1`, code: 'DATA_RECORD_INVALID' },
  {
    name: 'a quote that does not end',
    line: lineOf({ timevaliditydecoded: 'PLAIN' }).replace('PLAIN', '"PLAIN'),
    code: 'DATA_RECORD_INVALID',
  },
  { name: 'text in an integer column', line: lineOf({ quantity: 'many' }), code: 'DATA_VALUE_INVALID', column: 'quantity', value: 'many' },
  {
    name: 'a value out of range',
    line: lineOf({ order_id: '9223372036854775808' }),
    code: 'DATA_VALUE_INVALID',
    column: 'order_id',
    value: '9223372036854775808',
  },
  { name: 'invalid UTF-8', line: withBrokenText(), code: 'DATA_TEXT_INVALID', column: 'timevaliditydecoded' },
];

interface Report {
  rowsRejected: number;
  rowsKept: number;
  rejected: { reason: string; rows: number; place: { file: string; line: number; column?: string; value?: string } }[];
}

function run(source: string, out: string, ...more: string[]): Promise<Ended> {
  return rowmill(['run', 'orders', '--source', source, '--out-dir', out, '--extract', 'single', '--json', ...more]);
}

function ordersWith(t: TestContext, bytes: string | Buffer, name = 'orders.csv'): { path: string; out: string } {
  const folder = folderWith(t);
  writeFileSync(join(folder, name), bytes);
  return { path: join(folder, name), out: join(folder, 'out') };
}

for (const { name, line, code, column, value } of BAD) {
  test(`${name}: the run fails with file, line, column and value, and writes nothing`, async (t) => {
    const { path, out } = ordersWith(t, logWith(line));
    for (const more of [[], ['--unit-bytes', '100']]) {
      const { code: exit, out: text, err } = await run(path, out, ...more);
      assert.equal(exit, 1, err);
      const { error } = JSON.parse(text) as { error: { code: string; place: Record<string, unknown> } };
      assert.equal(error.code, code);
      assert.deepEqual([error.place.file, error.place.line], [path, 4]);
      if (column) assert.equal(error.place.column, column);
      if (value) assert.equal(error.place.value, value);
      assert.match(err, /orders\.csv, line 4/);
      assert.ok(!existsSync(join(out, 'aggregation_by_date.csv')));
    }
  });

  test(`${name}: skipped, it is counted with its place, and the exit code is 3`, async (t) => {
    const { path, out } = ordersWith(t, logWith(line));
    const { code: exit, out: text, err } = await run(path, out, '--on-bad-row', 'skip');
    assert.equal(exit, 3, err);
    const report = JSON.parse(text) as Report;
    assert.equal(report.rowsRejected, 1);
    const [rejected] = report.rejected;
    assert.deepEqual([rejected?.rows, rejected?.place.file, rejected?.place.line], [1, path, 4]);
    if (column) assert.equal(rejected?.place.column, column);
    assert.equal(report.rowsKept, 4);
  });
}

test('quarantined records are kept whole in a file, in the order of the input', async (t) => {
  const bad = [lineOf({ quantity: 'many' }), lineOf({ price: '1.5.' }), `${lineOf({})},1`];
  const { path, out } = ordersWith(t, logWith(bad.join('\n')));
  const { code, out: text, err } = await run(path, out, '--on-bad-row', 'quarantine');
  assert.equal(code, 3, err);
  assert.equal((JSON.parse(text) as Report).rowsRejected, 3);
  const lines = readFileSync(join(out, 'quarantine.csv'), 'utf8').trim().split('\n');
  assert.equal(lines[0], 'file,line,offset,column,value,reason,record');
  assert.equal(lines.length, 4);
  for (const [at, line] of lines.slice(1).entries()) assert.ok(line.startsWith(`${path},${4 + at},`), line);
  assert.match(lines[1] ?? '', /,quantity,many,/);
  const chosen = join(out, 'elsewhere.csv');
  assert.equal((await run(path, out, '--on-bad-row', 'quarantine', '--quarantine', chosen)).code, 3);
  assert.equal(readFileSync(chosen, 'utf8'), readFileSync(join(out, 'quarantine.csv'), 'utf8'));
});

test('more bad records than may be left out fail the run', async (t) => {
  const { path, out } = ordersWith(t, logWith([lineOf({ price: 'x' }), lineOf({ price: 'y' })].join('\n')));
  const { code, out: text } = await run(path, out, '--on-bad-row', 'skip', '--max-bad-rows', '1');
  assert.equal(code, 1);
  assert.equal((JSON.parse(text) as { error: { code: string } }).error.code, 'DATA_REJECTED_TOO_MANY');
});

test('a file that is not an order log fails whatever is done with bad rows', async (t) => {
  const log = csvOf(orderRows(3));
  const renamed = log.replace('timevalidity\n', 'timevaliditee\n');
  const cases: [bytes: string, code: string, place: Record<string, unknown>][] = [
    ['', 'INPUT_FORMAT_INVALID', {}],
    [renamed, 'INPUT_COLUMN_UNKNOWN', { line: 1, value: 'timevaliditee' }],
    [log.replace('order_id', 'exchange'), 'INPUT_COLUMN_UNKNOWN', { line: 1, value: 'exchange' }],
    [csvOf(orderRows(3), { columns: COLUMNS.filter((name) => name !== 'price') }), 'INPUT_COLUMN_MISSING', { column: 'price' }],
  ];
  for (const [bytes, code, place] of cases) {
    const { path, out } = ordersWith(t, bytes);
    for (const choice of ['fail', 'skip', 'quarantine']) {
      const { code: exit, out: text } = await run(path, out, '--on-bad-row', choice);
      assert.equal(exit, 1);
      const { error } = JSON.parse(text) as { error: { code: string; place: Record<string, unknown> } };
      assert.equal(error.code, code);
      assert.equal(error.place.file, path);
      for (const [name, value] of Object.entries(place)) assert.equal(error.place[name], value, `${code} ${name}`);
    }
  }
});

test('a compressed file that is cut short fails by name', async (t) => {
  const folder = folderWith(t);
  const path = writeCsv(join(folder, 'orders.csv.gz'), orderRows(2000));
  truncateSync(path, 5000);
  const { code, out: text } = await run(path, join(folder, 'out'));
  assert.equal(code, 1);
  const { error } = JSON.parse(text) as { error: { code: string; place: { file: string } } };
  assert.deepEqual([error.code, error.place.file], ['INPUT_FILE_TRUNCATED', path]);
});

test('a header alone is a log without rows', async (t) => {
  const { path, out } = ordersWith(t, `${COLUMNS.join(',')}\n`);
  const { code, out: text, err } = await run(path, out);
  assert.equal(code, 0, err);
  const report = JSON.parse(text) as Report & { rowsRead: number };
  assert.deepEqual([report.rowsRead, report.rowsKept], [0, 0]);
});

test('explain shows units and the job matrix, and dry run the files', async (t) => {
  const { path, out } = ordersWith(t, csvOf(orderRows(100)));
  const asked = ['--start', '2024-09-05', '--end', '2024-09-07', '--security', '110621,85603'];
  const flags = ['run', 'orders', '--source', path, '--out-dir', out];
  const explained = await rowmill([...flags, '--explain', '--unit-bytes', '5000', ...asked]);
  assert.equal(explained.code, 0, explained.err);
  assert.match(explained.out, /^units: \d+ of .*, \d+ of them ranges of a file/m);
  assert.match(explained.out, /^jobs: 6 \(2 securities on 3 days\)\n {2}110621 {2}2024-09-05$/m);
  const open = await rowmill([...flags, '--explain']);
  assert.match(open.out, /^all days: 1 files$/m);
  assert.match(open.out, /the securities and the days come from the input/);
  const dry = await rowmill([...flags, '--dry-run', '--json']);
  const { windows } = JSON.parse(dry.out) as { windows: { units: { uri: string }[] }[] };
  assert.deepEqual(
    windows.map(({ units }) => units.map(({ uri }) => uri)),
    [[path]],
  );
  assert.ok(!existsSync(out));
});

test('the simplest use writes a file per table, and says what it did', async (t) => {
  const { path, out } = ordersWith(t, csvOf(orderRows(500)));
  const { code, out: text, err } = await rowmill(['run', 'orders', '--source', path, '--out-dir', out]);
  assert.equal(code, 0, err);
  assert.match(text, /^orders_by_security +3 +0$/m);
  assert.match(text, /^all days /m);
  assert.equal(readFileSync(join(out, 'aggregation_by_security.csv'), 'utf8').trim().split('\n').length, 4);
});

test('the old extraction is one command', async (t) => {
  const { path, out } = ordersWith(t, csvOf(orderRows(500)));
  const file = `${out}.csv.gz`;
  const { code, out: text, err } = await rowmill(['orders', 'centrepoint', path, '--out', file, '--json']);
  assert.equal(code, 0, err);
  const metrics = JSON.parse(text) as Record<string, number>;
  assert.deepEqual(Object.keys(metrics), ['rowsInput', 'rowsAfterHourFilter', 'rowsAfterParticipantFilter', 'rowsOutput', 'memoryMb']);
  assert.equal(metrics.rowsInput, 500);
  assert.ok(existsSync(file));
  assert.equal((await rowmill(['orders', 'centrepoint', path, '--out', `${out}.txt`])).code, 2);
});
