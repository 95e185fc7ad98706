import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOn, spreadOf } from '#ts/documents/index.js';

test('a spread has the middle, the deviation of a sample, and a confidence by the variation', () => {
  const spread = spreadOf([110, 90, 100, 100]);
  assert.deepEqual([spread.median, spread.mean, spread.least, spread.largest], [100, 100, 90, 110]);
  assert.equal(spread.standardDeviation.toFixed(3), '8.165');
  assert.equal(spread.confidence, 'medium');
  assert.equal(spreadOf([100, 101, 99]).confidence, 'high');
  assert.equal(spreadOf([100, 160, 60]).confidence, 'low');
  assert.equal(spreadOf([1, 2, 30]).median, 2);
});

test('a change is kept or reverted only where the difference is larger than the noise', () => {
  const around = (middle: number, by: number) => spreadOf([middle - by, middle, middle + by, middle - by, middle + by]);
  assert.equal(adviceOn(around(100, 2), around(110, 2)).advice, 'keep');
  assert.equal(adviceOn(around(100, 2), around(90, 2)).advice, 'revert');
  const equal = adviceOn(around(100, 2), around(99, 2));
  assert.equal(equal.advice, 'keep');
  assert.match(equal.reason, /within the noise/);
  assert.equal(adviceOn(around(100, 30), around(90, 30)).advice, 'measure again');
});
