import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describe, generate, openHandles, openRun, type Plan, type Unit } from '#ts/addon.js';
import { loadPlan } from '#ts/plan/index.js';
import { listUnits } from '#ts/sources/index.js';
import { folderWith } from '../unit/folder.js';

/** A small month, its plan and its files. */
async function month(folder: string): Promise<{ plan: Plan; units: Unit[] }> {
  const totals = await generate({ out: folder, rows: 3000, seed: 5 });
  const [cluster] = totals.clusters as { plan: string }[];
  const { plan } = await loadPlan({ file: cluster?.plan ?? '', env: {}, flags: { 'budget.spill': folder, 'budget.threads': 2 } });
  const [window] = plan.windows;
  assert.ok(window);
  return { plan, units: await listUnits(plan, window, describe().pipelines.find(({ name }) => name === plan.pipeline)?.sources ?? []) };
}

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

test('a run hands out its rows, counts them, and closing it twice closes it once', async (t) => {
  const { plan, units } = await month(join(folderWith(t), 'data'));
  const run = await openRun({ plan, window: 0, units, target: { kind: 'discard' } });
  assert.equal(openHandles(), 1);
  assert.equal(await run.next(), null);
  const { stage, rowsRead, rowsOut } = run.counters();
  assert.equal(stage, 'done');
  assert.ok(rowsRead > 3000 && rowsOut > 0);
  await Promise.all([run.close(), run.close()]);
  await run.close();
  assert.equal(openHandles(), 0);
});

test('a closed run answers and does not end the process', async (t) => {
  const { plan, units } = await month(join(folderWith(t), 'data'));
  const run = await openRun({ plan, window: 0, units, target: { kind: 'discard' } });
  await run.close();
  run.cancel();
  assert.ok(run.counters().filesTotal >= 0);
  assert.deepEqual(run.report().rejected, []);
  await assert.rejects(run.next(), { name: 'RowmillError' });
});

test('a cancelled run ends with its code', async (t) => {
  const { plan, units } = await month(join(folderWith(t), 'data'));
  const run = await openRun({ plan, window: 0, units, target: { kind: 'discard' } });
  run.cancel();
  try {
    await assert.rejects(run.next(), { code: 'RUN_CANCELLED' });
  } finally {
    await run.close();
  }
});

test('a file that is no Parquet is a failure that names it, and leaves no handle open', async (t) => {
  const { plan, units } = await month(join(folderWith(t), 'data'));
  const broken = join(folderWith(t, { 'broken.parquet': 'this is no Parquet file' }), 'broken.parquet');
  const [first, ...rest] = units;
  assert.ok(first);
  const fail = async (): Promise<void> => {
    await using run = await openRun({
      plan,
      window: 0,
      units: [{ ...first, uri: broken, size: 23, version: '1' }, ...rest],
      target: { kind: 'discard' },
    });
    while (await run.next());
  };
  await assert.rejects(fail(), (error: unknown) => {
    const { code, place } = error as { code: string; place: { file?: string } };
    assert.match(code, /^INPUT_/);
    assert.equal(place.file, broken);
    return true;
  });
  assert.equal(openHandles(), 0);
});

test('a hundred runs leave no thread and no memory behind', { skip: process.platform !== 'linux' }, async (t) => {
  const { plan, units } = await month(join(folderWith(t), 'data'));
  const once = async (): Promise<void> => {
    await using run = await openRun({ plan, window: 0, units, target: { kind: 'discard' } });
    while (await run.next());
  };
  for (let round = 0; round < 20; round += 1) await once();
  const [threadsBefore, rssBefore] = [threads(), process.memoryUsage.rss()];
  for (let round = 0; round < 80; round += 1) await once();
  assert.ok(threads() <= threadsBefore + 1, `${threadsBefore} threads became ${threads()}`);
  const grown = process.memoryUsage.rss() - rssBefore;
  assert.ok(grown < 64 * 1024 * 1024, `grew by ${grown} bytes`);
});
