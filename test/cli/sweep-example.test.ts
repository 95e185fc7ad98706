import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { folderWith } from '../unit/folder.js';
import { rowmill } from './program.js';

type Row = Record<string, string>;

const EXAMPLE = new URL('../../../examples/sweep/', import.meta.url);
/** An id beyond 2^53; those beside it are the same double. */
const ID = 7_904_794_000_123_456_789n;
const T = 1_725_494_400_000_000_000n;

function run(folder: string): (table: string) => Row[] {
  const out = join(folder, 'out');
  execFileSync(process.execPath, [fileURLToPath(new URL('sweep.mjs', EXAMPLE)), folder, '--out', out], { stdio: ['ignore', 'pipe', 'pipe'] });
  return (table) => parse(readFileSync(join(out, `${table}.csv`)), { columns: true }) as Row[];
}

function csv(names: string, rows: (string | number | bigint)[][]): string {
  return [names, ...rows.map((row) => row.join())].map((line) => `${line}\n`).join('');
}

/** One event; `own` is bid and offer. */
function event(
  at: bigint,
  id: bigint,
  type: number,
  side: number,
  reason: number,
  shares: number[],
  own: (number | string)[] = ['', ''],
): (string | number | bigint)[] {
  const [quantity = 0, leaves = 0, matched = 0] = shares;
  return [ID + id, T + at, 1, 110621, 3000, 69, type, side, reason, quantity, leaves, matched, ...own];
}

const ORDERS = csv(
  'order_id,timestamp,sequence,security_code,price,participantid,exchangeordertype,side,changereason,quantity,leavesquantity,totalmatchedquantity,bid,offer',
  [
    event(5n, 1n, 64, 2, 6, [500, 500, 0], [2990, 3010]),
    event(10n, 0n, 2048, 1, 6, [100, 100, 0]),
    event(20n, 0n, 2048, 1, 3, [100, 60, 40]),
    event(21n, 7n, 2048, 1, 6, [100, 100, 0]),
    event(30n, 2n, 4096, 2, 6, [25, 25, 0]),
    event(40n, 3n, 256, 2, 6, [50, 50, 0], [2990, 3011]),
    event(45n, 9n, 0, 2, 6, [1000, 1000, 0], [2990, 3010]),
    event(48n, 8n, 64, 2, 6, [70, 70, 0]),
    event(50n, 4n, 2048, 2, 6, [10, 10, 0], [3000, 3004]),
    event(70n, 6n, 64, 1, 6, [30, 30, 0]),
    event(100n, 0n, 2048, 1, 1, [100, 60, 40]),
  ],
);

const NBBO = csv('orderbookid,timestamp,sequence,bidprice,offerprice', [
  [110621, T + 1n, 1, 3000, 3010],
  [110621, T + 35n, 2, 3000, ''],
  [110621, T + 65n, 3, 3001, 3003],
]);

const TRADES = csv('sequence,tradedate,tradetime,securitycode,orderid,tradeprice,quantity', [
  [1, '2024-09-05', T + 20n, 110621, ID, 3008, 40],
  [2, '2024-09-05', T + 20n, 110621, ID - 1n, 1, 99],
]);

test('a day that was worked out by hand', (t) => {
  const table = run(folderWith(t, { 'orders.csv': ORDERS, 'nbbo.csv': NBBO, 'trades.csv': TRADES }));
  // The first order came before any sweep; type 0 is not in the dark book; the one at 48 has no price: the quote lacks a side, and so does it.
  assert.deepEqual(
    table('simulation_match_details').map((row) => Object.values(row)),
    [
      [ID + 2n, ID, T + 30n, 25, 3005, 110621],
      [ID + 3n, ID, T + 40n, 35, 3000.5, 110621],
      [ID + 3n, ID + 7n, T + 40n, 15, 3000.5, 110621],
      [ID + 4n, ID + 7n, T + 50n, 10, 3002, 110621],
    ].map((row) => row.map(String)),
  );
  // The sweep at 50 was matched by another one: its shares cannot be matched again when its own turn comes.
  const names = ['orderid', 'quantity', 'matched_quantity', 'taken_quantity', 'remaining_quantity', 'num_matches', 'fill_ratio', 'avg_price'];
  assert.deepEqual(
    table('simulation_order_summary').map((row) => names.map((name) => row[name])),
    [
      [String(ID), '60', '60', '0', '0', '2', '1', '3002.375'],
      [String(ID + 7n), '100', '25', '0', '75', '2', '0.25', '3001.1'],
      [String(ID + 4n), '10', '0', '10', '0', '0', '0', ''],
    ],
  );
  const [first, second, third] = table('sweep_order_comparison');
  assert.deepEqual(
    [first, second, third].map((row) => [row?.group, row?.size, row?.real_matched_quantity, row?.real_num_matches, row?.matched_quantity_diff]),
    [
      ['2 partially filled', 'Small', '40', '1', '20'],
      ['3 unfilled', 'Small', '0', '0', '25'],
      ['3 unfilled', 'Small', '0', '0', '0'],
    ],
  );
  const traded = table('trade_level_comparison');
  assert.deepEqual(
    traded.map((row) => [row.orderid, row.real_quantity, row.simulated_quantity, row.real_price, row.match_status]),
    [
      [String(ID), '40', '60', '3008', 'POOR_MATCH'],
      [String(ID + 7n), '0', '25', '', 'POOR_MATCH'],
    ],
  );
});

test('on a generated day no share is matched twice, and none is made or lost', async (t) => {
  const folder = folderWith(t);
  const made = ['--rows', '20000', '--securities', '3', '--start', '2024-09-05', '--end', '2024-09-05', '--companions', '--seed', '7'];
  assert.equal((await rowmill(['generate', 'orders', '--out', join(folder, 'day'), ...made])).code, 0);
  const table = run(join(folder, 'day'));
  const matches = table('simulation_match_details');
  const summary = table('simulation_order_summary');
  assert.ok(matches.length > 50 && summary.length > 50, `${matches.length} matches of ${summary.length} sweeps`);
  const sum = (rows: Row[], key: string): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const row of rows) sums.set(row[key] ?? '', (sums.get(row[key] ?? '') ?? 0) + Number(row.matched_quantity));
    return sums;
  };
  const [bySweep, byOther] = [sum(matches, 'sweep_orderid'), sum(matches, 'incoming_orderid')];
  for (const row of summary) {
    const [available, matched, taken, remaining] = [row.quantity, row.matched_quantity, row.taken_quantity, row.remaining_quantity].map(Number);
    assert.deepEqual([matched, taken], [bySweep.get(row.orderid ?? '') ?? 0, byOther.get(row.orderid ?? '') ?? 0]);
    assert.equal(remaining, Number(available) - Number(matched) - Number(taken));
    assert.ok(Number(remaining) >= 0);
  }
  const first = new Map(
    (parse(readFileSync(join(folder, 'day', 'out', 'orders_quoted.csv')), { columns: true }) as Row[]).map((row) => [row.order_id, row]),
  );
  const sweeps = new Set(summary.map((row) => row.orderid));
  for (const [id, matched] of byOther) if (!sweeps.has(id)) assert.ok(matched <= Number(first.get(id)?.quantity), id);
  for (const { sweep_orderid: sweep, incoming_orderid: other, price } of matches) {
    assert.notEqual(sweep, other);
    const [left, right] = [first.get(sweep), first.get(other)];
    assert.ok(left && right && left.side !== right.side && left.security_code === right.security_code);
    assert.ok(Number(price) > 0);
    assert.ok(BigInt(right.timestamp ?? 0) >= BigInt(left.timestamp ?? 0));
  }
});

test('the t-test is that of the tables', async () => {
  const { pairedTTest, tQuantile } = (await import(new URL('statistics.mjs', EXAMPLE).href)) as {
    pairedTTest(left: number[], right: number[]): Record<string, number> | null;
    tQuantile(share: number, degrees: number): number;
  };
  for (const [degrees, quantile] of [
    [1, 12.7062047362],
    [4, 2.7764451052],
    [30, 2.0422724563],
    [1000, 1.9623390808],
  ] as const) {
    assert.ok(Math.abs(tQuantile(0.975, degrees) - quantile) < 1e-8, `${degrees} degrees`);
  }
  const result = pairedTTest([1, 2, 3, 4, 5], [0, 0, 0, 0, 0]);
  const expected = { n: 5, mean_difference: 3, t: 4.242640687, p: 0.013236, ci_low: 1.036757, ci_high: 4.963243 };
  for (const [name, value] of Object.entries(expected))
    assert.ok(Math.abs((result?.[name] ?? Number.NaN) - value) < 1e-5, `${name} ${result?.[name]}`);
  assert.deepEqual([pairedTTest([1], [0]), pairedTTest([1, 2], [0, 1])], [null, null]);
});
