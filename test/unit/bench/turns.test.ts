import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeTurns } from '#ts/bench/index.js';
import { folderWith } from '../folder.js';

const CHILD = new URL('../../../../dist/bench/child.js', import.meta.url).href;
const WORKS = `import { serve } from '${CHILD}';\nserve(async ({ rows }) => async () => ({ rowsRead: rows }));\n`;
const FAILS = `import { serve } from '${CHILD}';\nserve(async () => async () => { throw new Error('no such file'); });\n`;
const DIES = 'process.exit(7);\n';

test('contenders take turns, and the first round is checked and not counted', async (t) => {
  const folder = folderWith(t, { 'works.mjs': WORKS });
  const script = join(folder, 'works.mjs');
  const contenders = ['a', 'b', 'c'].map((name, rows) => ({ name, script, job: { rows } }));
  const turns: string[] = [];
  const checked: Record<string, unknown> = {};
  const results = await takeTurns({
    contenders: contenders.map((each) => ({ ...each, onlyChecked: each.name === 'c' })),
    rounds: 2,
    check: (answers) => {
      for (const [name, { details }] of Object.entries(answers)) checked[name] = details.rowsRead;
    },
    onTurn: (name, round) => turns.push(`${round}${name}`),
  });
  assert.deepEqual(checked, { a: 0, b: 1, c: 2 });
  assert.deepEqual(turns, ['0a', '0b', '0c', '1b', '1a', '2a', '2b']);
  assert.deepEqual(Object.keys(results), ['a', 'b']);
  for (const measured of Object.values(results).flat()) assert.ok(measured.peakRssBytes > 1e6 && measured.seconds >= 0);
});

test('no time counts where the check fails', async (t) => {
  const folder = folderWith(t, { 'works.mjs': WORKS });
  const contenders = [{ name: 'a', script: join(folder, 'works.mjs'), job: {} }];
  const turns: number[] = [];
  const check = (): void => {
    throw new Error('rows differ');
  };
  await assert.rejects(takeTurns({ contenders, rounds: 3, check, onTurn: (_, round) => turns.push(round) }), /rows differ/);
  assert.deepEqual(turns, [0]);
});

test('a contender that fails or dies is named', async (t) => {
  const folder = folderWith(t, { 'fails.mjs': FAILS, 'dies.mjs': DIES });
  const only = (script: string) => takeTurns({ contenders: [{ name: 'the peer', script: join(folder, script), job: {} }], rounds: 1 });
  await assert.rejects(only('fails.mjs'), /the peer failed: Error: no such file/);
  await assert.rejects(only('dies.mjs'), /the peer ended without an answer \(7\)/);
});

test('a signal ends the contender at hand', async (t) => {
  const folder = folderWith(t, {
    'sleeps.mjs': `import { serve } from '${CHILD}';\nserve(async () => () => new Promise(() => setInterval(() => {}, 1000)));\n`,
  });
  const controller = new AbortController();
  const turns = takeTurns({ contenders: [{ name: 'a', script: join(folder, 'sleeps.mjs'), job: {} }], rounds: 1, signal: controller.signal });
  setTimeout(() => controller.abort(), 300);
  await assert.rejects(turns, { name: 'AbortError' });
});
