import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { openHandles, type Plan } from '#ts/addon.js';
import { type CheckLine, compareSets, preflight, runPlan, verifyPlan } from '#ts/run/index.js';
import { proxyTo } from './cut-line.js';
import { generateMonth, into, type Month } from './month.js';
import { SUMMARY } from './summary.js';
import { databaseUrl, freshDatabase, restrictedUser, sql } from './support.js';

let month: Month;
before(async () => {
  month = await generateMonth({ rows: 6000, seed: 2 });
});

async function lines(plan: Plan): Promise<Map<string, CheckLine>> {
  return new Map((await preflight({ plan })).map((line) => [line.name, line]));
}

test('a plan that can run has no failing line, and checking it changes nothing', async () => {
  const url = await freshDatabase();
  const checked = await lines(into(month.plan, url));
  for (const line of checked.values()) assert.notEqual(line.state, 'fail', `${line.name}: ${line.detail}`);
  assert.match(checked.get('target table')?.detail ?? '', /will be created/);
  assert.match(checked.get('ledger')?.detail ?? '', /will be created/);
  assert.match(checked.get('database')?.detail ?? '', /^PostgreSQL \d+/);
  assert.deepEqual(await sql(url, "SELECT FROM pg_namespace WHERE nspname = 'rowmill'"), []);
});

test('after a run the target and the ledger are found as they are', async () => {
  const url = await freshDatabase();
  await runPlan({ plan: into(month.plan, url), origins: [] });
  const checked = await lines(into(month.plan, url));
  assert.match(checked.get('target table')?.detail ?? '', /partitioned by RANGE \(usage_start\), has every column/);
  assert.equal(checked.get('ledger')?.state, 'ok');
});

test('every failing line says what to do', async () => {
  const url = await freshDatabase();
  const user = await restrictedUser(url);
  const bad: Plan = {
    ...into(month.plan, user.url),
    budget: { ...month.plan.budget, memory: 2 ** 50, threads: 5000, spill: '/no/such/folder' },
  };
  const checked = await lines(bad);
  for (const name of ['target table', 'ledger', 'memory', 'spill folder']) {
    assert.equal(checked.get(name)?.state, 'fail', name);
    assert.ok(checked.get(name)?.help, name);
  }
  assert.equal(checked.get('threads')?.state, 'warn');
});

test('a database that cannot be reached is one failing line, and the rest is still checked', async () => {
  const url = await freshDatabase();
  const checked = await lines(into(month.plan, databaseUrl(url, 'no_such_database')));
  assert.match(checked.get('database')?.detail ?? '', /SINK_LOGIN_REFUSED/);
  assert.equal(checked.get('memory')?.state, 'ok');
});

test('a broken file is a failing line that names it; the other files are still counted', async () => {
  const broken = await generateMonth({ rows: 2000, seed: 12 });
  const url = await freshDatabase();
  await runPlan({ plan: into(broken.plan, url), origins: [] });
  const [unit] = await sql<{ uri: string }>(url, `SELECT uri FROM rowmill.unit WHERE input = 'pod_daily' LIMIT 1`);
  await writeFile(unit?.uri ?? '', 'no parquet');
  const failing = (await preflight({ plan: into(broken.plan, url) })).filter(({ state }) => state === 'fail');
  assert.equal(failing.length, 1);
  assert.ok(failing[0]?.detail.includes(unit?.uri ?? '?'));
});

test('what a run wrote verifies against its own input', async () => {
  const url = await freshDatabase();
  const plan = into(month.plan, url);
  const { rowsOut } = await runPlan({ plan, origins: [] });
  const report = await verifyPlan({ plan, tolerance: 0 });
  assert.deepEqual([report.ok, report.failures, report.warnings, report.windows[0]?.comparison.matched], [true, 0, 0, rowsOut]);
  assert.equal(openHandles(), 0);
});

test('a changed number, a missing row and a foreign row fail the check; a change within the tolerance does not', async () => {
  const url = await freshDatabase();
  const plan = into(month.plan, url);
  await runPlan({ plan, origins: [] });
  await sql(url, `UPDATE ${SUMMARY} SET pod_usage_cpu_core_hours = pod_usage_cpu_core_hours * 1.00005`);
  assert.equal((await verifyPlan({ plan, tolerance: 0.0001 })).ok, true);
  await sql(url, `DELETE FROM ${SUMMARY} WHERE uuid = (SELECT uuid FROM ${SUMMARY} WHERE usage_start = '2025-10-09' LIMIT 1)`);
  const report = await verifyPlan({ plan, tolerance: 0.0001 });
  assert.deepEqual([report.ok, report.failures, report.windows[0]?.comparison.onlyLeft], [false, 1, 1]);
});

test('rows of another period or with a cloud cost are not looked at', async () => {
  const url = await freshDatabase();
  const plan = into(month.plan, url);
  await runPlan({ plan, origins: [] });
  await sql(
    url,
    `INSERT INTO ${SUMMARY} (uuid, usage_start, usage_end, report_period_id) VALUES (gen_random_uuid(), '2025-10-09', '2025-10-09', 99999)`,
  );
  assert.equal((await verifyPlan({ plan, tolerance: 0 })).ok, true);
});

test('a table of the old system is a baseline', async () => {
  const url = await freshDatabase();
  const plan = into(month.plan, url);
  await runPlan({ plan, origins: [] });
  await sql(url, `CREATE TABLE old_system AS SELECT * FROM ${SUMMARY}`);
  assert.equal((await verifyPlan({ plan, tolerance: 0, baseline: 'public.old_system' })).ok, true);
  await sql(url, `UPDATE old_system SET node = 'other' WHERE usage_start = '2025-10-09'`);
  const report = await verifyPlan({ plan, tolerance: 0, baseline: 'public.old_system' });
  assert.equal(report.ok, false);
  assert.equal(report.baseline, 'public.old_system');
});

test('differences on a day that lacks hours are warnings, unless strict', async () => {
  const url = await freshDatabase();
  const plan = into((await generateMonth({ rows: 6000, seed: 2, firstHour: 5, lastHour: 23 })).plan, url);
  await runPlan({ plan, origins: [] });
  await sql(url, `UPDATE ${SUMMARY} SET pod_usage_cpu_core_hours = pod_usage_cpu_core_hours * 2 WHERE usage_start = '2025-10-01'`);
  const report = await verifyPlan({ plan, tolerance: 0 });
  assert.deepEqual([report.ok, report.failures], [true, 0]);
  assert.ok(report.warnings > 0);
  assert.deepEqual(
    report.windows[0]?.partialDays.map(({ day, reason }) => [day, reason]),
    [['2025-10-01', 'the input has 19 of its 24 hours']],
  );
  assert.equal((await verifyPlan({ plan, tolerance: 0, strict: true })).ok, false);
});

test('without the input, the last day with rows counts as partial where it is not the last of the window', async () => {
  const url = await freshDatabase();
  const plan = into(month.plan, url);
  await runPlan({ plan, origins: [] });
  await sql(url, `DELETE FROM ${SUMMARY} WHERE usage_start > '2025-10-20'; CREATE TABLE old_system AS SELECT * FROM ${SUMMARY}`);
  await sql(url, `UPDATE ${SUMMARY} SET pod_usage_cpu_core_hours = pod_usage_cpu_core_hours * 2 WHERE usage_start = '2025-10-20'`);
  const elsewhere = { ...plan, source: { ...plan.source, root: '/no/such/folder' } };
  const report = await verifyPlan({ plan: elsewhere, tolerance: 0, baseline: 'public.old_system' });
  assert.deepEqual([report.ok, report.windows[0]?.partialDays.map(({ day }) => day)], [true, ['2025-10-20']]);
  assert.equal((await verifyPlan({ plan, tolerance: 0, baseline: 'public.old_system' })).ok, false, 'the input says that the day is whole');
});

test('two tables compare without a plan; a table without a database is refused', async () => {
  const url = await freshDatabase();
  await runPlan({ plan: into(month.plan, url), origins: [] });
  const sides = { left: SUMMARY, right: SUMMARY, pipeline: 'cost openshift', tolerance: 0 };
  const comparison = await compareSets({ ...sides, url });
  assert.equal(comparison.matched, comparison.leftRows);
  await assert.rejects(compareSets(sides), { code: 'PLAN_INVALID' });
  await assert.rejects(compareSets({ ...sides, url, right: 'public.nothing' }), { code: 'SINK_TABLE_MISSING' });
});

test('a connection that breaks while rows are read for a check is reported as lost', { timeout: 30_000 }, async () => {
  const url = await freshDatabase();
  await runPlan({ plan: into(month.plan, url), origins: [] });
  const line = await proxyTo(url);
  line.cutAnswersAfter(40_000);
  await assert.rejects(compareSets({ left: SUMMARY, right: SUMMARY, url: line.url, pipeline: 'cost openshift', tolerance: 0 }), {
    code: 'SINK_CONNECTION_LOST',
  });
});
