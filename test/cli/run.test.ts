import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { rowmill, start } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let plan = '';

/** Where a file of this run goes. */
function out(name: string): string {
  return join(folder, name);
}

async function generate(name: string, ...settings: string[]): Promise<{ plan: string; rows: number }> {
  const { code, out: text, err } = await rowmill(['generate', 'cost', 'openshift', '--out', out(name), '--json', ...settings]);
  assert.equal(code, 0, err);
  const totals = JSON.parse(text) as { hourlyPodRows: number; clusters: { plan: string }[] };
  return { plan: totals.clusters[0]?.plan ?? '', rows: totals.hourlyPodRows };
}

before(async () => {
  const made = await generate('month', '--rows', '5000', '--seed', '11');
  assert.equal(made.rows, 5000);
  plan = made.plan;
});

test('a run writes a file, and its report is one JSON document', async () => {
  const { code, out: text, err } = await rowmill(['run', '--plan', plan, '--out', out('a.parquet'), '--json']);
  assert.equal(code, 0, err);
  const report = JSON.parse(text) as Record<string, unknown> & { windows: { rows: number }[] };
  for (const key of ['runId', 'target', 'rowsRead', 'rowsOut', 'seconds', 'rowsPerSecond', 'peakRssBytes', 'rejected', 'lookups', 'mode']) {
    assert.ok(key in report, key);
  }
  assert.ok((report.rowsRead as number) >= 5000);
  assert.equal(report.rowsOut, report.windows[0]?.rows);
  assert.ok(existsSync(out('a.parquet')));
});

test('the same rows come from one thread and from three, streaming and in memory', async () => {
  for (const [name, ...flags] of [
    ['one.parquet', '--threads', '1'],
    ['three.parquet', '--threads', '3'],
    ['memory.parquet', '--mode', 'memory'],
    ['spilled.parquet', '--fold-bytes', '4KiB', '--spill', folder],
  ] as const) {
    assert.equal((await rowmill(['run', '--plan', plan, '--out', out(name), '--quiet', ...flags])).code, 0, name);
  }
  for (const name of ['three.parquet', 'memory.parquet', 'spilled.parquet']) {
    const { code, out: text } = await rowmill(['compare', out('one.parquet'), out(name), '--tolerance', '0']);
    assert.equal(code, 0, text);
    assert.match(text, / 0 different, 0 only in left, 0 only in right/);
  }
});

test('compare exits with 1 where result sets differ, and shows which rows', async () => {
  const other = await generate('other', '--rows', '5000', '--seed', '12');
  assert.equal((await rowmill(['run', '--plan', other.plan, '--out', out('other.parquet'), '--quiet'])).code, 0);
  assert.equal((await rowmill(['run', '--plan', plan, '--out', out('this.parquet'), '--quiet'])).code, 0);
  const { code, out: text } = await rowmill(['compare', out('this.parquet'), out('other.parquet'), '--samples', '3', '--json']);
  assert.equal(code, 1);
  const { ok, samples } = JSON.parse(text) as { ok: boolean; samples: { kind: string }[] };
  assert.equal(ok, false);
  for (const kind of ['onlyLeft', 'onlyRight']) assert.equal(samples.filter((sample) => sample.kind === kind).length, 3, kind);
});

test('explain shows the plan, what is read, and memory, and writes nothing', async () => {
  const { code, out: text, err } = await rowmill(['run', '--plan', plan, '--out', out('explained.parquet'), '--explain']);
  assert.equal(code, 0, err);
  assert.match(text, /^source\.root +\S+ +file /m);
  assert.match(text, /^pod_daily +\d+ /m);
  assert.match(text, /^memory: /m);
  assert.ok(!existsSync(out('explained.parquet')));
});

test('in a pipe there is text without control characters, and quiet keeps standard error empty', async () => {
  const loud = await rowmill(['run', '--plan', plan, '--out', out('loud.parquet')]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  assert.ok(!/[\u0000-\u0008\u000b-\u001f]/.test(loud.out + loud.err));
  assert.match(loud.out, /rows\/s; peak memory /);
  const quiet = await rowmill(['run', '--plan', plan, '--out', out('quiet.parquet'), '--quiet']);
  assert.deepEqual([quiet.code, quiet.err], [0, '']);
});

test('a file cut short fails with its code, its name and what to do, and leaves no output', async () => {
  const cut = await generate('cut', '--rows', '500');
  const { out: listed } = await rowmill(['run', '--plan', cut.plan, '--dry-run', '--json']);
  const { windows } = JSON.parse(listed) as { windows: { units: { input: string; uri: string; size: number }[] }[] };
  const unit = windows[0]?.units.find(({ input }) => input === 'pod_daily');
  assert.ok(unit);
  truncateSync(unit.uri, Math.floor(unit.size / 2));
  const { code, err, out: text } = await rowmill(['run', '--plan', cut.plan, '--out', out('cut.parquet'), '--json']);
  assert.equal(code, 1);
  const { error } = JSON.parse(text) as { error: { code: string; place: { file: string } } };
  assert.match(error.code, /^INPUT_/);
  assert.equal(error.place.file, unit.uri);
  assert.ok(err.includes(unit.uri));
  assert.ok(!existsSync(out('cut.parquet')));
});

test('neither a database nor a file is a mistake of the plan', async () => {
  const { code, err } = await rowmill(['run', '--plan', plan]);
  assert.equal(code, 2);
  assert.match(err, /--database .*--out/);
});

/** Whether the engine's threads are at work in this process. */
function isReading(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((task) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').startsWith('rowmill-'));
  } catch {
    // A thread ended between the listing and the look.
    return false;
  }
}

test('an interrupted run exits with 130 and leaves no output', { skip: process.platform !== 'linux' }, async () => {
  const big = await generate('big', '--rows', '400000', '--no-daily');
  const { child, ended } = start(['run', '--plan', big.plan, '--out', out('big.parquet'), '--threads', '1']);
  while (child.exitCode === null && !isReading(child.pid ?? 0)) await wait(2);
  child.kill('SIGINT');
  const { code, err } = await ended;
  assert.equal(code, 130, err);
  assert.match(err, /RUN_CANCELLED/);
  assert.ok(!existsSync(out('big.parquet')));
});
