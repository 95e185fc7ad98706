import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '#ts/addon.js';
import { fingerprint } from '#ts/run/fingerprint.js';

const window = { start: '2025-10-01', end: '2025-10-31', year: '2025', month: '10' };
const plan = {
  pipeline: 'cost openshift',
  source: { account: 'a', id: 'b' },
  options: { enabledKeys: ['app'] },
  budget: { threads: 1 },
} as unknown as Plan;
const a = { input: 'pods', uri: '/a', size: 1, version: '1' };
const b = { input: 'pods', uri: '/b', size: 1, version: '1' };
const known = fingerprint(plan, window, [a, b]);

test('the order of files, threads and memory do not change a fingerprint', () => {
  assert.equal(fingerprint(plan, window, [b, a]), known);
  assert.equal(fingerprint({ ...plan, budget: { ...plan.budget, threads: 7 } }, window, [a, b]), known);
});

test('the way files are cut into ranges does not change a fingerprint', () => {
  const pieces = [
    { ...a, range: { start: 0, end: 1 } },
    { ...a, range: { start: 1, end: 2 } },
  ];
  assert.equal(fingerprint(plan, window, [...pieces, b]), known);
});

test('the order of settings does not change a fingerprint', () => {
  const one = { ...plan, options: { a: 1, b: { c: 2, d: 3 } } };
  const other = { ...plan, options: { b: { d: 3, c: 2 }, a: 1 } };
  assert.equal(fingerprint(one, window, [a]), fingerprint(other, window, [a]));
});

test('a file, its version, a setting, a look-up and a day each change it', () => {
  const others = [
    fingerprint(plan, window, [a]),
    fingerprint(plan, window, [a, { ...b, version: '2' }]),
    fingerprint({ ...plan, options: { enabledKeys: ['app', 'env'] } }, window, [a, b]),
    fingerprint({ ...plan, source: { ...plan.source, id: 'c' } }, window, [a, b]),
    fingerprint(plan, { ...window, end: '2025-10-30' }, [a, b]),
  ];
  assert.equal(new Set([known, ...others]).size, 6);
});
