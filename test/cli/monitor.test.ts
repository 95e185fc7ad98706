import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('under a budget that is too small fewer workers run, the report says when and why, and the rows are the same', async () => {
  // Memory that something else in the process holds: it counts, since the budget is that of the whole process.
  writeFileSync(out('ballast.cjs'), 'globalThis.ballast = Buffer.alloc(80 * 1024 ** 2, 1);\n');
  const env = { NODE_OPTIONS: `--require ${out('ballast.cjs')}` };
  const small = ['--memory', '128MiB', '--threads', '8', '--monitor-out', out('small.json'), '--monitor-log', out('small.jsonl')];
  const { code, err, out: text } = await rowmill(['run', '--plan', plan, '--out', out('small.parquet'), ...small], env);
  assert.equal(code, 0, err);
  const { worker_changes: changes, workers_least: least } = document('small.json') as {
    worker_changes: { from: number; to: number; memory_percent: number }[];
    workers_least: number;
  };
  assert.deepEqual([changes[0]?.from, changes[0]?.to, least], [8, 6, 6]);
  assert.ok((changes[0]?.memory_percent ?? 0) > 85);
  assert.match(err, /^memory at \d+ %: 6 workers instead of 8$/m);
  assert.match(text, /^workers: 6 of 8 at the least/m);
  const states = readFileSync(out('small.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { workers: number }).workers);
  assert.deepEqual(new Set(states), new Set([6]));
  assert.equal((await rowmill(['run', '--plan', plan, '--out', out('usual.parquet'), '--quiet'])).code, 0);
  assert.equal((await rowmill(['compare', out('small.parquet'), out('usual.parquet'), '--tolerance', '0'])).code, 0);
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

const ORDERS = ['order_id', 'timestamp', 'security_code', 'participantid', 'quantity', 'price'];

/** An order log of 1 and 2 September 2024, noon in UTC. */
function orderLog(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const nanoseconds = BigInt(Date.UTC(2024, 8, 1 + (row % 2), 1)) * 1_000_000n;
    return `${7_900_000_000_000_000_000n + BigInt(row)},${nanoseconds + BigInt(row)},${110621 + (row % 2)},69,100,3340`;
  });
  return `${[ORDERS.join(','), ...lines].join('\n')}\n`;
}

test('every job that a plan of orders asks for has a result: completed with its rows, or with 0', async () => {
  writeFileSync(out('orders.csv'), orderLog(10));
  const asked = { securityCodes: [110621, 999] };
  const settings = { pipeline: 'orders', source: { root: out('orders.csv') }, window: { start: '2024-09-01', end: '2024-09-02' }, orders: asked };
  writeFileSync(out('orders.json'), JSON.stringify({ ...settings, output: { folder: out('aggregates') } }));
  const run = ['run', '--plan', out('orders.json'), '--jobs-out', out('jobs.json'), '--monitor-out', out('orders-monitor.json')];
  const { code, err, out: text } = await rowmill(run);
  assert.equal(code, 0, err);
  assert.match(text, /^4 jobs: 4 completed \(3 without rows\)$/m);
  const { metrics, results } = document('jobs.json') as { metrics: Record<string, number>; results: Record<string, unknown>[] };
  assert.deepEqual([metrics.total_jobs, metrics.completed_jobs, metrics.rows, metrics.success_rate], [4, 4, 5, 100]);
  assert.deepEqual(
    results.map(({ job_id, status, rows }) => [job_id, status, rows]),
    [
      ['110621_2024-09-01', 'completed', 5],
      ['110621_2024-09-02', 'completed', 0],
      ['999_2024-09-01', 'completed', 0],
      ['999_2024-09-02', 'completed', 0],
    ],
  );
  const monitor = document('orders-monitor.json');
  assert.deepEqual([monitor.total_jobs, monitor.total_rows_processed, monitor.total_rows_output], [4, 10, 5]);
});

test('when the run fails all its jobs have failed with its error', async () => {
  writeFileSync(out('bad.csv'), `${ORDERS.join(',')}\n1,2,110621,69,ten,3340\n`);
  const settings = { pipeline: 'orders', source: { root: out('bad.csv') }, window: { start: '1970-01-01', end: '1970-01-02' } };
  writeFileSync(out('bad.json'), JSON.stringify({ ...settings, orders: { securityCodes: [110621] }, output: { folder: out('never') } }));
  const { code, err } = await rowmill(['run', '--plan', out('bad.json'), '--jobs-out', out('bad-jobs.json')]);
  assert.equal(code, 1);
  assert.match(err, /DATA_VALUE_INVALID/);
  const { results, error } = document('bad-jobs.json') as { results: { status: string; error: string }[]; error: { code: string; message: string } };
  assert.equal(error.code, 'DATA_VALUE_INVALID');
  assert.deepEqual(
    results.map(({ status, error: reason }) => [status, reason]),
    Array(2).fill(['failed', error.message]),
  );
});
