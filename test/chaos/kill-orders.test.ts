import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, type Plan } from '#ts/addon.js';
import { loadPlan } from '#ts/plan/index.js';
import { resumeRun, runPlan } from '#ts/run/index.js';
import { orderRows, writeCsv } from '../orders/order-log.js';
import { textsIn } from '../orders/run-orders.js';
import { temporaryFolder } from '../postgres/month.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { seeded } from './seeded.js';

const KILLS = 6;

let folder: string;
let log: string;
before(async () => {
  folder = await temporaryFolder();
  log = writeCsv(join(folder, 'orders.csv'), orderRows(60_000, 6));
});

async function planFor(flags: Record<string, unknown>): Promise<Plan> {
  const shared = { 'source.root': log, 'source.unitBytes': 500_000, 'budget.threads': 2 };
  return (await loadPlan({ pipeline: 'orders', env: {}, flags: { ...shared, ...flags } })).plan;
}

function start(plan: Plan, runId: string): ChildProcess {
  const victim = fileURLToPath(new URL('./victim.js', import.meta.url));
  return spawn(process.execPath, [victim, JSON.stringify({ plan, runId })], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Milliseconds from the first sign of life to the end. */
async function measured(plan: Plan): Promise<number> {
  const child = start(plan, randomUUID());
  const closed = once(child, 'close');
  await once(child.stdout ?? child, 'data');
  const began = performance.now();
  assert.deepEqual(await closed, [0, null]);
  return performance.now() - began;
}

/** Kills a run after a part of its time; true where it was still working. */
async function killed(plan: Plan, runId: string, afterMs: number): Promise<boolean> {
  const child = start(plan, runId);
  const closed = once(child, 'close');
  await once(child.stdout ?? child, 'data');
  await wait(afterMs);
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  return signal === 'SIGKILL';
}

function tables(): string[] {
  return describe()
    .pipelines.filter(({ name }) => name === 'orders')
    .flatMap((pipeline) => pipeline.tables.map(({ name }) => name));
}

async function contents(url: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const table of tables()) found.push(await sql(url, `SELECT t::text AS row FROM ${table} t ORDER BY 1`));
  return found;
}

test(`a run of eight tables killed at ${KILLS} points leaves all old or all new, and a resume ends in the same rows`, {
  timeout: 240_000,
}, async (t) => {
  const url = await freshDatabase();
  const plan = await planFor({ 'database.url': url });
  const wholeMs = await measured(plan);
  const expected = await contents(url);
  const random = seeded(31);
  let hits = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const table of tables()) await sql(url, `DELETE FROM ${table}`);
    const runId = randomUUID();
    if (await killed(plan, runId, random() * wholeMs)) hits += 1;
    const counts = await Promise.all(tables().map(async (table) => (await sql(url, `SELECT FROM ${table} LIMIT 1`)).length));
    assert.equal(new Set(counts).size, 1, `some tables are filled and some are not: ${counts}`);
    const begun = (await sql(url, `SELECT FROM pg_tables WHERE schemaname = 'rowmill'`)).length > 0;
    const known = begun && (await sql(url, 'SELECT FROM rowmill.run WHERE id = $1', [runId])).length > 0;
    if (known) await resumeRun({ url, ledgerSchema: 'rowmill', runId });
    else await runPlan({ plan, origins: [], runId });
    assert.deepEqual(await contents(url), expected, `kill ${kill}`);
  }
  t.diagnostic(`${hits} of ${KILLS} kills hit a working process`);
  assert.ok(hits >= KILLS / 2, 'too few kills hit: the test proves nothing');
});

test(`a run into a folder killed at ${KILLS} points leaves whole files only, and running it again ends in the same files`, {
  timeout: 240_000,
}, async (t) => {
  const out = join(folder, 'out');
  const extract = { 'orders.extract': 'partitioned', 'orders.extractFormat': 'csv' };
  const plan = await planFor({ 'output.folder': out, ...extract });
  const wholeMs = await measured(plan);
  const expected = textsIn(out);
  const random = seeded(32);
  let hits = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    rmSync(out, { recursive: true });
    if (await killed(plan, randomUUID(), random() * wholeMs)) hits += 1;
    for (const [path, text] of Object.entries(left(out))) assert.equal(text, expected[path], `${path} after kill ${kill}`);
    await runPlan({ plan, origins: [] });
    assert.deepEqual(named(textsIn(out), expected), expected, `kill ${kill}`);
  }
  t.diagnostic(`${hits} of ${KILLS} kills hit a working process`);
  assert.ok(hits >= KILLS / 2, 'too few kills hit: the test proves nothing');
});

/** What a killed run has left under names of results; work in progress has others. */
function left(out: string): Record<string, string> {
  try {
    const found = textsIn(out);
    return Object.fromEntries(Object.entries(found).filter(([path]) => /^[^.].*\.csv$/.test(path) && !path.includes('/.')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The files that are expected, without what killed runs have left of their unfinished ones. */
function named(found: Record<string, string>, expected: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(found).filter(([path]) => path in expected));
}
