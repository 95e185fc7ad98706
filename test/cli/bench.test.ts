import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Sheet } from '#ts/bench/index.js';
import { folderWith } from '../unit/folder.js';
import { rowmill } from './program.js';

const CONTENDERS = ['rowmill to nothing', 'rowmill to Parquet', 'bare decode', 'read bytes'];

test('bench measures a generated month and writes its figures where it is told to', async (t) => {
  const folder = folderWith(t, {});
  const reports = join(folder, 'reports');
  const { code, out, err } = await rowmill(['bench', '--rows', '3000', '--rounds', '2', '--threads', '1', '--json', '--out', reports]);
  assert.equal(code, 0, err);
  const sheet = JSON.parse(out) as Sheet;
  assert.deepEqual([sheet.rounds, sheet.threads], [2, 1]);
  const [comparison] = sheet.comparisons;
  assert.ok(comparison);
  assert.deepEqual(Object.keys(comparison.results), CONTENDERS);
  for (const [contender, measured] of Object.entries(comparison.results)) {
    assert.equal(measured.length, 2, contender);
    for (const { seconds, cpuSeconds, peakRssBytes } of measured) assert.ok(seconds > 0 && cpuSeconds > 0 && peakRssBytes > 1e6, contender);
  }
  const phases = comparison.results['rowmill to Parquet']?.[0]?.details.cpu?.map(({ phase }) => phase) ?? [];
  for (const phase of ['open', 'decode', 'finish', 'encode']) assert.ok(phases.includes(phase), `${phase} in ${phases.join(', ')}`);
  assert.deepEqual(readdirSync(reports).sort(), ['rowmill-bench.json', 'rowmill-bench.md', 'rowmill-bench.svg']);
  assert.deepEqual(JSON.parse(readFileSync(join(reports, 'rowmill-bench.json'), 'utf8')), sheet);
});

test('bench measures the plan that it is given, and writes nothing that it is not asked for', async (t) => {
  const folder = folderWith(t, {});
  const month = join(folder, 'month');
  assert.equal((await rowmill(['generate', 'cost', 'openshift', '--rows', '2000', '--volumes', '0', '--out', month])).code, 0);
  const before = readdirSync(folder, { recursive: true }).sort();
  const plan = join(month, 'cluster-001', 'plan.json');
  const { code, out, err } = await rowmill(['bench', '--plan', plan, '--input', 'hourly', '--rounds', '1', '--quiet']);
  assert.equal(code, 0, err);
  assert.equal(err, '');
  assert.match(out, /^bare decode +[\d.]+ +[\d.]+ /m);
  assert.match(out, /^phase, to Parquet +CPU s +share$/m);
  assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), before);
});

test('bench fails as the run would, with its code', async (t) => {
  const folder = folderWith(t, {});
  const month = join(folder, 'month');
  const settings = ['--rows', '2000', '--volumes', '0', '--label-malformed', '100'];
  assert.equal((await rowmill(['generate', 'cost', 'openshift', ...settings, '--out', month])).code, 0);
  const ended = await rowmill(['bench', '--plan', join(month, 'cluster-001', 'plan.json'), '--rounds', '1', '--json']);
  assert.equal(ended.code, 1);
  assert.match((JSON.parse(ended.out) as { error: { code: string } }).error.code, /^COST_|^DATA_/);
});

test('bench refuses what it cannot measure', async () => {
  for (const [args, code, said] of [
    [['bench', '--rows', '0'], 2, /a whole number from 1/],
    [['bench', '--input', 'weekly'], 2, /hourly, daily/],
    [['bench', '--plan', '/absent/plan.yaml'], 2, /\/absent\/plan\.yaml/],
  ] as const) {
    const ended = await rowmill([...args]);
    assert.equal(ended.code, code, args.join(' '));
    assert.match(ended.err, said);
  }
});
