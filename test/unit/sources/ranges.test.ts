import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, Unit } from '#ts/addon.js';
import { cutIntoRanges } from '#ts/sources/ranges.js';

const MIB = 1 << 20;

function file(uri: string, size: number): Unit {
  return { input: 'orders', uri, size, version: '1' };
}

function ranges(uri: string, size: number, unitBytes: number | null, threads = 2): (Unit['range'] | null)[] {
  const plan = { source: { unitBytes }, budget: { threads } } as unknown as Plan;
  return cutIntoRanges(plan, [file(uri, size)]).map(({ range }) => range ?? null);
}

test('a file is covered by ranges that touch, none of them longer than asked, and of about equal length', () => {
  for (const [size, unitBytes] of [
    [10, 1],
    [10, 3],
    [1000, 999],
    [7 * MIB, 2 * MIB],
  ] as const) {
    const found = ranges('/a.csv', size, unitBytes).filter((range) => range !== null && range !== undefined);
    assert.equal(found[0]?.start, 0);
    assert.equal(found.at(-1)?.end, size);
    for (const [at, { start, end }] of found.entries()) {
      assert.ok(end > start && end - start <= unitBytes);
      assert.equal(start, found[at - 1]?.end ?? 0);
    }
    const lengths = found.map(({ start, end }) => end - start);
    assert.ok(Math.max(...lengths.slice(0, -1)) - Math.min(...lengths.slice(0, -1)) === 0, 'all but the last are equal');
  }
});

test('small files, compressed files and Parquet stay whole', () => {
  assert.deepEqual(ranges('/a.csv', 10, 10), [null]);
  assert.deepEqual(ranges('/a.csv', 0, 1), [null]);
  assert.deepEqual(ranges('/a.csv.gz', 1000, 10), [null]);
  assert.deepEqual(ranges('/a.parquet', 1000, 10), [null]);
});

test('without a length asked for, each thread finds four units, of 4 to 256 MiB', () => {
  assert.equal(ranges('/a.csv', 1024 * MIB, null, 4).length, 16);
  assert.equal(ranges('/a.csv', 8 * MIB, null, 4).length, 2);
  assert.equal(ranges('/a.csv', 200 * 1024 * MIB, null, 4).length, 800);
});

test('a length that cuts a file into more than a million pieces is a problem of the plan', () => {
  assert.throws(() => ranges('/a.csv', 3_000_000, 2), { code: 'PLAN_INVALID', message: /1500000 pieces/ });
});
