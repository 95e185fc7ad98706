import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { describe } from '#ts/addon.js';
import { PIPELINES } from '#ts/cli/flags.js';
import { RowmillError } from '#ts/errors.js';
import { loadPlan, planTemplate } from '#ts/plan/index.js';
import { folderWith } from '../folder.js';

const ID = '00000000-0000-4000-8000-000000000001';
const GOOD = {
  'source.root': '/data',
  'source.account': 'org',
  'source.id': ID,
  'window.month': '2025-10',
  'openshift.clusterId': 'c',
};
const pipeline = 'cost openshift';

async function refused(request: Parameters<typeof loadPlan>[0]): Promise<RowmillError> {
  try {
    await loadPlan(request);
  } catch (error) {
    if (error instanceof RowmillError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'the plan was taken' });
}

test('a later layer wins, setting by setting, and says so', async (t) => {
  const root = folderWith(t, { 'plan.yaml': 'mode: memory\nbudget:\n  threads: 3\n  memory: 1GiB\ndatabase:\n  schema: from_file\n' });
  const file = join(root, 'plan.yaml');
  const env = { ROWMILL_BUDGET_THREADS: '5', ROWMILL_DATABASE_SCHEMA: 'from_env', HOME: '/nowhere' };
  const { plan, origins } = await loadPlan({ pipeline, file, env, flags: { ...GOOD, 'database.schema': 'from_flag' } });
  assert.deepEqual(
    [plan.mode, plan.budget.memory, plan.budget.threads, plan.database.schema, plan.verify.tolerance],
    ['memory', 1 << 30, 5, 'from_flag', 0.0001],
  );
  const originOf = (path: string): string | undefined => origins.find((origin) => origin.path === path)?.origin;
  assert.deepEqual(['mode', 'budget.threads', 'database.schema', 'budget.spill', 'budget.batchRows'].map(originOf), [
    `file ${file}`,
    'environment variable ROWMILL_BUDGET_THREADS',
    'command line',
    'machine',
    'default',
  ]);
});

/** What a plan of each pipeline cannot do without. */
const LEAST: Record<string, Record<string, string>> = { [pipeline]: GOOD, orders: { 'source.root': '/data/orders.csv', 'output.folder': '/out' } };

test('every flag reaches the plan', async () => {
  const samples: Record<string, unknown> = { source: '/data', 'source-id': ID, 'cluster-id': 'c', account: 'org', month: '2025-10' };
  const { commonFields, pipelines } = describe();
  for (const { name, fields: own } of pipelines) {
    const fields = [...commonFields, ...own];
    const flags = PIPELINES.find((each) => each.name === name)?.flags ?? [];
    assert.deepEqual(flags.map(({ flag }) => flag).sort(), fields.flatMap(({ flag }) => (flag ? [flag] : [])).sort());
    for (const { flag, path } of flags) {
      if (flag === 'start' || flag === 'end') continue;
      const field = fields.find((each) => each.path === path);
      const value = samples[flag] ?? JSON.parse(field?.example ?? 'null');
      const given = { ...LEAST[name], [path]: Array.isArray(value) ? value.join(',') : String(value) };
      const { origins } = await loadPlan({ pipeline: name, env: {}, flags: given });
      const expected = path === 'window.month' ? 'window.start' : path;
      assert.equal(origins.find((origin) => origin.path === expected)?.origin, 'command line', `${name} --${flag}`);
    }
  }
});

test('all problems are reported at once, with path, value, what is allowed and where it came from', async (t) => {
  const file = join(folderWith(t, { 'plan.yaml': 'mode: fast\nsorce:\n  root: /x\nwindow:\n  month: 2025-13\n' }), 'plan.yaml');
  const { code, problems } = await refused({ pipeline, file, env: { ROWMILL_MODUS: 'x' }, flags: { 'budget.threads': '0' } });
  assert.equal(code, 'PLAN_INVALID');
  const paths = problems.map(({ path }) => path);
  for (const path of ['ROWMILL_MODUS', 'mode', 'sorce', 'window.month', 'budget.threads', 'source.root', 'openshift.clusterId']) {
    assert.ok(paths.includes(path), `${path} is among ${paths.join(', ')}`);
  }
  const mode = problems.find(({ path }) => path === 'mode');
  assert.deepEqual([mode?.value, mode?.allowed, mode?.origin], ['fast', 'one of streaming, memory', `file ${file}`]);
});

test('a syntax error names the file, the line and the column', async (t) => {
  const file = join(folderWith(t, { 'plan.yaml': 'mode: memory\nsource: [1, 2\nwindow: x\n' }), 'plan.yaml');
  const { code, message, place } = await refused({ pipeline, file, env: {} });
  assert.equal(code, 'PLAN_INVALID');
  assert.match(message, /^line 3, column \d+: /);
  assert.equal(place.file, file);
});

test('JSON is a plan file too, and a file with nothing in it changes nothing', async (t) => {
  const root = folderWith(t, { 'plan.json': '{"mode": "memory"}', 'empty.yaml': '# nothing\n', 'list.yaml': '- 1\n' });
  assert.equal((await loadPlan({ pipeline, file: join(root, 'plan.json'), env: {}, flags: GOOD })).plan.mode, 'memory');
  assert.equal((await loadPlan({ pipeline, file: join(root, 'empty.yaml'), env: {}, flags: GOOD })).plan.mode, 'streaming');
  assert.match((await refused({ pipeline, file: join(root, 'list.yaml'), env: {} })).message, /mapping/);
  assert.match((await refused({ pipeline, file: join(root, 'absent.yaml'), env: {} })).message, /cannot be read/);
});

test('DATABASE_URL is the database where nothing closer says it', async () => {
  const url = async (env: NodeJS.ProcessEnv, flags: object = {}) =>
    (await loadPlan({ pipeline, env, flags: { ...GOOD, ...flags } })).plan.database.url;
  assert.equal(await url({ DATABASE_URL: 'postgres://a' }), 'postgres://a');
  assert.equal(await url({ DATABASE_URL: 'postgres://a', ROWMILL_DATABASE_URL: 'postgres://b' }), 'postgres://b');
  assert.equal(await url({ DATABASE_URL: 'postgres://a' }, { 'database.url': 'postgres://c' }), 'postgres://c');
});

test('the file that config init writes is a good plan as it stands', async (t) => {
  const { commonFields, pipelines } = describe();
  for (const each of pipelines) {
    const file = join(folderWith(t, { 'plan.yaml': planTemplate(each, commonFields) }), 'plan.yaml');
    assert.equal((await loadPlan({ file, env: {} })).plan.pipeline, each.name);
  }
});
