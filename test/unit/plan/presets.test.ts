import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describe, type PipelineDescription } from '#ts/addon.js';
import { RowmillError } from '#ts/errors.js';
import { loadPlan, planTemplate, savePlan } from '#ts/plan/index.js';
import { planStart } from '#ts/plan/plan-template.js';
import { presetLayer } from '#ts/plan/presets.js';
import { byPath, fieldsOf } from '#ts/plan/settings.js';
import { folderWith } from '../folder.js';

const MADE_UP: Pick<PipelineDescription, 'name' | 'presets'> = {
  name: 'made up',
  presets: [
    { name: 'small', doc: 'Little.', settings: '{"made": {"workers": 2}}' },
    { name: 'large', doc: 'Much.', settings: '{"made": {"workers": 30}}' },
  ],
};
const ORDERS = { 'source.root': '/data/orders.csv' };
const OPENSHIFT = {
  'source.root': '/data',
  'source.account': 'org',
  'source.id': '00000000-0000-4000-8000-000000000001',
  'window.month': '2025-10',
  'openshift.clusterId': 'c',
  'openshift.enabledKeys': 'app,team',
  'database.url': 'postgres://me:secret@host/db',
};

test('a preset is a layer of its own, and an unknown one names those that there are', () => {
  assert.deepEqual(presetLayer(MADE_UP, 'large').layer, { origin: 'preset large', values: { made: { workers: 30 } } });
  assert.equal(presetLayer(MADE_UP, 'huge').problem?.allowed, 'one of small, large');
  assert.match(presetLayer({ name: 'bare', presets: [] }, 'small').problem?.allowed ?? '', /bare has no presets/);
  assert.match(presetLayer(undefined, 'small').problem?.allowed ?? '', /name it/);
});

test('a preset wins over the machine and gives way to the file, the environment and flags', async (t) => {
  const file = join(folderWith(t, { 'plan.yaml': 'orders:\n  chunkSizeMb: 64\n' }), 'plan.yaml');
  const { origins } = await loadPlan({ pipeline: 'orders', preset: 'server', file, env: { ROWMILL_ORDERS_MODE: 'parallel' }, flags: ORDERS });
  const originOf = (path: string): unknown[] => origins.filter((each) => each.path === path).map(({ value, origin }) => [value, origin]);
  assert.deepEqual(originOf('orders.maxWorkers'), [[30, 'preset server']]);
  assert.deepEqual(originOf('orders.chunkSizeMb'), [[64, `file ${file}`]]);
  assert.deepEqual(originOf('orders.mode'), [['parallel', 'environment variable ROWMILL_ORDERS_MODE']]);
});

test('a preset that does not exist is a problem among the others', async () => {
  const refused = loadPlan({ pipeline: 'orders', preset: 'mainframe', env: {}, flags: {} });
  await assert.rejects(refused, (error: RowmillError) => {
    assert.ok(error instanceof RowmillError);
    assert.match(error.problems.find(({ path }) => path === 'preset')?.allowed ?? '', /^one of laptop, workstation, server/);
    assert.ok(error.problems.some(({ path }) => path === 'source.root'));
    return true;
  });
});

test('a plan that was saved loads as the same plan, as YAML and as JSON', async (t) => {
  const folder = folderWith(t);
  for (const [pipeline, flags] of [
    ['cost openshift', OPENSHIFT],
    ['orders', { ...ORDERS, 'orders.securityCodes': '3,1,2', 'orders.maxWorkers': '3', 'window.start': '2024-09-04', 'window.end': '2024-09-05' }],
    ['orders', ORDERS],
  ] as const) {
    const { plan } = await loadPlan({ pipeline, env: {}, flags });
    for (const name of ['plan.yaml', 'plan.yml', 'plan.json']) {
      const path = join(folder, name);
      await savePlan(path, plan);
      assert.deepEqual((await loadPlan({ file: path, env: {} })).plan, plan, `${pipeline} ${name}`);
    }
  }
});

test('a saved plan with a connection is for its owner only', async (t) => {
  const path = join(folderWith(t), 'plan.json');
  await savePlan(path, (await loadPlan({ pipeline: 'cost openshift', env: {}, flags: OPENSHIFT })).plan);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a plan is saved in a form that its ending names, and where it can be written', async (t) => {
  const { plan } = await loadPlan({ pipeline: 'cost openshift', env: {}, flags: OPENSHIFT });
  await assert.rejects(savePlan('plan.toml', plan), { code: 'PLAN_INVALID', message: 'a plan file ends in .json, .yaml or .yml' });
  await assert.rejects(savePlan(join(folderWith(t), 'absent', 'plan.json'), plan), { code: 'SINK_FILE_FAILED' });
});

test('a file to start from has what was given filled in, and is a good plan in both forms', async (t) => {
  const description = describe();
  for (const pipeline of description.pipelines) {
    const settings = { budget: { threads: 3, memory: '1GiB' }, 'verify.tolerance': 0.5 };
    const text = planTemplate(pipeline, description.commonFields, { settings, notes: ['a line for the head'] });
    assert.match(text, /^# a line for the head$/m);
    assert.match(text, /^ {2}threads: 3$/m);
    const start = planStart(pipeline, description.commonFields, { settings });
    assert.equal(byPath(start, fieldsOf(description, pipeline.name)).get('budget.memory'), '1GiB');
    const root = folderWith(t, { 'plan.yaml': text, 'plan.json': JSON.stringify(start) });
    const plans = await Promise.all(['plan.yaml', 'plan.json'].map((name) => loadPlan({ file: join(root, name), env: {} })));
    for (const { plan } of plans) assert.deepEqual([plan.pipeline, plan.budget.threads, plan.verify.tolerance], [pipeline.name, 3, 0.5]);
    assert.deepEqual(plans[0]?.plan, plans[1]?.plan);
  }
});
