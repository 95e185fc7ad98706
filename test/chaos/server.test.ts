import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Plan } from '#ts/addon.js';
import { type EmbeddedServer, startEmbedded } from '#ts/postgres/index.js';
import { listRuns, resumeRun, runPlan } from '#ts/run/index.js';
import { type CutLine, proxyTo } from '../postgres/cut-line.js';
import { generateMonth, into, temporaryFolder } from '../postgres/month.js';
import { contents, SUMMARY } from '../postgres/summary.js';
import { sql } from '../postgres/support.js';

let server: EmbeddedServer;
let directory: string;
let proxy: CutLine;
let plan: Plan;
let expected: Awaited<ReturnType<typeof contents>>;
let wholeRunBytes: number;

before(async () => {
  directory = await temporaryFolder();
  server = await startEmbedded({ directory, persistent: true });
  proxy = await proxyTo(server.url);
  plan = into((await generateMonth({ rows: 30_000, seed: 4 })).plan, proxy.url);
  await runPlan({ plan, origins: [] });
  const from = proxy.sent();
  await runPlan({ plan, origins: [] });
  wholeRunBytes = proxy.sent() - from;
  expected = await contents(server.url);
});
after(() => server.stop());

/** Ends the server as a power cut would. */
async function kill(): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await server.stop();
}

/** Starts the server again on its files and port; what a killed server left running needs a moment to end. */
async function restart(): Promise<void> {
  const port = Number(new URL(server.url).port);
  for (let attempt = 1; ; attempt += 1) {
    try {
      server = await startEmbedded({ directory, persistent: true, port });
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await wait(250);
    }
  }
}

/** Waits until so much of a run's bytes has reached the server; false where the run was over first. */
async function reached(part: number, running: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  running.then(over, over);
  const from = proxy.sent();
  while (!isOver && proxy.sent() - from < part * wholeRunBytes) await wait(1);
  return !isOver;
}

for (const part of [0.05, 0.5, 0.9]) {
  test(`a server killed after ${part * 100} % of the bytes comes back, and the same run ends in the same rows`, { timeout: 90_000 }, async () => {
    await sql(server.url, `UPDATE ${SUMMARY} SET namespace = 'old'`);
    const notes: string[] = [];
    const running = runPlan({ plan, origins: [], onNote: (line) => notes.push(line) });
    const wasRunning = await reached(part, running);
    await kill();
    await restart();
    const report = await running;
    assert.equal(report.rowsOut, expected.rows);
    assert.deepEqual(await contents(server.url), expected);
    if (wasRunning && part >= 0.5) assert.match(notes.join('\n'), /trying again/);
  });
}

test('a server that stays away fails the run; once it is back the rows are the old or the new ones, and a resume ends in the new ones', {
  timeout: 120_000,
}, async () => {
  await sql(server.url, `UPDATE ${SUMMARY} SET namespace = 'old'`);
  const old = await contents(server.url);
  const running = runPlan({ plan, origins: [] });
  const failed = assert.rejects(running, { name: 'RowmillError', retryable: true });
  await reached(0.7, running);
  await kill();
  await failed;
  await restart();
  // On a fast machine the kill may come after the commit: then the run failed to hear of it.
  const found = await contents(server.url);
  if (found.digest !== expected.digest) assert.deepEqual(found, old);
  assert.equal((await listRuns({ url: server.url, ledgerSchema: 'rowmill', limit: 1 }))[0]?.state, 'interrupted');
  await resumeRun({ url: server.url, ledgerSchema: 'rowmill' });
  assert.deepEqual(await contents(server.url), expected);
});
