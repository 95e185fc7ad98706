import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as api from '#ts/index.js';
import { duckdb } from '../orders/order-log.js';
import { folderWith } from '../unit/folder.js';
import { rowmill } from './program.js';

/** Two ids that are the same double, and one that has nothing. */
const [A, B, C] = ['7904794000123456789', '7904794000123456790', '7904794000123456800'];

const ORDERS = `order_id,timestamp,sequence,security_code,changereason,leavesquantity,note
${B},1725494400000000002,1,110621,6,5,"x, y"
${A},1725494400000000001,1,110621,6,10,
${A},1725494400000000009,1,110621,3,4,later
,1725494400000000003,1,110621,6,1,no key
${C},1725580800000000001,1,85603,6,7,next day
${A},1725494400000000009,2,110621,20,4,gone
`;

const TRADES = ` orderid,tradetime,tradeprice,quantity
${A},1725580800000000009,3000,3
7904794000123456788,1725580800000000009,3000,3
,1725580800000000009,3000,3
${C},1725580800000000019,3010,2
${A},1725580801500000009,3040,1
`;

const QUOTES = `orderbookid,timestamp,sequence,bidprice,offerprice
110621,1725494400000000002,1,10,20
110621,1725494400000000002,2,11,21
110621,1725494400000000001,9,8,
85603,1725580800000000002,1,5,6
`;

function files(t: TestContext): (name: string) => string {
  const folder = folderWith(t, { 'orders.csv': ORDERS, 'trades.csv': TRADES, 'nbbo.csv': QUOTES });
  return (name) => join(folder, name);
}

/** Runs a command, and answers its report and the text of the file that it wrote. */
async function operated(args: string[], out: string): Promise<{ report: api.OperationReport; text: string }> {
  const { code, out: json, err } = await rowmill(['operate', ...args, '--out', out, '--json']);
  assert.equal(code, 0, err);
  return { report: JSON.parse(json) as api.OperationReport, text: existsSync(out) ? readFileSync(out, 'utf8') : '' };
}

function lines(...rows: string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

test('semi-join keeps rows by every digit of their key, from the command line and from a program', async (t) => {
  const at = files(t);
  const args = ['semi-join', at('trades.csv'), '--key', 'orderid', '--with', at('orders.csv'), '--with-key', 'order_id'];
  const { report, text } = await operated(args, at('matched.csv'));
  const expected = lines(
    'orderid,tradetime,tradeprice,quantity',
    `${A},1725580800000000009,3000,3`,
    `${C},1725580800000000019,3010,2`,
    `${A},1725580801500000009,3040,1`,
  );
  assert.equal(text, expected);
  assert.deepEqual([report.rowsRead, report.rowsWritten, report.keys, report.rowsWithoutKey], [5, 3, 3, 2]);
  await api.semiJoin({ input: at('trades.csv'), key: 'orderid', with: at('orders.csv'), withKey: 'order_id', out: at('again.csv.gz') });
  assert.equal(String(gunzipSync(readFileSync(at('again.csv.gz')))), expected);
});

test('with partitions a trade follows its order, whatever its own day', async (t) => {
  const at = files(t);
  const out = at('{date}/{security_code}/trades.csv.gz');
  const { report } = await operated(
    ['semi-join', at('trades.csv'), '--key', 'orderid', '--with', at('orders.csv'), '--with-key', 'order_id'].concat([
      '--with-derive',
      'date=timestamp@Australia/Sydney',
      '--with-type',
      'security_code=integer',
      '--partition',
      'date,security_code',
    ]),
    out,
  );
  assert.deepEqual(
    report.files.map(({ path, rows }) => [path, rows]),
    [
      [at('2024-09-05/110621/trades.csv.gz'), 2],
      [at('2024-09-06/85603/trades.csv.gz'), 1],
    ],
  );
  assert.match(String(gunzipSync(readFileSync(at('2024-09-05/110621/trades.csv.gz')))), new RegExp(`^orderid.*\n(${A},.*\n){2}$`));
  const untold = await rowmill(
    ['operate', 'semi-join', at('trades.csv'), '--key', 'orderid', '--with', at('orders.csv'), '--with-key', 'order_id'].concat([
      '--partition',
      'security_code',
      '--out',
      at('all.csv'),
    ]),
  );
  assert.deepEqual([untold.code, /\{security_code\}/.test(untold.err)], [2, true]);
});

test('group-by gives the trades of each order', async (t) => {
  const at = files(t);
  const aggregates = ['filled=sum(quantity)', 'mean_price=mean(tradeprice)', 'vwap=vwap(tradeprice,quantity)', 'trades=count()'].concat([
    'first=first(tradetime)',
    'last=last(tradetime)',
    'least=min(tradeprice)',
    'most=max(tradeprice)',
    'seconds=duration(tradetime)',
  ]);
  const flags = aggregates.flatMap((aggregate) => ['--aggregate', aggregate]);
  const { text, report } = await operated(['group-by', at('trades.csv'), '--by', 'orderid', ...flags, '--order', 'tradetime'], at('grouped.csv'));
  const expected = lines(
    'orderid,filled,mean_price,vwap,trades,first,last,least,most,seconds',
    `${A},4,3020.0,3010.0,2,1725580800000000009,1725580801500000009,3000,3040,1.5`,
    '7904794000123456788,3,3000.0,3000.0,1,1725580800000000009,1725580800000000009,3000,3000,0.0',
    `${C},2,3010.0,3010.0,1,1725580800000000019,1725580800000000019,3010,3010,0.0`,
  );
  assert.equal(text, expected);
  assert.equal(report.rowsWithoutKey, 1);
  const totals = { filled: { function: 'sum', column: 'quantity' }, lines: { function: 'count' } } as const;
  await api.groupBy({ input: at('trades.csv'), by: 'orderid', aggregates: totals, out: at('grouped.parquet') });
  const rows = await duckdb(`SELECT orderid::VARCHAR AS id, filled, lines FROM '${at('grouped.parquet')}'`);
  assert.deepEqual(rows[0], { id: A, filled: '4', lines: '2' });
});

test('first-row and last-row pick whole rows by time and sequence', async (t) => {
  const at = files(t);
  const flags = ['--key', 'order_id', '--order', 'timestamp,sequence'];
  const first = await operated(['first-row', at('orders.csv'), ...flags], at('first.csv'));
  const [head, b, a, c] = ORDERS.split('\n').filter((_, row) => [0, 1, 2, 5].includes(row));
  assert.equal(first.text, lines(String(head), String(b), String(a), String(c)));
  await api.lastRow({ input: at('orders.csv'), key: 'order_id', order: ['timestamp', 'sequence'], out: at('last.csv') });
  assert.match(readFileSync(at('last.csv'), 'utf8'), new RegExp(`^${A},1725494400000000009,2,110621,20,4,gone$`, 'm'));
  await api.groupBy({
    input: at('orders.csv'),
    by: 'order_id',
    order: ['timestamp', 'sequence'],
    aggregates: { row: { function: 'first', column: 'note' }, value: { function: 'firstNonNull', column: 'note' } },
    out: at('notes.csv'),
  });
  assert.match(readFileSync(at('notes.csv'), 'utf8'), new RegExp(`^${A},,later$`, 'm'));
});

test('by-date falls back on the latest date there is', async (t) => {
  const at = files(t);
  const flags = ['--column', 'timestamp', '--zone', 'Australia/Sydney', '--or-latest'];
  const there = await operated(['by-date', at('orders.csv'), ...flags, '--date', '2024-09-05'], at('there.csv'));
  assert.deepEqual([there.report.date, there.report.rowsWritten], ['2024-09-05', 5]);
  const absent = await operated(['by-date', at('orders.csv'), ...flags, '--date', '2024-09-04'], at('absent.csv'));
  assert.deepEqual([absent.report.date, absent.report.rowsWritten], ['2024-09-06', 1]);
  const none = await api.byDate({ input: at('orders.csv'), column: 'timestamp', zone: 'UTC', date: '2024-01-01', out: at('none.csv') });
  assert.deepEqual([none.date, none.rowsWritten], [undefined, 0]);
  assert.equal(readFileSync(at('none.csv'), 'utf8'), lines(ORDERS.slice(0, ORDERS.indexOf('\n'))));
});

test('as-of puts the last quote beside each row', async (t) => {
  const at = files(t);
  const options = ['--key', 'security_code', '--time', 'timestamp', '--with', at('nbbo.csv'), '--with-key', 'orderbookid'];
  const args = ['as-of', at('orders.csv'), ...options, '--with-order', 'sequence', '--take', 'bidprice,offerprice', '--prefix', 'nbbo_'];
  const { text } = await operated(args, at('quoted.csv'));
  const rows = text.trim().split('\n');
  assert.match(rows[0] ?? '', /,note,nbbo_bidprice,nbbo_offerprice$/);
  assert.deepEqual(
    rows.slice(1).map((row) => row.split(',').slice(-2).join()),
    ['11,21', '8,', '11,21', '11,21', ',', '11,21'],
  );
  const same = { key: 'security_code', withKey: 'orderbookid', time: 'timestamp', take: ['bidprice', 'offerprice'], prefix: 'nbbo_' };
  await api.asOf({ input: at('orders.csv'), with: at('nbbo.csv'), ...same, withOrder: 'sequence', out: at('again.csv') });
  assert.equal(readFileSync(at('again.csv'), 'utf8'), text);
});

test('book-lifetime ends with the exit, or with the partition', async (t) => {
  const at = files(t);
  const { text } = await operated(['book-lifetime', at('orders.csv'), '--partition', 'security_code'], at('lives.csv'));
  const expected = lines(
    'security_code,order_id,first_execution_time,last_execution_time',
    `110621,${B},1725494400000000002,1725494400000000009`,
    `110621,${A},1725494400000000001,1725494400000000009`,
    `85603,${C},1725580800000000001,1725580800000000001`,
  );
  assert.equal(text, expected);
  const report = await api.bookLifetime({ input: at('orders.csv'), partition: 'security_code', exits: [6], out: at('other.csv') });
  assert.equal(report.keys, 3);
  assert.match(readFileSync(at('other.csv'), 'utf8'), new RegExp(`^110621,${A},1725494400000000001,1725494400000000001$`, 'm'));
});

test('the same rows come of CSV, compressed CSV and Parquet, and of a file that is cut in two', async (t) => {
  const at = files(t);
  writeFileSync(at('clean.csv'), TRADES.trimStart());
  writeFileSync(at('trades.csv.gz'), gzipSync(TRADES));
  const [head = '', ...rows] = TRADES.trim().split('\n');
  writeFileSync(at('one.csv'), lines(head, ...rows.slice(0, 2)));
  writeFileSync(at('two.csv'), lines(head, ...rows.slice(2)));
  await duckdb(`COPY (SELECT * FROM read_csv('${at('clean.csv')}')) TO '${at('trades.parquet')}' (FORMAT parquet)`);
  const texts = [at('trades.csv'), at('trades.csv.gz'), [at('one.csv'), at('two.csv')], { paths: at('trades.parquet') }].map(
    async (input, number) => {
      const out = at(`out-${number}.csv`);
      const aggregates = { n: { function: 'count' }, filled: { function: 'sum', column: 'quantity' } } as const;
      await api.groupBy({ input, by: 'orderid', aggregates, out });
      return readFileSync(out, 'utf8');
    },
  );
  assert.equal(new Set(await Promise.all(texts)).size, 1);
});

test('what cannot be done is named with file, line, column and value, and leaves nothing behind', async (t) => {
  const at = files(t);
  writeFileSync(at('bad.csv'), TRADES.replace(`${C},`, 'abc,'));
  const before = readdirSync(at(''));
  const attempts: [args: string[], code: string, place: Record<string, unknown>][] = [
    [
      ['group-by', at('bad.csv'), '--by', 'orderid', '--aggregate', 'n=count()'],
      'DATA_VALUE_INVALID',
      { file: at('bad.csv'), line: 5, column: 'orderid', value: 'abc' },
    ],
    [
      ['group-by', at('trades.csv'), '--by', 'order', '--aggregate', 'n=count()'],
      'INPUT_COLUMN_MISSING',
      { file: at('trades.csv'), line: 1, column: 'order' },
    ],
    [['group-by', at('trades.csv'), '--by', 'orderid', '--aggregate', 'orderid=count()'], 'PLAN_INVALID', { column: 'orderid' }],
    [['by-date', at('orders.csv'), '--column', 'timestamp', '--date', '2024-09-05'], 'DATA_VALUE_INVALID', { column: 'timestamp' }],
    [['first-row', at('absent.csv'), '--key', 'a', '--order', 'b'], 'INPUT_FILE_UNREADABLE', { file: at('absent.csv') }],
  ];
  for (const [args, code, place] of attempts) {
    const { out, err } = await rowmill(['operate', ...args, '--out', at('never.csv'), '--json']);
    const { error } = JSON.parse(out) as { error: { code: string; help: string; place: Record<string, unknown> } };
    assert.equal(error.code, code, err);
    for (const [name, value] of Object.entries(place)) assert.equal(error.place[name], value, `${args[0]} ${name}`);
    assert.ok(error.help.length > 0);
  }
  assert.deepEqual(readdirSync(at('')), before);
});

test('what a Parquet file says of its types goes through, whatever its writer chose', async (t) => {
  const at = files(t);
  const columns = `${A}::BIGINT AS id, 7::UTINYINT AS small, 18::UBIGINT AS large, 1.5::FLOAT AS ratio, 12.30::DECIMAL(10,2) AS amount,
    DATE '2024-09-05' AS day, TIMESTAMP '2024-09-05 00:00:00.000001' AS moment, TIMESTAMPTZ '2024-09-05 10:00:00+10' AS instant, true AS flag, 'a,b' AS text`;
  await duckdb(
    `COPY (SELECT ${columns} UNION ALL SELECT ${A}::BIGINT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) TO '${at('all.parquet')}'`,
  );
  for (const out of ['same.parquet', 'same.csv'])
    await api.semiJoin({ input: at('all.parquet'), key: 'id', with: at('orders.csv'), withKey: 'order_id', out: at(out) });
  assert.equal(
    readFileSync(at('same.csv'), 'utf8'),
    lines(
      'id,small,large,ratio,amount,day,moment,instant,flag,text',
      `${A},7,18,1.5,12.30,2024-09-05,2024-09-05 00:00:00.000001,2024-09-05 00:00:00+00:00,true,"a,b"`,
      `${A},,,,,,,,,`,
    ),
  );
  const read = (name: string): Promise<unknown[]> =>
    duckdb(`SELECT * REPLACE (epoch_ns(moment) AS moment, epoch_ns(instant) AS instant) FROM '${at(name)}'`);
  assert.deepEqual(await read('same.parquet'), await read('all.parquet'));
});
