import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { rowmill } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-monitor-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let plan = '';

function out(name: string): string {
  return join(folder, name);
}

function document(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(out(name), 'utf8')) as Record<string, unknown>;
}

before(async () => {
  const { code, out: text, err } = await rowmill(['generate', 'cost', 'openshift', '--out', out('month'), '--json', '--rows', '5000', '--seed', '3']);
  assert.equal(code, 0, err);
  plan = (JSON.parse(text) as { clusters: { plan: string }[] }).clusters[0]?.plan ?? '';
});

test('a run tells how it went in its files, and its report on standard output stays one document', async () => {
  const files = ['--monitor-out', out('m.json'), '--monitor-log', out('m.jsonl'), '--jobs-out', out('j.json')];
  const { code, out: text, err } = await rowmill(['run', '--plan', plan, '--out', out('a.parquet'), '--json', ...files]);
  assert.equal(code, 0, err);
  const report = JSON.parse(text) as { rowsRead: number; monitor: { samples: number } };
  const metrics = document('m.json');
  assert.equal(metrics.total_rows_processed, report.rowsRead);
  assert.ok((metrics.peak_memory_mb as number) > 10 && (metrics.total_duration_sec as number) > 0);
  assert.equal(readFileSync(out('m.jsonl'), 'utf8').trimEnd().split('\n').length, report.monitor.samples);
  assert.ok(report.monitor.samples >= 2);
  assert.deepEqual((document('j.json').metrics as { total_jobs: number }).total_jobs, 0);
});

test('under a tiny budget fewer workers run, and the report says when and why', async () => {
  const small = ['--memory', '128MiB', '--threads', '8', '--monitor-out', out('small.json')];
  const { code, err } = await rowmill(['run', '--plan', plan, '--out', out('small.parquet'), '--quiet', ...small]);
  assert.equal(code, 0, err);
  const { worker_changes: changes, workers_planned: planned } = document('small.json') as {
    worker_changes: { from: number; to: number; memory_percent: number }[];
    workers_planned: number;
  };
  assert.equal(planned, 8);
  for (const { from, to, memory_percent } of changes) assert.ok(to < from ? memory_percent > 85 : memory_percent < 70);
});

test('a run that takes longer than it may is cancelled, leaves nothing, and says so in its files', async () => {
  const limited = ['--timeout', '0.0001', '--jobs-out', out('late.json')];
  const { code, err } = await rowmill(['run', '--plan', plan, '--out', out('late.parquet'), ...limited]);
  assert.equal(code, 1, err);
  assert.match(err, /RUN_TIMED_OUT: timeout: the run was not done after 0\.0001 s/);
  assert.ok(!existsSync(out('late.parquet')));
  assert.equal((document('late.json').error as { code: string }).code, 'RUN_TIMED_OUT');
});

test('numbers that are none are all said at once, before anything is begun', async () => {
  const { code, err } = await rowmill(['run', '--plan', plan, '--out', out('b.parquet'), '--timeout', '0', '--retries', '1.5']);
  assert.equal(code, 2);
  assert.match(err, /--timeout: "0" is not allowed; allowed: seconds above 0/);
  assert.match(err, /--retries: "1\.5" is not allowed; allowed: a whole number/);
  assert.ok(!existsSync(out('b.parquet')));
});

test('a log that cannot be written ends the run before it begins', async () => {
  const { code, err } = await rowmill(['run', '--plan', plan, '--out', out('c.parquet'), '--monitor-log', out('absent/m.jsonl')]);
  assert.equal(code, 1);
  assert.match(err, /SINK_FILE_FAILED/);
  assert.ok(!existsSync(out('c.parquet')));
});
