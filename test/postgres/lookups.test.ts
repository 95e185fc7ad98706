import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '#ts/addon.js';
import { PIPELINES } from '#ts/pipelines/index.js';
import { readLookup } from '#ts/postgres/index.js';
import { fillLookups } from '#ts/run/lookups.js';
import { freshDatabase, session, sql } from './support.js';

const SOURCE = '00000000-0000-4000-8000-000000000001';

/** The part of a plan that look-ups need. */
function planWith(options: Record<string, unknown>): Plan {
  const window = { start: '2025-10-01', end: '2025-10-31', year: '2025', month: '10' };
  return {
    pipeline: 'cost openshift',
    source: { root: '/', layout: 'koku', account: 'a', id: SOURCE, paths: {}, unitBytes: null, onBadRow: 'fail', maxBadRows: 0 },
    window: { start: '2025-10-01', end: '2025-10-31', split: true },
    windows: [window],
    mode: 'streaming',
    budget: { memory: 1, threads: 1, spill: '/tmp', foldBytes: null, batchRows: 1 },
    database: { url: null, schema: 'org_demo', ledgerSchema: 'rowmill', create: true },
    output: { file: null, folder: null, format: 'csv', quarantine: null },
    verify: { tolerance: 0 },
    options: { clusterId: 'c-1', lookups: 'auto', enabledKeys: ['from plan'], categories: [], nodes: [], reportPeriods: [], ...options },
  };
}

/** The tables as cost management keeps them, with rows that must not be taken among those that must. */
const KOKU = `
  CREATE SCHEMA org_demo;
  CREATE TABLE org_demo.reporting_enabledtagkeys (uuid uuid DEFAULT gen_random_uuid(), key varchar(253), enabled boolean, provider_type varchar(50));
  INSERT INTO org_demo.reporting_enabledtagkeys (key, enabled, provider_type) VALUES ('env', true, 'OCP'), ('app', true, 'OCP'), ('off', false, 'OCP'), ('aws', true, 'AWS');
  CREATE TABLE org_demo.reporting_ocp_cost_category_namespace (id int, namespace text, system_default bool, cost_category_id int);
  INSERT INTO org_demo.reporting_ocp_cost_category_namespace VALUES (1, 'openshift-%', true, 1), (2, 'kube-%', true, 1);
  CREATE TABLE org_demo.reporting_ocp_nodes (uuid uuid, node text, resource_id text, node_role text, node_capacity_cpu_cores numeric(18,2));
  INSERT INTO org_demo.reporting_ocp_nodes VALUES (gen_random_uuid(), 'n1', 'i-1', 'master', 4), (gen_random_uuid(), 'n2', NULL, '', 4), (gen_random_uuid(), 'n3', '', 'worker', 4), (gen_random_uuid(), NULL, 'i-9', 'worker', 4);
  CREATE TABLE org_demo.reporting_ocpusagereportperiod (id int, cluster_id varchar(50), report_period_start timestamptz, provider_id uuid);
  INSERT INTO org_demo.reporting_ocpusagereportperiod VALUES (3, 'c-1', '2025-10-01 00:00+00', '${SOURCE}'), (4, 'c-2', '2025-10-01 00:00+00', '${SOURCE}'),
    (2, 'c-1', '2025-09-01 00:00+00', '${SOURCE}'), (1, 'c-1', '2025-10-01 00:00+00', '00000000-0000-4000-8000-000000000002')`;

const rules = PIPELINES[0];
assert.ok(rules);

test('each table that exists wins over the plan, and only rows of this cluster and kind are taken', async () => {
  const url = await freshDatabase();
  await sql(url, KOKU);
  const { plan, origins, fromDatabase } = await fillLookups(await session(url), planWith({}), rules);
  assert.deepEqual(plan.options.enabledKeys, ['app', 'env']);
  assert.deepEqual(plan.options.categories, [
    { namespace: 'kube-%', id: 1 },
    { namespace: 'openshift-%', id: 1 },
  ]);
  assert.deepEqual(plan.options.nodes, [
    { node: 'n1', resourceId: 'i-1', role: 'master' },
    { node: 'n2', resourceId: null, role: '' },
    { node: 'n3', resourceId: '', role: 'worker' },
  ]);
  assert.deepEqual(plan.options.reportPeriods, [
    { month: '2025-09', id: 2 },
    { month: '2025-10', id: 3 },
  ]);
  assert.deepEqual(origins[0], { field: 'openshift.enabledKeys', origin: 'table org_demo.reporting_enabledtagkeys', entries: 2 });
  assert.equal(fromDatabase.size, 4);
});

test('a month that starts before midnight in the server zone is still the month in UTC', async () => {
  const url = await freshDatabase();
  await sql(url, KOKU);
  await sql(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET TimeZone = 'America/New_York'`);
  const { plan } = await fillLookups(await session(url), planWith({}), rules);
  assert.deepEqual(
    (plan.options.reportPeriods as { month: string }[]).map(({ month }) => month),
    ['2025-09', '2025-10'],
  );
});

test('where a table is missing the plan has its say, unless the plan insists on the database', async () => {
  const url = await freshDatabase();
  const connection = await session(url);
  const { plan, origins } = await fillLookups(connection, planWith({}), rules);
  assert.deepEqual(plan.options.enabledKeys, ['from plan']);
  assert.deepEqual(
    origins.map(({ origin }) => origin),
    ['plan', 'plan', 'plan', 'plan'],
  );
  await assert.rejects(fillLookups(connection, planWith({ lookups: 'database' }), rules), {
    code: 'SINK_TABLE_MISSING',
    message: /reporting_enabledtagkeys/,
  });
});

test('look-ups of the plan leave the tables unread', async () => {
  const url = await freshDatabase();
  await sql(url, KOKU);
  const { plan } = await fillLookups(await session(url), planWith({ lookups: 'plan' }), rules);
  assert.deepEqual(plan.options.enabledKeys, ['from plan']);
});

test('a month without a report period is skipped where the database keeps report periods, and only there', async () => {
  const url = await freshDatabase();
  await sql(url, KOKU);
  const { plan, fromDatabase } = await fillLookups(await session(url), planWith({}), rules);
  const october = { start: '2025-10-01', end: '2025-10-31', year: '2025', month: '10' };
  const november = { start: '2025-11-01', end: '2025-11-30', year: '2025', month: '11' };
  assert.equal(rules.skip?.(plan, october, fromDatabase), null);
  assert.match(rules.skip?.(plan, november, fromDatabase) ?? '', /no report period of cluster c-1 for 2025-11/);
  assert.equal(rules.skip?.(planWith({}), november, new Set()), null);
  assert.deepEqual(rules.owned(plan, october), { report_period_id: 3 });
  assert.deepEqual(rules.owned(planWith({}), october), { report_period_id: null, cluster_id: 'c-1', source_uuid: SOURCE });
});

test('a look-up table without a column that is needed is refused by name', async () => {
  const url = await freshDatabase();
  await sql(url, 'CREATE SCHEMA org_demo; CREATE TABLE org_demo.reporting_ocp_nodes (node text)');
  const nodes = rules.lookups?.(planWith({})).find(({ option }) => option === 'nodes');
  assert.ok(nodes);
  await assert.rejects(readLookup(await session(url), 'org_demo', nodes.table), { code: 'SINK_TABLE_MISMATCH', message: /resource_id, node_role/ });
});
