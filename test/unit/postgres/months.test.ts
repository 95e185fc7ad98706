import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMonths, monthOf, monthsBetween } from '#ts/postgres/months.js';
import { literal, parseTableName, quoted } from '#ts/postgres/names.js';
import { parseBounds } from '#ts/postgres/partitions.js';

test('months go over the turn of the year in both directions', () => {
  assert.equal(addMonths('2025-12', 1), '2026-01');
  assert.equal(addMonths('2025-01', -1), '2024-12');
  assert.deepEqual(monthsBetween('2025-11', '2026-02'), ['2025-11', '2025-12', '2026-01', '2026-02']);
  assert.equal(monthOf('2025-10-31'), '2025-10');
});

test('partition bounds are read as the server prints them', () => {
  assert.deepEqual(parseBounds("FOR VALUES FROM ('2025-10-01') TO ('2025-11-01')"), { from: '2025-10-01', to: '2025-11-01' });
  assert.deepEqual(parseBounds("FOR VALUES FROM (MINVALUE) TO ('2025-11-01 00:00:00')"), { from: null, to: '2025-11-01' });
  assert.equal(parseBounds('DEFAULT'), null);
  assert.equal(parseBounds("FOR VALUES IN ('a')"), null);
});

test('names and texts cannot leave their quotes', () => {
  assert.equal(quoted('a"b'), '"a""b"');
  assert.equal(literal("a'b"), "'a''b'");
  assert.deepEqual(parseTableName('org.t', 'public'), { schema: 'org', name: 't' });
  assert.deepEqual(parseTableName('t', 'public'), { schema: 'public', name: 't' });
});
