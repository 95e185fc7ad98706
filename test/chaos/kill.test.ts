import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Plan } from '#ts/addon.js';
import { listRuns, resumeRun, runPlan } from '#ts/run/index.js';
import { type CutLine, proxyTo } from '../postgres/cut-line.js';
import { generateMonth, into } from '../postgres/month.js';
import { contents, SUMMARY } from '../postgres/summary.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { seeded } from './seeded.js';

/** Half of the kills are timed by bytes that reached the server, so that they fall into deletes, copies and commits; half by the clock. */
const KILLS = 20;

let url: string;
let proxy: CutLine;
let plan: Plan;
let expected: Awaited<ReturnType<typeof contents>>;
let old: Awaited<ReturnType<typeof contents>>;
let wholeRunBytes: number;
let wholeRunMs: number;

before(async () => {
  url = await freshDatabase();
  proxy = await proxyTo(url);
  const month = await generateMonth({ rows: 40_000, months: 2, seed: 3 });
  plan = into(month.plan, proxy.url);
  await finished(start(randomUUID()));
  expected = await contents(url);
  // The old result is another one, so that a mix of old and new rows shows.
  await sql(url, `UPDATE ${SUMMARY} SET pod_usage_cpu_core_hours = 1, namespace = 'old'; DELETE FROM ${SUMMARY} WHERE usage_start::text LIKE '%-07'`);
  await sql(url, `CREATE TABLE old AS SELECT * FROM ${SUMMARY}`);
  old = await contents(url);
  const from = proxy.sent();
  const child = start(randomUUID());
  await once(child.stdout ?? child, 'data');
  const began = performance.now();
  await finished(child);
  wholeRunMs = performance.now() - began;
  wholeRunBytes = proxy.sent() - from;
});

function start(runId: string): ChildProcess {
  const victim = fileURLToPath(new URL('./victim.js', import.meta.url));
  return spawn(process.execPath, [victim, JSON.stringify({ plan, runId })], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function finished(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
}

async function restoreOld(): Promise<void> {
  await sql(url, `TRUNCATE ${SUMMARY}; INSERT INTO ${SUMMARY} SELECT * FROM old`);
}

/** Kills the child at its point; true where it was still working. */
async function killAt(child: ChildProcess, part: number, byBytes: boolean): Promise<boolean> {
  const closed = once(child, 'close');
  await once(child.stdout ?? child, 'data');
  const from = proxy.sent();
  const began = performance.now();
  const reached = (): boolean => (byBytes ? proxy.sent() - from >= part * wholeRunBytes : performance.now() - began >= part * wholeRunMs);
  while (!reached() && child.exitCode === null) await wait(1);
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** Waits until the server has noticed: what it had received of a killed process, a commit too, is carried out until then. */
async function sessionsGone(): Promise<void> {
  const others = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
  while ((await sql(url, others)).length > 0) await wait(5);
}

/** A month is either old or new as a whole. */
async function assertWholeMonths(): Promise<void> {
  const months = await sql<{ month: string; old: boolean; new: boolean }>(
    url,
    `SELECT to_char(usage_start, 'YYYY-MM') AS month, bool_or(namespace = 'old') AS old, bool_or(namespace IS DISTINCT FROM 'old') AS new
     FROM ${SUMMARY} GROUP BY 1`,
  );
  for (const each of months) assert.ok(each.old !== each.new, `${each.month} has old and new rows`);
}

test(`a run killed at ${KILLS} points leaves old or new rows, and a resume ends in the same rows`, { timeout: 300_000 }, async (context) => {
  const random = seeded(20);
  let hits = 0;
  const states: Record<string, number> = {};
  for (let kill = 0; kill < KILLS; kill += 1) {
    await restoreOld();
    const runId = randomUUID();
    const part = random();
    const byBytes = kill % 2 === 0;
    const wasWorking = await killAt(start(runId), part, byBytes);
    await assertWholeMonths();
    await sessionsGone();
    const [known] = await sql<{ loads: number }>(url, 'SELECT count(*)::int AS loads FROM rowmill.load WHERE run_id = $1', [runId]);
    const begun = (await sql(url, 'SELECT FROM rowmill.run WHERE id = $1', [runId])).length > 0;
    const state = `${begun ? `${known?.loads} of 2 windows loaded` : 'not begun'}`;
    states[state] = (states[state] ?? 0) + 1;
    if (wasWorking) hits += 1;
    const report = begun ? await resumeRun({ url, ledgerSchema: 'rowmill', runId }) : await runPlan({ plan: into(plan, url), origins: [], runId });
    assert.equal(report.windows.filter(({ skipped }) => skipped === 'loaded').length, begun ? known?.loads : 0);
    assert.deepEqual(await contents(url), expected, `kill ${kill} at ${part} of the ${byBytes ? 'bytes' : 'time'}`);
  }
  context.diagnostic(`${hits} of ${KILLS} kills hit a working process: ${JSON.stringify(states)}`);
  assert.ok(hits >= KILLS / 2, 'too few kills hit: the test proves nothing');
  assert.ok(Object.keys(states).length > 1, 'all kills fell into the same phase');
});

test('a killed run shows as interrupted at once', { timeout: 60_000 }, async () => {
  await restoreOld();
  const runId = randomUUID();
  const child = start(runId);
  const closed = once(child, 'close');
  while ((await sql(url, 'SELECT FROM rowmill.run WHERE id = $1', [runId])).length === 0) await wait(2);
  assert.equal((await listRuns({ url, ledgerSchema: 'rowmill', limit: 1 }))[0]?.state, 'running');
  child.kill('SIGKILL');
  await closed;
  await wait(500);
  const [status] = await listRuns({ url, ledgerSchema: 'rowmill', limit: 1 });
  assert.deepEqual([status?.runId, status?.state], [runId, 'interrupted']);
  assert.deepEqual(await contents(url), old);
});
