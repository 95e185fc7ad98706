import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultScalingConfig, withSettings } from '#ts/plan/scaling-config.js';
import { folderWith } from '../unit/folder.js';
import { rowmill } from './program.js';

const OPENSHIFT = ['--source', '/data', '--account', 'org', '--source-id', '00000000-0000-4000-8000-000000000001', '--month', '2025-10'];

test('the machine is printed, with what follows from it, as text and as JSON', async (t) => {
  const text = await rowmill(['config', 'hardware']);
  assert.equal(text.code, 0, text.err);
  for (const line of [/^machine +(laptop|workstation|server)$/m, /^auto: workers +\d+$/m, /^auto: piece of a file +\d+ MiB$/m]) {
    assert.match(text.out, line);
  }
  assert.ok(!/disk of/.test(text.out));
  const { code, out } = await rowmill(['config', 'hardware', '--json', '--disk', folderWith(t)]);
  assert.equal(code, 0);
  const found = JSON.parse(out) as { hardware: { memoryBytes: number }; sizing: { workers: number }; disk: { megabytesPerSecond: number } };
  assert.ok(found.hardware.memoryBytes > 0 && found.sizing.workers >= 1 && found.disk.megabytesPerSecond > 0);
});

test('init with a preset writes a plan that has its numbers, commented as YAML and plain as JSON', async (t) => {
  const folder = folderWith(t);
  for (const name of ['plan.yaml', 'plan.json']) {
    const out = join(folder, name);
    assert.equal((await rowmill(['config', 'init', 'orders', '--preset', 'server', '--out', out])).code, 0);
    const shown = await rowmill(['config', 'show', '--plan', out]);
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /^orders\.maxWorkers +30 +file /m);
    assert.match(shown.out, /^orders\.chunkSizeMb +2000 +file /m);
  }
  assert.match(readFileSync(join(folder, 'plan.yaml'), 'utf8'), /^ {2}maxWorkers: 30$/m);
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as object).slice(0, 2), ['pipeline', 'source']);
});

test('a preset that does not exist exits with 2 and names those that do', async () => {
  for (const args of [
    ['config', 'init', 'orders', '--preset', 'mainframe'],
    ['config', 'show', 'orders', '--source', '/data', '--preset', 'mainframe'],
  ]) {
    const { code, err } = await rowmill(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /laptop, workstation, server/);
  }
});

test('a preset is a layer that config show names', async () => {
  const { code, out, err } = await rowmill(['config', 'show', 'orders', '--source', '/data/orders.csv', '--preset', 'workstation']);
  assert.equal(code, 0, err);
  assert.match(out, /^orders\.maxWorkers +7 +preset workstation$/m);
});

test('a scaling document becomes a plan file that is good, and what has no counterpart is said in it and on standard error', async (t) => {
  const selection = { security_codes: [110621, 85603], date_range: { start: '2024-09-04', end: '2024-09-05' } };
  const document = withSettings(defaultScalingConfig(), { processing: { max_workers: 3 }, data_selection: selection, output: { output_dir: '.' } });
  const folder = folderWith(t, { 'scaling.json': JSON.stringify(document) });
  const out = join(folder, 'plan.yaml');
  const { code, err } = await rowmill(['config', 'import', 'orders', join(folder, 'scaling.json'), '--out', out]);
  assert.equal(code, 0, err);
  assert.match(err, /^simulation has no counterpart/m);
  assert.match(readFileSync(out, 'utf8'), /^# simulation has no counterpart/m);
  const shown = await rowmill(['config', 'show', '--plan', out]);
  assert.equal(shown.code, 0, shown.err);
  for (const line of [/^orders\.maxWorkers +3 /m, /^orders\.securityCodes +\[110621,85603\] /m, /^window\.end +2024-09-05 /m])
    assert.match(shown.out, line);
});

test('everything that is wrong with a scaling document is said at once', async (t) => {
  const document = withSettings(defaultScalingConfig(), { processing: { max_workers: 0, chunk_size_mb: 8 }, output: { output_dir: '.' } });
  const path = join(folderWith(t, { 'scaling.json': JSON.stringify(document) }), 'scaling.json');
  const { code, err } = await rowmill(['config', 'import', 'orders', path]);
  assert.equal(code, 2);
  assert.match(err, /max_workers must be 'auto' or integer >= 1, got 0/);
  assert.match(err, /chunk_size_mb must be 'auto' or integer >= 32, got 8/);
  const unknown = await rowmill(['config', 'import', 'orders', 'mainframe']);
  assert.deepEqual([unknown.code, /Unknown config source: mainframe/.test(unknown.err)], [2, true]);
});

test('a saved plan is the plan, and is not written over by accident', async (t) => {
  const to = join(folderWith(t), 'plan.json');
  const args = ['config', 'save', 'cost', 'openshift', ...OPENSHIFT, '--cluster-id', 'c', '--threads', '3', '--to', to];
  const { code, err } = await rowmill(args);
  assert.equal(code, 0, err);
  assert.match((await rowmill(['config', 'show', '--plan', to])).out, /^budget\.threads +3 +file /m);
  assert.equal((await rowmill(args)).code, 1);
  assert.equal((await rowmill([...args, '--force'])).code, 0);
});
