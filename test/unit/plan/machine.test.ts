import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryBudget } from '#ts/plan/sizing.js';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

test('a run gets a quarter of the container, or of the host where the container has no limit', () => {
  assert.equal(memoryBudget(16 * GIB, 4 * GIB), GIB);
  assert.equal(memoryBudget(16 * GIB, 0), 4 * GIB);
  assert.equal(memoryBudget(16 * GIB, 2 ** 63), 4 * GIB);
});

test('a tiny container gets the least a plan allows, in whole MiB', () => {
  assert.equal(memoryBudget(16 * GIB, 256 * MIB), 128 * MIB);
  assert.equal(memoryBudget(GIB + 5, 0), 256 * MIB);
});
