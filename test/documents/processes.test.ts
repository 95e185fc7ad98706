import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ApplicationsOptions, type ApplicationsReport, runApplications } from '#ts/documents/index.js';
import { seeded } from '../chaos/seeded.js';
import { proxyTo } from '../postgres/cut-line.js';
import { temporaryFolder } from '../postgres/month.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { IS_FULL } from '../scale/measured-run.js';
import { CONTRACT, contents, fillTable, loaded, loan, log, usual, writeLoans } from './loans.js';

const DOCUMENTS = IS_FULL ? 5000 : 1500;
const KILLS = IS_FULL ? 20 : 5;

function options(database: string, source: string, more: Partial<ApplicationsOptions> = {}): ApplicationsOptions {
  return { contract: CONTRACT, source, database, createTables: true, batchSize: 40, threads: 1, ...more };
}

function start(given: ApplicationsOptions): ChildProcess {
  const victim = fileURLToPath(new URL('./victim.js', import.meta.url));
  return spawn(process.execPath, [victim, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function reportOf(child: ChildProcess): Promise<ApplicationsReport> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as ApplicationsReport;
}

/** Processes that begin at the same time, however long each took to start. */
async function together(given: ApplicationsOptions, count: number): Promise<ChildProcess[]> {
  const victim = fileURLToPath(new URL('./victim.js', import.meta.url));
  const argv = [victim, JSON.stringify(given), 'waiting'];
  const children = Array.from({ length: count }, () => spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] }));
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  for (const { stdin } of children) stdin.end('go\n');
  return children;
}

/** Waits until a process has loaded so many documents, or has ended. */
async function loadedBy(child: ChildProcess, documents: number): Promise<void> {
  let most = -1;
  const closed = once(child, 'close').then(() => 'closed' as const);
  const data = async (): Promise<'data'> => {
    const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    if (chunk.includes('open')) most = Math.max(most, 0);
    for (const [, loaded] of chunk.toString().matchAll(/"loaded":(\d+)/g)) most = Math.max(most, Number(loaded));
    return 'data';
  };
  while (most < documents) if ((await Promise.race([closed, data()])) === 'closed') return;
}

/** Every document once in the tables and once in the log. */
async function assertExactlyOnce(url: string, ids: readonly number[]): Promise<void> {
  assert.deepEqual(await loaded(url), ids);
  const lines = await log(url);
  assert.deepEqual(
    lines.map(({ app_id }) => Number(app_id)),
    ids,
  );
  assert.ok(lines.every(({ status }) => status === 'success'));
}

/** Each document is whole: as many rows in every table as there are documents. */
async function assertWhole(url: string): Promise<void> {
  const counts = await sql<Record<string, number>>(
    url,
    `SELECT (SELECT count(*)::int FROM library.loan) AS loan, (SELECT count(*)::int FROM library.person) AS person,
            (SELECT count(*)::int FROM library.history) AS history, (SELECT count(*)::int FROM library.processing_log) AS log`,
  );
  assert.equal(new Set(Object.values(counts[0] ?? {})).size, 1, JSON.stringify(counts));
}

for (const kind of ['table', 'files']) {
  test(`processes at the same time share the documents of ${kind} without overlap`, { timeout: 120_000 }, async () => {
    const [url, folder] = [await freshDatabase(), await temporaryFolder()];
    const source = kind === 'table' ? 'table' : folder;
    if (kind === 'table') await fillTable(url, usual(1, DOCUMENTS));
    else writeLoans(folder, usual(1, DOCUMENTS));
    await runApplications(options(url, source, { limit: 1, batchSize: 1, connections: 1, prefetch: 0 }));
    const reports = await Promise.all((await together(options(url, source), 3)).map(reportOf));
    const taken = reports.map(({ counts }) => counts.taken);
    assert.equal(
      taken.reduce((sum, count) => sum + count, 0),
      DOCUMENTS - 1,
      JSON.stringify(reports.map(({ counts }) => counts)),
    );
    assert.ok(reports.every(({ counts }) => counts.failed === 0 && counts.elsewhere === 0));
    assert.ok(taken.filter((count) => count > 0).length >= 2, `one process took everything: ${taken}`);
    await assertExactlyOnce(url, [...usual(1, DOCUMENTS).keys()]);
  });

  test(`a run over ${kind} killed at ${KILLS} points and begun again each time has every document exactly once`, { timeout: 300_000 }, async (t) => {
    const [url, folder] = [await freshDatabase(), await temporaryFolder()];
    const source = kind === 'table' ? 'table' : folder;
    const bad = new Map([...usual(1, DOCUMENTS)].filter(([id]) => id % 97 === 0).map(([id]) => [id, loan(id, { person: 2 })] as const));
    const documents = new Map([...usual(1, DOCUMENTS), ...bad]);
    if (kind === 'table') await fillTable(url, documents);
    else writeLoans(folder, documents);
    await runApplications(options(url, source, { limit: 1, batchSize: 1, connections: 1, prefetch: 0 }));
    const random = seeded(kind === 'table' ? 61 : 62);
    let hits = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = start(options(url, source));
      const closed = once(child, 'close');
      // Spread over the run, so that the last kills come close to its end.
      await loadedBy(child, Math.floor((random() * 0.7 * DOCUMENTS) / KILLS));
      await wait(random() * 30);
      child.kill('SIGKILL');
      if ((await closed)[1] === 'SIGKILL') hits += 1;
      // The server ends the transaction of a killed process a moment later.
      await wait(50);
    }
    t.diagnostic(`${hits} of ${KILLS} kills hit a working process, ${(await loaded(url)).length} documents were loaded by then`);
    assert.ok(hits >= KILLS / 2, 'too few kills hit: the test proves nothing');
    await runApplications(options(url, source));
    const good = [...documents.keys()].filter((id) => !bad.has(id));
    assert.deepEqual(await loaded(url), good);
    const lines = await log(url, "status = 'success'");
    assert.deepEqual(
      lines.map(({ app_id }) => Number(app_id)),
      good,
    );
    const failed = new Set((await log(url, "status = 'failed'")).map(({ app_id }) => Number(app_id)));
    assert.deepEqual([...failed], [...bad.keys()]);
  });
}

test('what a killed process held is free at once for one that still runs', { timeout: 60_000 }, async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 400));
  await runApplications(options(url, 'table', { limit: 1, batchSize: 1, connections: 1, prefetch: 0 }));
  // A lock on a row that the run needs keeps the first process in the middle of its batch.
  const { connect, disconnect } = await import('#ts/postgres/index.js');
  const holder = await connect(url);
  await holder.query('BEGIN; INSERT INTO library.loan (loan_id, received) VALUES (50, now())');
  const child = start(options(url, 'table', { batchSize: 100, connections: 1, prefetch: 0 }));
  const closed = once(child, 'close');
  while ((await sql(url, "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length === 0) await wait(10);
  const other = runApplications(options(url, 'table', { connections: 1, prefetch: 0 }));
  await wait(100);
  child.kill('SIGKILL');
  await closed;
  await holder.query('ROLLBACK');
  await disconnect(holder);
  const { counts } = await other;
  assert.deepEqual([counts.taken, counts.elsewhere], [399, 0]);
  await assertExactlyOnce(url, [...usual(1, 400).keys()]);
});

test('a line that is cut in the middle of batches costs time and doubles nothing', { timeout: 60_000 }, async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 600));
  await runApplications(options(url, 'table', { limit: 1, batchSize: 1, connections: 1, prefetch: 0 }));
  const proxy = await proxyTo(url);
  // Lines break now on the way to the server and now on the way back: a commit may be done and not answered.
  proxy.cutAfter(30_000);
  let cuts = 0;
  const onNote = (): void => {
    cuts += 1;
    proxy.cutAfter(cuts > 8 || cuts % 2 === 1 ? null : 30_000);
    proxy.cutAnswersAfter(cuts > 8 || cuts % 2 === 0 ? null : 60_000);
  };
  const report = await runApplications(options(proxy.url, 'table'), { onNote });
  assert.ok(report.retries > 0, 'nothing was cut');
  assert.equal(report.counts.taken, 599);
  await assertExactlyOnce(url, [...usual(1, 600).keys()]);
  await assertWhole(url);
});

test('a run that is asked to stop leaves whole batches, and the next one goes on', async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 500));
  const stop = new AbortController();
  const run = runApplications(options(url, 'table'), { signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(run, { code: 'RUN_CANCELLED' });
  await assertWhole(url);
  const before = (await loaded(url)).length;
  assert.ok(before > 0 && before < 500);
  await runApplications(options(url, 'table'));
  await assertExactlyOnce(url, [...usual(1, 500).keys()]);
  assert.equal((await contents(url)).loan?.length, 500);
});
