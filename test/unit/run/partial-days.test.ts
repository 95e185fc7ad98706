import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '#ts/addon.js';
import { partialDays } from '#ts/run/partial-days.js';

const october = { start: '2025-10-01', end: '2025-10-31', year: '2025', month: '10' };

function comparisonOf(days: (string | null)[]): Comparison {
  const counts = days.map((day) => ({ day, leftRows: 1, rightRows: 1, different: 1 }));
  return { leftRows: 0, rightRows: 0, matched: 0, onlyLeft: 0, onlyRight: 0, different: 0, samples: [], totals: [], days: counts };
}

function daysOf(days: (string | null)[], hours: Map<string, number> | null): string[] {
  return partialDays(comparisonOf(days), october, hours).map(({ day }) => day);
}

test('a day with fewer than 24 intervals is partial', () => {
  const hours = new Map([
    ['2025-10-01', 24],
    ['2025-10-02', 23],
  ]);
  assert.deepEqual(daysOf(['2025-10-01', '2025-10-02', '2025-10-03'], hours), ['2025-10-02', '2025-10-03']);
});

test('where nothing tells the hours, the edges of the data are partial unless they are the edges of the window', () => {
  assert.deepEqual(daysOf(['2025-10-02', '2025-10-03', '2025-10-04'], null), ['2025-10-02', '2025-10-04']);
  assert.deepEqual(daysOf(['2025-10-01', '2025-10-03', '2025-10-31'], null), []);
});

test('rows without a day are never excused', () => {
  assert.deepEqual(daysOf([null, '2025-10-01'], new Map([['2025-10-01', 24]])), []);
});
