import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describe } from '#ts/addon.js';
import { RowmillError } from '#ts/errors.js';
import { jobMatrix } from '#ts/plan/job-matrix.js';
import { loadPlan } from '#ts/plan/load-plan.js';
import { defaultScalingConfig, SCALING_PRESETS, withSettings } from '#ts/plan/scaling-config.js';
import { loadScalingConfig, saveScalingConfig } from '#ts/plan/scaling-config-file.js';
import { toPlan } from '#ts/plan/scaling-config-plan.js';
import { optimiseScalingConfig, readScalingConfig, validateScalingConfig } from '#ts/plan/scaling-config-validate.js';
import { folderWith } from '../folder.js';

const GIB = 1024 ** 3;
const FACTS = {
  physicalCores: 4,
  logicalProcessors: 4,
  memoryBytes: 8 * GIB,
  memoryAvailableBytes: 4 * GIB,
  cgroup: { version: null, memoryLimitBytes: null, memoryUsedBytes: null, cpuQuota: null },
};

/** The defaults with some values that types would not let through. */
function documentWith(over: object): ReturnType<typeof defaultScalingConfig> {
  return withSettings({ ...defaultScalingConfig(), output: { ...defaultScalingConfig().output, output_dir: '.' } }, over);
}

function messages(over: object): string[] {
  return validateScalingConfig(documentWith(over)).map(({ message }) => message);
}

async function refused(work: Promise<unknown>): Promise<RowmillError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RowmillError);
  return error;
}

test('the source is nothing, a preset, or a file', async (t) => {
  assert.deepEqual(await loadScalingConfig(null), defaultScalingConfig());
  const server = await loadScalingConfig('server');
  assert.deepEqual([server.processing.max_workers, server.processing.chunk_size_mb, server.processing.temp_dir], [30, 2000, 'temp_chunks/']);
  const file = join(folderWith(t, { 'a.json': JSON.stringify(server) }), 'a.json');
  assert.deepEqual(await loadScalingConfig(file), server);
});

test('anything else is an unknown source, and a file has to be JSON or YAML', async (t) => {
  assert.equal((await refused(loadScalingConfig('mainframe'))).message, 'Unknown config source: mainframe');
  const folder = folderWith(t, { 'a.toml': '', 'bad.json': '{', 'bad.yaml': 'a: [' });
  assert.equal((await refused(loadScalingConfig(join(folder, 'a.toml')))).message, 'Config file must be .json or .yaml/.yml');
  assert.equal((await refused(saveScalingConfig(join(folder, 'b.ini'), defaultScalingConfig()))).message, 'Config file must be .json or .yaml/.yml');
  for (const name of ['bad.json', 'bad.yaml']) assert.match((await refused(loadScalingConfig(join(folder, name)))).message, /does not parse/);
});

test('there is nothing to save before something was loaded', async () => {
  assert.equal((await refused(saveScalingConfig('never.json', null))).message, 'No configuration loaded');
  assert.ok(!existsSync('never.json'));
});

test('a document that was saved loads as an equal one, as JSON with an indent of 2 and as YAML', async (t) => {
  const folder = folderWith(t);
  const config = documentWith({ data_selection: { security_codes: [110621, 85603], date_range: { start: '2024-09-04', end: '2024-09-05' } } });
  for (const name of ['a.json', 'a.yaml', 'a.yml']) {
    await saveScalingConfig(join(folder, name), config);
    assert.deepEqual(await loadScalingConfig(join(folder, name)), config, name);
  }
  assert.match(readFileSync(join(folder, 'a.json'), 'utf8'), /^\{\n {2}"processing": \{\n {4}"mode": "parallel",/);
});

test('missing and unknown keys of a file are told all at once', async (t) => {
  const { simulation: _, ...rest } = defaultScalingConfig();
  const { mode: __, ...processing } = rest.processing;
  const document = { ...rest, processing: { ...processing, workers: 3 }, extra: 1, output: 'here' };
  const file = join(folderWith(t, { 'a.json': JSON.stringify(document) }), 'a.json');
  const { problems, place } = await refused(loadScalingConfig(file));
  assert.deepEqual(
    problems.map(({ path, message }) => `${path} ${message}`),
    [
      'processing.mode is missing',
      'processing.workers there is no such key',
      'simulation is missing',
      'output is a section',
      'extra there is no such key',
    ],
  );
  assert.equal(place.file, file);
  const list = join(folderWith(t, { 'a.yaml': '- 1\n' }), 'a.yaml');
  assert.equal((await refused(loadScalingConfig(list))).problems[0]?.message, 'is a section');
});

test('the documented rule is enforced, with the documented words, all at once', () => {
  assert.deepEqual(messages({}), []);
  assert.deepEqual(
    messages({ processing: { mode: 'fast', max_workers: 0, chunk_size_mb: 8 }, data_selection: { date_range: { start: '2024-09-05' } } }),
    [
      'Invalid processing mode: fast',
      "max_workers must be 'auto' or integer >= 1, got 0",
      "chunk_size_mb must be 'auto' or integer >= 32, got 8",
      'Invalid date range',
    ],
  );
  for (const workers of [-3, true, 2.5, 'foo', null]) {
    assert.equal(messages({ processing: { max_workers: workers } })[0], `max_workers must be 'auto' or integer >= 1, got ${workers}`);
  }
  assert.equal(messages({ processing: { chunk_size_mb: 31 } }).length, 1);
  assert.deepEqual(messages({ processing: { max_workers: 1, chunk_size_mb: 32, mode: 'sequential' } }), []);
});

test('a date range is both days in order or none, and days are days also where all dates are asked for', () => {
  const range = (start: unknown, end: unknown, all_dates = false): boolean =>
    messages({ data_selection: { date_range: { start, end, all_dates } } }).length === 0;
  assert.deepEqual(
    [range(null, null), range('2024-09-04', '2024-09-04'), range(null, null, true), range('2024-09-04', null, true)],
    Array(4).fill(true),
  );
  assert.deepEqual(
    [
      range('2024-09-04', null),
      range(null, '2024-09-04'),
      range('2024-09-05', '2024-09-04'),
      range('4 Sep', '5 Sep', true),
      range('2024-02-30', '2024-03-01'),
    ],
    Array(5).fill(false),
  );
});

test('lists, hours, formats, switches and the folder are checked too', (t) => {
  const file = join(folderWith(t, { 'a-file': '' }), 'a-file');
  const found = messages({
    data_selection: { security_codes: ['x'], participant_ids: 69, trading_hours: { start: 16, end: 10, enabled: 'yes' } },
    pipeline_steps: { step_1_ingest: 1 },
    simulation: { price_impact_percent: '5 %' },
    output: { format: 'zip', output_dir: join(file, 'below') },
  });
  assert.deepEqual(found, [
    'security_codes must be a list of integers',
    'participant_ids must be a list of integers',
    'trading_hours must be integers with 0 <= start < end <= 24',
    'enabled must be true or false',
    'step_1_ingest must be true or false',
    'price_impact_percent must be a number',
    'Unknown format: zip',
    `Cannot create output directory: ${file} is a file`,
  ]);
});

test('checking a folder that could be made does not make it', (t) => {
  const folder = join(folderWith(t), 'a', 'b');
  assert.deepEqual(messages({ output: { output_dir: folder } }), []);
  assert.ok(!existsSync(folder));
});

test('auto becomes the number of the machine and a number stays', async (t) => {
  const { processing } = optimiseScalingConfig(documentWith({ processing: { chunk_size_mb: 99 } }), FACTS);
  assert.deepEqual([processing.max_workers, processing.chunk_size_mb], [4, 99]);
  assert.equal((await readScalingConfig('laptop', { facts: FACTS })).processing.max_workers, 2);
  assert.equal((await readScalingConfig(null, { optimise: false })).processing.max_workers, 'auto');
  const file = join(folderWith(t, { 'a.json': JSON.stringify(documentWith({ processing: { max_workers: 0, mode: 'x' } })) }), 'a.json');
  const error = await refused(readScalingConfig(file));
  assert.deepEqual([error.message, error.problems.length], ['Invalid configuration', 2]);
});

test('the presets of documents and of plans have the same numbers', () => {
  const presets = describe().pipelines.find(({ name }) => name === 'orders')?.presets ?? [];
  for (const [name, { processing }] of SCALING_PRESETS) {
    const settings = presets.find((preset) => preset.name === name)?.settings ?? '{}';
    const { orders } = JSON.parse(settings) as { orders?: { mode: string; maxWorkers: number; chunkSizeMb: number } };
    assert.deepEqual(
      [orders?.mode, orders?.maxWorkers, orders?.chunkSizeMb],
      [processing?.mode, processing?.max_workers, processing?.chunk_size_mb],
      name,
    );
  }
});

test('a document becomes settings of a plan, and what has no counterpart is said', () => {
  const { settings, notes } = toPlan(
    documentWith({
      processing: { max_workers: 4, chunk_size_mb: 64 },
      data_selection: {
        security_codes: [110621],
        participant_ids: [69],
        date_range: { start: '2024-09-04', end: '2024-09-05' },
        trading_hours: { enabled: true },
      },
      output: { format: 'parquet', output_dir: 'out' },
    }),
  );
  assert.deepEqual(settings, {
    pipeline: 'orders',
    window: { start: '2024-09-04', end: '2024-09-05' },
    output: { folder: 'out', format: 'parquet' },
    orders: {
      mode: 'parallel',
      maxWorkers: 4,
      chunkSizeMb: 64,
      allDates: false,
      securityCodes: [110621],
      participantIds: [69],
      hoursStart: 10,
      hoursEnd: 16,
      hoursEnabled: true,
      hourEnd: 'hour',
      timezone: '+10:00',
      aggregateZone: 'UTC',
    },
  });
  for (const part of ['pipeline_steps', 'simulation', 'output.aggregate_by', 'processing.temp_dir', 'output.save_intermediate']) {
    assert.ok(
      notes.some((note) => note.startsWith(part)),
      part,
    );
  }
  assert.match(notes.join('\n'), /asked for were: step_2_classify, step_4_real_metrics, step_5_simulation, step_6_dark_pool\./);
});

test('days of a document that asks for all dates do not narrow the plan', () => {
  const range = { start: '2024-09-04', end: '2024-09-05', all_dates: true };
  const { settings, notes } = toPlan(documentWith({ data_selection: { date_range: range } }));
  assert.deepEqual([settings.window, (settings.orders as { allDates: boolean }).allDates], [undefined, true]);
  assert.ok(notes.some((note) => /all_dates is true/.test(note)));
});

test('the settings of every document that is good are a good plan', async () => {
  for (const source of [null, 'laptop', 'workstation', 'server']) {
    const { settings } = toPlan(await readScalingConfig(source, { optimise: false }));
    const { plan } = await loadPlan({ env: {}, flags: { ...settings, source: { root: '/data/orders.csv' } } });
    assert.equal(plan.pipeline, 'orders');
  }
});

test('the matrix is every security with every day, security by security, and keeps what is listed twice', () => {
  const asked = { securityCodes: [2, 1, 2], start: '2024-09-06', end: '2024-09-08', allDates: false };
  const matrix = jobMatrix(asked);
  assert.equal(matrix.length, 9);
  assert.deepEqual(matrix.slice(0, 4), [
    [2, '2024-09-06'],
    [2, '2024-09-07'],
    [2, '2024-09-08'],
    [1, '2024-09-06'],
  ]);
});

test('what is not asked for is what there is', () => {
  const none = { securityCodes: [], start: null, end: null, allDates: false };
  const available = { securityCodes: [5], dates: ['2024-09-04', '2024-09-05'] };
  assert.deepEqual(jobMatrix(none), []);
  assert.deepEqual(jobMatrix(none, available), [
    [5, '2024-09-04'],
    [5, '2024-09-05'],
  ]);
  const asked = { ...none, start: '2024-09-01', end: '2024-09-01' };
  assert.deepEqual(jobMatrix(asked, available), [[5, '2024-09-01']]);
  assert.equal(jobMatrix({ ...asked, allDates: true }, available).length, 2);
  assert.deepEqual(jobMatrix({ ...asked, allDates: true }, { securityCodes: [5] }), [[5, '2024-09-01']]);
});
