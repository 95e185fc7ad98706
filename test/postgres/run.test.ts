import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openHandles } from '#ts/addon.js';
import { compareSets, listRuns, type RunReport, resumeRun, runPlan } from '#ts/run/index.js';
import { proxyTo } from './cut-line.js';
import { generateMonth, into, type Month, temporaryFolder } from './month.js';
import { contents, SUMMARY } from './summary.js';
import { freshDatabase, restrictedUser, session, sql } from './support.js';

let month: Month;
before(async () => {
  month = await generateMonth();
});

function run(url: string, of: Month = month, more: Partial<Parameters<typeof runPlan>[0]> = {}): Promise<RunReport> {
  return runPlan({ plan: into(of.plan, url), origins: of.origins, ...more });
}

test('a month runs into a table of its own making, and again without a change', async () => {
  const url = await freshDatabase();
  const first = await run(url);
  const before = await contents(url);
  assert.equal(before.rows, first.rowsOut);
  assert.ok(first.rowsOut > 100 && first.rowsRead > 20_000 && first.peakRssBytes > 0 && first.rowsPerSecond > 0);
  const second = await run(url);
  assert.equal(second.windows[0]?.deleted, first.rowsOut);
  assert.deepEqual(await contents(url), before);
  assert.equal(openHandles(), 0);
});

test('the table and the Parquet file hold the same rows', async () => {
  const url = await freshDatabase();
  await run(url);
  const file = join(await temporaryFolder(), 'summary.parquet');
  const { rowsOut } = await runPlan({ plan: { ...month.plan, output: { ...month.plan.output, file } }, origins: [] });
  const comparison = await compareSets({ left: file, right: SUMMARY, url, pipeline: 'cost openshift', tolerance: 0 });
  assert.deepEqual(
    [comparison.leftRows, comparison.matched, comparison.onlyLeft, comparison.onlyRight, comparison.different],
    [rowsOut, rowsOut, 0, 0, 0],
  );
});

test('the ledger knows what was read and written', async () => {
  const url = await freshDatabase();
  const report = await run(url);
  const [status] = await listRuns({ url, ledgerSchema: 'rowmill', limit: 5 });
  assert.ok(status);
  assert.deepEqual(
    [status.runId, status.state, status.windows, status.windowsLoaded, status.rowsLoaded, status.error],
    [report.runId, 'done', 1, 1, report.rowsOut, null],
  );
  const [counts] = await sql<{ files: number }>(url, 'SELECT count(*)::int AS files FROM rowmill.unit');
  assert.ok((counts?.files ?? 0) > 31);
  const [stored] = await sql<{ plan: string }>(url, 'SELECT plan::text FROM rowmill.run');
  assert.doesNotMatch(stored?.plan ?? '', /rowmill@|postgres:/, 'the ledger must not hold the password');
});

test('a resume of a finished run leaves everything as it is', async () => {
  const url = await freshDatabase();
  const { runId } = await run(url);
  const before = await sql(url, `SELECT uuid FROM ${SUMMARY} ORDER BY 1`);
  const report = await resumeRun({ url, ledgerSchema: 'rowmill', runId });
  assert.equal(report.windows[0]?.skipped, 'loaded');
  assert.deepEqual(await sql(url, `SELECT uuid FROM ${SUMMARY} ORDER BY 1`), before);
});

test('a resume notices that a file has changed, and loads its window again', async () => {
  const changing = await generateMonth({ rows: 2000, seed: 5 });
  const url = await freshDatabase();
  const { runId } = await run(url, changing);
  const [unit] = await sql<{ uri: string }>(url, 'SELECT uri FROM rowmill.unit ORDER BY uri LIMIT 1');
  await utimes(unit?.uri ?? '', new Date(), new Date(2024, 1, 1));
  const notes: string[] = [];
  const report = await resumeRun({ url, ledgerSchema: 'rowmill', runId, onNote: (line) => notes.push(line) });
  assert.equal(report.windows[0]?.skipped, undefined);
  assert.ok(report.windows[0]?.deleted);
  assert.match(notes.join('\n'), /changed since they were loaded/);
});

test('there is nothing to resume in an empty ledger, and an unknown run is said to be unknown', async () => {
  const url = await freshDatabase();
  assert.deepEqual(await listRuns({ url, ledgerSchema: 'rowmill', limit: 5 }), []);
  await assert.rejects(resumeRun({ url, ledgerSchema: 'rowmill' }), { code: 'RUN_NOT_FOUND' });
  await assert.rejects(resumeRun({ url, ledgerSchema: 'rowmill', runId: randomUUID() }), { code: 'RUN_NOT_FOUND' });
});

test('a cancelled run is interrupted in the ledger, keeps the old rows, and is resumed to the end', async () => {
  const url = await freshDatabase();
  await run(url);
  const before = await contents(url);
  const controller = new AbortController();
  const running = run(url, month, { signal: controller.signal });
  setTimeout(() => controller.abort(), 60);
  await assert.rejects(running, { code: 'RUN_CANCELLED' });
  assert.deepEqual(await contents(url), before);
  const [status] = await listRuns({ url, ledgerSchema: 'rowmill', limit: 1 });
  assert.equal(status?.state, 'interrupted');
  await resumeRun({ url, ledgerSchema: 'rowmill' });
  assert.deepEqual(await contents(url), before);
  assert.equal(openHandles(), 0);
});

test('a run that is cancelled before it begins does nothing', async () => {
  const url = await freshDatabase();
  await assert.rejects(run(url, month, { signal: AbortSignal.abort() }), { code: 'RUN_CANCELLED' });
});

test('a connection that breaks mid-COPY is tried again until the rows are there', { timeout: 60_000 }, async () => {
  const url = await freshDatabase();
  const expected = await run(url).then(() => contents(url));
  const proxy = await proxyTo(url);
  const perConnection = 60_000;
  proxy.cutAfter(perConnection);
  const notes: string[] = [];
  const onNote = (line: string): void => {
    notes.push(line);
    if (/trying again/.test(line)) proxy.cutAfter(null);
  };
  const report = await run(proxy.url, month, { onNote });
  assert.match(notes.join('\n'), /trying again in 0.5 s/);
  assert.equal(report.windows[0]?.attempts, 2);
  assert.deepEqual(await contents(url), expected);
});

test('a file that is no Parquet fails the run by name, and the old rows stay', async () => {
  const broken = await generateMonth({ rows: 2000, seed: 9 });
  const url = await freshDatabase();
  await run(url, broken);
  const before = await contents(url);
  const [unit] = await sql<{ uri: string }>(url, `SELECT uri FROM rowmill.unit WHERE input = 'pod_daily' ORDER BY uri LIMIT 1`);
  const uri = unit?.uri ?? '';
  const good = await readFile(uri);
  await writeFile(uri, 'this is no parquet');
  await assert.rejects(run(url, broken), (error: Error & { code: string; place: { file?: string } }) => {
    assert.match(error.code, /^INPUT_/);
    assert.equal(error.place.file, uri);
    return true;
  });
  const [status] = await listRuns({ url, ledgerSchema: 'rowmill', limit: 1 });
  assert.equal(status?.state, 'failed');
  assert.match(status?.error?.code ?? '', /^INPUT_/);
  assert.deepEqual(await contents(url), before);
  await writeFile(uri, good);
  await resumeRun({ url, ledgerSchema: 'rowmill' });
  assert.deepEqual(await contents(url), before);
});

test('a truncated file and an empty folder are named', async () => {
  const broken = await generateMonth({ rows: 2000, seed: 10 });
  const url = await freshDatabase();
  const { runId } = await run(url, broken);
  const [unit] = await sql<{ uri: string }>(url, `SELECT uri FROM rowmill.unit WHERE run_id = $1 AND input = 'pod_hourly' LIMIT 1`, [runId]);
  const uri = unit?.uri ?? '';
  const bytes = await readFile(uri);
  await writeFile(uri, bytes.subarray(0, bytes.length / 2));
  await assert.rejects(run(url, broken), /./);
  await rm(join(broken.folder, 'data'), { recursive: true });
  await assert.rejects(run(url, broken), { code: 'INPUT_MISSING' });
});

test('a user without rights is told which are missing, and nothing was written', async () => {
  const url = await freshDatabase();
  const user = await restrictedUser(url);
  await assert.rejects(run(user.url), { code: 'SINK_RIGHTS_MISSING' });
});

test('a table in which a text is too short for its column refuses the load, and the old rows stay', async () => {
  const url = await freshDatabase();
  await run(url);
  await sql(url, `DELETE FROM ${SUMMARY} WHERE length(namespace) > 6; ALTER TABLE ${SUMMARY} ALTER namespace TYPE varchar(6)`);
  const before = await contents(url);
  await assert.rejects(run(url), { code: 'DATA_TEXT_TOO_LONG', message: /6 characters/ });
  assert.deepEqual(await contents(url), before);
});

test('without a report period in the database the window is skipped and says so', async () => {
  const url = await freshDatabase();
  await sql(url, 'CREATE TABLE reporting_ocpusagereportperiod (id int, cluster_id text, report_period_start timestamptz, provider_id uuid)');
  const report = await run(url);
  assert.equal(report.windows[0]?.skipped, 'period');
  assert.match(report.notes.join('\n'), /no report period/);
  assert.equal((await contents(url)).rows, 0);
});

test('a user who may only read, insert and delete runs into a table that others made', async () => {
  const url = await freshDatabase();
  const expected = await run(url).then(() => contents(url));
  const user = await restrictedUser(url);
  await sql(
    url,
    `GRANT SELECT, INSERT, DELETE ON ${SUMMARY} TO ${user.name}; GRANT USAGE ON SCHEMA rowmill TO ${user.name};
     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rowmill TO ${user.name};
     DROP TABLE ${SUMMARY}_2025_11`,
  );
  const report = await run(user.url);
  assert.equal(report.windows[0]?.deleted, expected.rows);
  assert.deepEqual(await contents(url), expected);
  await sql(url, `DROP TABLE ${SUMMARY}_2025_10; DROP TABLE ${SUMMARY}_default`);
  await assert.rejects(run(user.url), { code: 'SINK_TABLE_MISMATCH', message: /no partition for 2025-10/, help: /owns the table/ });
});

test('a cancel also ends a wait for a lock that somebody else holds', { timeout: 20_000 }, async () => {
  const url = await freshDatabase();
  await run(url);
  const other = await session(url);
  await other.query(`BEGIN; LOCK TABLE ${SUMMARY} IN SHARE MODE`);
  const controller = new AbortController();
  const running = run(url, month, { signal: controller.signal });
  const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DELETE%'";
  while ((await sql(url, waiting)).length === 0) await wait(20);
  const began = performance.now();
  controller.abort();
  await assert.rejects(running, { code: 'RUN_CANCELLED' });
  assert.ok(performance.now() - began < 5000);
  assert.deepEqual(await sql(url, waiting), [], 'nothing waits any more');
});
