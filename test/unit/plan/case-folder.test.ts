import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { RowmillError } from '#ts/errors.js';
import { caseLayer } from '#ts/plan/case-folder.js';
import { loadPlan } from '#ts/plan/index.js';
import { folderWith } from '../folder.js';

const PARAMS = {
  schema: 'org',
  account: 'acct_7',
  source: '00000000-0000-4000-8000-000000000001',
  cluster_id: 'c',
  cluster_alias: null,
  report_period_id: 7,
  start_date: '2024-02-27',
  end_date: '2024-03-01',
  year: '2024',
  month: '02',
};
const FILES = {
  'params.json': JSON.stringify(PARAMS),
  'pg/enabled_tag_keys.csv': 'key,enabled,provider_type\napp,true,OCP\nold,false,OCP\ncloud,true,AWS\n,true,OCP\n"a,b ""c""",t,OCP\n',
  'pg/cost_category_namespace.csv': 'namespace,cost_category_id\nkube-%,1\n,2\n',
  'pg/nodes.csv': 'node,resource_id,node_role\nn1,i-1,master\nn2,,\n"",i-3,""\n,i-4,worker\n',
};

test('a case folder decides a run by itself', async (t) => {
  const root = folderWith(t, FILES);
  const { plan } = await loadPlan({ caseFolder: root, env: {}, flags: { 'output.file': 'out.parquet' } });
  assert.deepEqual(plan.source, {
    root,
    layout: 'koku',
    account: 'acct_7',
    id: PARAMS.source,
    paths: {},
    unitBytes: null,
    onBadRow: 'fail',
    maxBadRows: 100_000,
  });
  assert.deepEqual(plan.windows, [{ start: '2024-02-27', end: '2024-03-01', year: '2024', month: '02' }]);
  const { alignStart, lookups, deriveNodes, reportPeriodId, clusterId } = plan.options;
  assert.deepEqual([alignStart, lookups, deriveNodes, reportPeriodId, clusterId], [false, 'plan', false, 7, 'c']);
});

test('only keys that are enabled for OpenShift count, and quotes in fields are understood', async (t) => {
  const { values } = await caseLayer(folderWith(t, FILES));
  assert.deepEqual((values.openshift as { enabledKeys: string[] }).enabledKeys, ['app', '', 'a,b "c"']);
});

test('in a table, an empty field is an empty text, quoted or not', async (t) => {
  const { values } = await caseLayer(folderWith(t, FILES));
  const { nodes, categories } = values.openshift as { nodes: unknown[]; categories: unknown[] };
  assert.deepEqual(nodes, [
    { node: 'n1', resourceId: 'i-1', role: 'master' },
    { node: 'n2', resourceId: '', role: '' },
    { node: '', resourceId: 'i-3', role: '' },
    { node: '', resourceId: 'i-4', role: 'worker' },
  ]);
  assert.deepEqual(categories, [
    { namespace: 'kube-%', id: '1' },
    { namespace: '', id: '2' },
  ]);
});

test('a table that is absent is empty; one without its columns, or broken parameters, are named', async (t) => {
  const { values } = await caseLayer(folderWith(t, { 'params.json': FILES['params.json'] }));
  assert.deepEqual((values.openshift as { nodes: unknown[] }).nodes, []);
  const bad: [Record<string, string>, string, RegExp][] = [
    [{ ...FILES, 'pg/nodes.csv': 'node\nn1\n' }, 'pg/nodes.csv', /resource_id, node_role/],
    [{ ...FILES, 'pg/nodes.csv': 'node,resource_id,node_role\n"n1,i,x\n' }, 'pg/nodes.csv', /Quote/],
    [{ ...FILES, 'params.json': '{' }, 'params.json', /cannot be read/],
    [{ ...FILES, 'params.json': '{}' }, 'params.json', /account, source/],
    [{ ...FILES, 'params.json': JSON.stringify({ ...PARAMS, month: '03' }) }, 'params.json', /2024-03/],
  ];
  for (const [files, path, message] of bad) {
    const root = folderWith(t, files);
    await assert.rejects(caseLayer(root), (error: unknown) => {
      assert.ok(error instanceof RowmillError);
      assert.equal(error.place.file, join(root, path));
      assert.match(error.message, message);
      return error.code === 'PLAN_INVALID';
    });
  }
});
