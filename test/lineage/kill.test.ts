import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generateSql } from '#ts/lineage/index.js';
import { seeded } from '../chaos/seeded.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { graphOf, runOver } from './trees.js';

const KILLS = 8;

let folder: string;
before(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'rowmill-test-')), 'corpus');
  await generateSql(folder, 100);
});
after(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

function start(url: string): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL('./victim.js', import.meta.url)), folder, url], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test(`a run killed at ${KILLS} points and run again ends in the same graph`, { timeout: 240_000 }, async (context) => {
  const whole = await freshDatabase();
  const child = start(whole);
  const closed = once(child, 'close');
  await once(child.stdout ?? child, 'data');
  const beganMs = performance.now();
  assert.deepEqual(await closed, [0, null]);
  const wholeMs = performance.now() - beganMs;
  const expected = await graphOf(whole);
  const random = seeded(41);
  const partial: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const url = await freshDatabase();
    const victim = start(url);
    const ended = once(victim, 'close');
    await once(victim.stdout ?? victim, 'data');
    await wait(random() * wholeMs);
    victim.kill('SIGKILL');
    await ended;
    const begun = (await sql(url, "SELECT FROM pg_tables WHERE schemaname = 'rowmill' AND tablename = 'lineage_file'")).length > 0;
    partial.push(begun ? (await sql(url, 'SELECT FROM rowmill.lineage_file')).length : 0);
    await runOver(folder, url, { dialect: 'auto' });
    assert.deepEqual(await graphOf(url), expected, `kill ${kill}`);
  }
  context.diagnostic(`files in the graph after each kill: ${partial.join(', ')}`);
  assert.ok(
    partial.some((files) => files < 100),
    'no kill hit a run that was still working',
  );
});
