import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Failure, Place } from '#ts/errors.js';
import { folderWith } from '../unit/folder.js';
import { damagedMonth, type Failed, KIND } from './damaged-month.js';
import { PROGRAM, rowmill } from './program.js';
import { tinyDisk } from './tiny-disk.js';

/** The failure has this code, place and help, and a person reads all of them too. */
function assertFailure({ code, text, error }: Failed, expected: { code: Failure['code']; message: RegExp; place: Place; help: RegExp }): void {
  assert.equal(code, 1, text);
  assert.equal(error.code, expected.code);
  assert.match(error.message, expected.message);
  assert.deepEqual(error.place, expected.place);
  assert.match(error.help ?? '', expected.help);
  const { file, rowGroup, row, column, value } = expected.place;
  const words = [file, rowGroup !== undefined && `row group ${rowGroup}`, row !== undefined && `row ${row}`, column, value && JSON.stringify(value)];
  for (const word of [error.code, error.message, error.help, ...words]) assert.ok(!word || text.includes(word), `${word} in ${text}`);
}

test('a file cut short is called truncated', async (t) => {
  const month = await damagedMonth(t);
  const file = month.file(KIND.podDaily);
  truncateSync(file, Math.floor(statSync(file).size / 2));
  const place = { file };
  assertFailure(await month.fails(), { code: 'INPUT_FILE_TRUNCATED', message: /no footer at its end \(\d+ bytes\)/, place, help: /copy it again/ });
});

test('a file of no bytes is called empty', async (t) => {
  const month = await damagedMonth(t);
  const file = month.file(KIND.podDaily);
  truncateSync(file, 0);
  assertFailure(await month.fails(), { code: 'INPUT_FILE_TRUNCATED', message: /empty \(0 bytes\)/, place: { file }, help: /copy it again/ });
});

test('pages that do not decode are a failure with row group and column', async (t) => {
  const month = await damagedMonth(t);
  const file = month.file(KIND.podDaily);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(2000, 7), 0, 2000, 100);
  closeSync(handle);
  const { code, error } = await month.fails();
  assert.deepEqual([code, error.place.file, error.place.rowGroup], [1, file, 0]);
  assert.match(error.code, /^INPUT_(FORMAT_INVALID|FILE_TRUNCATED)$/);
  assert.ok(error.place.column);
  assert.match(error.help ?? '', /copy it again/);
});

test('a column of another type is named with the type it has and the types it may have', async (t) => {
  for (const [column, sql, message] of [
    ['pod_usage_cpu_core_seconds', "'much'", /type Utf8, expected a number/],
    ['interval_start', 'true', /type Boolean, expected a timestamp/],
    ['pod_labels', '1.5::DOUBLE', /type Float64, expected text/],
  ] as const) {
    const month = await damagedMonth(t);
    const file = month.file(KIND.podDaily);
    await month.rewrite(file, `SELECT * REPLACE (${sql} AS ${column}) FROM '${file}'`);
    assertFailure(await month.fails(), { code: 'INPUT_COLUMN_TYPE', message, place: { file, column }, help: /expected type/ });
  }
});

test('a file that is no Parquet is shown by its first bytes', async (t) => {
  const month = await damagedMonth(t);
  const file = month.file(KIND.podDaily);
  writeFileSync(file, 'namespace,pod\nshop,cart\n'.repeat(40));
  const place = { file, value: 'name' };
  assertFailure(await month.fails(), { code: 'INPUT_FORMAT_INVALID', message: /not a Parquet file/, place, help: /written as Parquet/ });
});

test('a file that this user may not read is named', { skip: process.getuid?.() === 0 && 'root may read everything' }, async (t) => {
  const month = await damagedMonth(t);
  const file = month.file(KIND.podDaily);
  chmodSync(file, 0);
  const { code, error } = await month.fails();
  assert.deepEqual([code, error.code, error.place.file], [1, 'INPUT_FILE_UNREADABLE', file]);
});

test('a link to nothing and a link to itself are unreadable files', async (t) => {
  for (const target of ['nowhere.parquet', 'self.parquet']) {
    const month = await damagedMonth(t);
    const link = join(dirname(month.file(KIND.podDaily)), 'self.parquet');
    symlinkSync(target, link);
    const { code, error, text } = await month.fails();
    assert.deepEqual([code, error.code, error.place.file], [1, 'INPUT_FILE_UNREADABLE', link]);
    assert.match(text, /Check /);
  }
});

test('a folder whose name ends like a file is looked into and not read', async (t) => {
  const month = await damagedMonth(t);
  const folder = join(dirname(month.file(KIND.podDaily)), 'a.parquet');
  mkdirSync(folder);
  assert.equal((await rowmill(['run', '--plan', month.plan, '--out', month.out, '--quiet'])).code, 0);
  rmSync(month.out);
  writeFileSync(join(folder, 'b.parquet'), 'no Parquet');
  assert.equal((await month.fails()).error.place.file, join(folder, 'b.parquet'));
});

test('an empty folder fails with the places that were looked at and the settings they come from', async (t) => {
  const month = await damagedMonth(t);
  rmSync(join(month.folder, 'data'), { recursive: true });
  const absent = await month.fails();
  mkdirSync(join(month.folder, 'data', 'parquet'), { recursive: true });
  for (const failed of [absent, await month.fails()]) {
    const help = /source\.layout, source\.account, source\.id and the window[\s\S]*pod_usage\/source=[\s\S]*\*\*\/\*\.parquet/;
    assertFailure(failed, { code: 'INPUT_MISSING', message: /no input files for 2025-10-01 to 2025-10-31/, place: { file: month.folder }, help });
  }
});

test('labels that are no JSON fail an exact run with their row and their text', async (t) => {
  for (const [kind, column, text] of [
    [KIND.podDaily, 'pod_labels', '{"app": oops'],
    [KIND.storageDaily, 'persistentvolume_labels', '[1, 2]'],
    [KIND.storageDaily, 'persistentvolumeclaim_labels', 'none'],
  ] as const) {
    const month = await damagedMonth(t);
    const file = month.file(kind);
    await month.put(file, 7, column, `'${text}'`);
    const place = { file, rowGroup: 0, row: 7, column, value: text };
    assertFailure(await month.fails(), { code: 'DATA_LABELS_INVALID', message: /not a flat JSON object: .* at byte \d+/, place, help: /write \{\}/ });
  }
});

test('labels that are no JSON are counted and shown by a corrected run, which exits with 3', async (t) => {
  const month = await damagedMonth(t);
  const file = month.file(KIND.podDaily);
  for (const row of [3, 9]) await month.put(file, row, 'pod_labels', `'{"app": oops'`);
  const run = ['run', '--plan', month.plan, '--out', month.out, '--semantics', 'corrected'];
  const json = await rowmill([...run, '--json']);
  assert.equal(json.code, 3, json.err);
  const { rejected, rowsRejected } = JSON.parse(json.out) as { rejected: { reason: string; rows: number; place: Place }[]; rowsRejected: number };
  assert.deepEqual([rowsRejected, rejected.length, rejected[0]?.rows], [2, 1, 2]);
  assert.match(rejected[0]?.reason ?? '', /^DATA_LABELS_INVALID: pod_labels /);
  assert.deepEqual([rejected[0]?.place.column, rejected[0]?.place.value], ['pod_labels', '{"app": oops']);
  const text = await rowmill(run);
  assert.equal(text.code, 3);
  assert.match(text.out, /2 rows: DATA_LABELS_INVALID.*\{\\"app\\": oops/);
});

test('a window over two months is split, and each part is read from its own folder', async (t) => {
  const root = folderWith(t);
  const made = await rowmill(['generate', 'cost', 'openshift', '--out', root, '--rows', '6000', '--months', '2', '--file-per', 'month']);
  assert.equal(made.code, 0, made.err);
  const plan = join(root, 'cluster-001', 'plan.json');
  const settings = JSON.parse(readFileSync(plan, 'utf8')) as Record<string, Record<string, unknown>>;
  const windows = async (split: boolean): Promise<[string, string, number][]> => {
    settings.window = { start: '2025-10-20', end: '2025-11-10', split };
    const periods = [
      { month: '2025-10', id: 1 },
      { month: '2025-11', id: 2 },
    ];
    settings.openshift = { ...settings.openshift, reportPeriodId: split ? null : 1, reportPeriods: split ? periods : [] };
    writeFileSync(plan, JSON.stringify(settings));
    const { code, out, err } = await rowmill(['run', '--plan', plan, '--out', join(root, 'rows.parquet'), '--json']);
    assert.equal(code, 0, err);
    const report = JSON.parse(out) as { windows: { start: string; end: string; rows: number }[] };
    return report.windows.map(({ start, end, rows }) => [start, end, rows]);
  };
  const [october, november, ...more] = await windows(true);
  assert.deepEqual([october?.slice(0, 2), november?.slice(0, 2), more.length], [['2025-10-20', '2025-10-31'], ['2025-11-01', '2025-11-10'], 0]);
  assert.ok((october?.[2] ?? 0) > 100 && (november?.[2] ?? 0) > 100);
  const written = readdirSync(root)
    .filter((name) => name.startsWith('rows'))
    .sort();
  assert.deepEqual(written, ['rows.2025-10-20.parquet', 'rows.2025-11-01.parquet']);
  // The folder of the first day's month has no rows of the second month, and the statement reads no other.
  assert.deepEqual(await windows(false), [['2025-10-20', '2025-11-10', october?.[2]]]);
});

test('a window over two months needs a report period for each', async (t) => {
  const month = await damagedMonth(t);
  month.settings((plan) => {
    plan.window = { start: '2025-10-20', end: '2025-11-10' };
  });
  const { code, text } = await month.fails();
  assert.equal(code, 2);
  assert.match(text, /openshift\.reportPeriodId: .*several months.*openshift\.reportPeriods with one entry per month/);
});

test('NaN and infinity in a summed column fail with file, row group, row, column and value', async (t) => {
  for (const [kind, row, column, value] of [
    [KIND.podDaily, 3, 'pod_usage_cpu_core_seconds', 'NaN'],
    [KIND.podDaily, 4, 'pod_request_memory_byte_seconds', '-inf'],
    [KIND.podHourly, 2500, 'node_capacity_cpu_core_seconds', 'inf'],
    [KIND.storageDaily, 5, 'persistentvolumeclaim_usage_byte_seconds', 'inf'],
  ] as const) {
    const month = await damagedMonth(t);
    const file = month.file(kind);
    await month.put(file, row, column, `'${value}'::DOUBLE`);
    const place = { file, rowGroup: Math.floor(row / 2048), row: row % 2048, column, value };
    assertFailure(await month.fails(), { code: 'DATA_NUMBER_NOT_FINITE', message: /not finite/, place, help: /NULL or 0/ });
  }
});

test('a sum too large for numeric(33,15) fails with its day, namespace and column, and leaves no output', async (t) => {
  const month = await damagedMonth(t);
  await month.put(month.file(KIND.podDaily), 3, 'pod_usage_cpu_core_seconds', '1e35');
  const message = /does not fit numeric\(33,15\) in the summary row of 2025-10-\d\d, namespace "[\w-]+", node "[\w-]+"/;
  const place = { column: 'pod_usage_cpu_core_hours', value: 'beyond 1e18' };
  assertFailure(await month.fails(), { code: 'DATA_NUMBER_OVERFLOW', message, place, help: /below 1e18/ });
});

test('a text of 253 characters is kept, and one more fails with its column and its beginning', async (t) => {
  for (const [column, letter] of [
    ['namespace', 'n'],
    ['node', 'ü'],
  ] as const) {
    const month = await damagedMonth(t);
    const file = month.file(KIND.podDaily);
    await month.put(file, 3, column, `repeat('${letter}', 253)`);
    assert.equal((await rowmill(['run', '--plan', month.plan, '--out', month.out, '--quiet'])).code, 0);
    rmSync(month.out);
    await month.put(file, 3, column, `repeat('${letter}', 254)`);
    const place = { column, value: letter.repeat(200) };
    const message = new RegExp(`longer than 253 characters in the summary row of 2025-10-\\d\\d.*"${letter.repeat(63)}…"`);
    assertFailure(await month.fails(), { code: 'DATA_TEXT_TOO_LONG', message, place, help: /shorten it/ });
  }
});

test('a setting that does not exist is refused with the nearest that does', async (t) => {
  const month = await damagedMonth(t);
  month.settings((plan) => {
    Object.assign(plan, { budget: { memroy: '1GiB' }, openshfit: { clusterId: 'a' }, moed: 'memory' });
  });
  const { code, text, error } = await month.fails();
  assert.deepEqual([code, error.code], [2, 'PLAN_INVALID']);
  for (const [wrong, near] of [
    ['budget.memroy', 'budget.memory'],
    ['openshfit', 'openshift'],
    ['moed', 'mode'],
  ]) {
    assert.ok(text.includes(`  ${wrong}: there is no such setting; allowed: perhaps ${near} (from file ${month.plan})`), text);
  }
});

test('a date that does not exist is refused with the form that is wanted', async (t) => {
  const month = await damagedMonth(t);
  for (const [flag, value, said] of [
    ['--month', '2025-13', /window\.month: "2025-13" is not allowed; allowed: a month of the form YYYY-MM \(from command line\)/],
    ['--start', '2025-02-30', /window\.start: "2025-02-30" is not allowed; allowed: a day of the form YYYY-MM-DD/],
    ['--end', 'tomorrow', /window\.end: "tomorrow" is not allowed/],
  ] as const) {
    const { code, text } = await month.fails(flag, value);
    assert.equal(code, 2);
    assert.match(text, said);
  }
  month.settings((plan) => {
    delete plan.window;
  });
  assert.match(
    (await month.fails('--start', '2025-10-31', '--end', '2025-10-01')).text,
    /window\.end: 2025-10-01 is before window\.start, 2025-10-31/,
  );
});

test('all problems of a plan are told at once, each with path, value, what is allowed and origin', async (t) => {
  const month = await damagedMonth(t);
  const { code, error } = await month.fails('--month', '2025-13', '--threads', '0', '--mode', 'fast', '--memory', '1MiB', '--source-id', 'x');
  assert.equal(code, 2);
  assert.deepEqual((error.problems ?? []).map(({ path }) => path).sort(), ['budget.memory', 'budget.threads', 'mode', 'source.id', 'window.month']);
  for (const { value, allowed, origin } of error.problems ?? []) assert.ok(value && allowed && origin === 'command line');
});

test('a plan file that is not there, no YAML, or no mapping is named with what to do', async (t) => {
  const month = await damagedMonth(t);
  for (const [text, said] of [
    ['{"pipeline": "cost openshift", ', /line 1, column \d+: /],
    ['[1]', /holds a mapping/],
  ] as const) {
    writeFileSync(month.plan, text);
    const { code, error } = await month.fails();
    assert.deepEqual([code, error.place.file], [2, month.plan]);
    assert.match(error.message, said);
    assert.match(error.help ?? '', /config init/);
  }
  rmSync(month.plan);
  const { code, text } = await month.fails();
  assert.equal(code, 2);
  assert.match(text, /cannot be read.*--plan/);
});

test('an output that cannot be made is named with what to do', async (t) => {
  const month = await damagedMonth(t);
  const pipe = join(month.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const [path, help] of [
    [month.folder, /Name a file, not a folder/],
    [join(month.folder, 'none', 'a.parquet'), /Make the folder first/],
    [join(month.plan, 'a.parquet'), /can be written/],
    [pipe, /regular file/],
  ] as const) {
    const { code, error } = await month.fails('--out', path);
    assert.deepEqual([code, error.code, error.place.file], [1, 'SINK_FILE_FAILED', path]);
    assert.match(error.help ?? '', help);
  }
  assert.ok(statSync(pipe).isFIFO(), 'the pipe is still one');
});

test('a spill folder that cannot be made fails when it is needed, and is named', async (t) => {
  const month = await damagedMonth(t);
  const folder = join(month.plan, 'spill');
  const place = { file: folder };
  const failed = await month.fails('--spill', folder, '--fold-bytes', '1KiB');
  assertFailure(failed, { code: 'BUDGET_SPILL_FAILED', message: /Not a directory/, place, help: /another spill folder, or .*memory/ });
});

const disk = tinyDisk('32k');

test('a full disk of the output fails by name, leaves no part of a file, and keeps the old one', { skip: disk.reason ?? false }, async (t) => {
  assert.ok(disk.reason === undefined);
  const month = await damagedMonth(t);
  const out = join(disk.folder, 'summary.parquet');
  writeFileSync(out, 'old');
  const place = { file: out };
  assertFailure(await month.fails('--out', out), { code: 'SINK_FILE_FAILED', message: /No space left/, place, help: /Free space/ });
  assert.deepEqual([readdirSync(disk.folder), readFileSync(out, 'utf8')], [['summary.parquet'], 'old']);
  rmSync(out);
});

test('a full disk of the spill folder fails by name, and nothing is left on it', { skip: disk.reason ?? false }, async (t) => {
  assert.ok(disk.reason === undefined);
  const month = await damagedMonth(t);
  const { code, error } = await month.fails('--spill', disk.folder, '--fold-bytes', '1KiB');
  assert.deepEqual([code, error.code, error.retryable], [1, 'BUDGET_SPILL_FAILED', true]);
  assert.ok(error.place.file?.startsWith(disk.folder), error.place.file);
  assert.match(error.message, /No space left/);
  assert.match(error.help ?? '', /spill folder/);
  assert.deepEqual(readdirSync(disk.folder), []);
});

test('an output over the size that a process may write fails by name', async (t) => {
  const month = await damagedMonth(t);
  const program = [process.execPath, PROGRAM, 'run', '--plan', month.plan, '--out', month.out];
  const { status, stderr } = spawnSync('sh', ['-c', 'ulimit -f 16 && exec "$@"', 'sh', ...program], { encoding: 'utf8' });
  assert.equal(status, 1, stderr);
  assert.match(stderr, /SINK_FILE_FAILED: .*File too large.*Free space on that disk, or write to another one/);
  assert.ok(!existsSync(month.out));
});
