import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type BatcherSettings, EventBatcher } from '#ts/lineage/index.js';

const SETTINGS: BatcherSettings = { isEnabled: true, debounceSeconds: 5, sizeThreshold: 50, maxWaitSeconds: 30 };

/** A batcher whose clock stands still, and what it handed on. */
function made(settings: Partial<BatcherSettings> = {}, work: (paths: string[]) => Promise<void> = async () => undefined) {
  const batches: string[][] = [];
  const errors: unknown[] = [];
  const handle = async (paths: string[]): Promise<void> => {
    batches.push(paths);
    await work(paths);
  };
  return { batches, errors, batcher: new EventBatcher({ ...SETTINGS, ...settings }, handle, { onError: (error) => errors.push(error) }) };
}

function withClock(name: string, body: (tick: (seconds: number) => Promise<void>) => Promise<void>): void {
  test(name, async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      await body(async (seconds) => {
        mock.timers.tick(seconds * 1000);
        for (let turns = 0; turns < 5; turns += 1) await turn();
      });
    } finally {
      mock.timers.reset();
    }
  });
}

withClock('events come together until it is quiet; a second event of a file neither counts twice nor waits longer', async (tick) => {
  const { batcher, batches } = made();
  batcher.add('b/2');
  await tick(3);
  batcher.add('a/1');
  await tick(4);
  batcher.add('a/1');
  await tick(0.9);
  assert.deepEqual(batches, []);
  await tick(0.1);
  assert.deepEqual(batches, [['a/1', 'b/2']]);
  const { events_received, events_deduplicated, pending_files, batches_processed, deduplication_rate_percent } = batcher.stats();
  assert.deepEqual([events_received, events_deduplicated, pending_files, batches_processed, deduplication_rate_percent], [3, 1, 0, 1, 33.33]);
});

withClock('enough files are handed on at once, and a steady stream is not put off for ever', async (tick) => {
  const { batcher, batches } = made({ sizeThreshold: 3 });
  for (const path of ['c', 'a', 'b']) batcher.add(path);
  await tick(0);
  assert.deepEqual(batches, [['a', 'b', 'c']]);
  const steady = made();
  for (let second = 0; second < 32; second += 4) {
    steady.batcher.add(`f${second}`);
    await tick(4);
  }
  assert.equal(steady.batches.length, 1);
  assert.equal(steady.batches[0]?.length, 8);
});

withClock('the batch outlives its timer, and a file that changes while it is worked on comes once more', async (tick) => {
  const gates: (() => void)[] = [];
  const { batcher, batches } = made({}, () => new Promise((resolve) => gates.push(resolve)));
  batcher.add('a');
  await tick(5);
  assert.deepEqual([batches.length, batcher.stats().batches_processed], [1, 0]);
  for (let again = 0; again < 3; again += 1) batcher.add('a');
  await tick(60);
  assert.equal(batches.length, 1, 'it must not be worked on twice at a time');
  gates[0]?.();
  await tick(0);
  await tick(5);
  assert.deepEqual(batches, [['a'], ['a']]);
  gates[1]?.();
  await tick(60);
  assert.deepEqual([batches.length, batcher.stats().batches_processed, batcher.stats().events_deduplicated], [2, 2, 2]);
});

withClock('without batching each event is handed on by itself, and failures are told', async (tick) => {
  const { batcher, batches, errors } = made({ isEnabled: false }, async ([path]) => {
    if (path === 'bad') throw new Error('mock');
  });
  for (const path of ['b', 'bad', 'a']) batcher.add(path);
  await tick(0);
  assert.deepEqual([batches, errors.length], [[['b'], ['bad'], ['a']], 1]);
  assert.equal(batcher.stats().batching_enabled, false);
});

withClock('a flush that somebody asked for fails for him, and an empty one does nothing', async (tick) => {
  const { batcher, batches } = made({}, async () => {
    throw new Error('mock');
  });
  await batcher.flush();
  assert.equal(batches.length, 0);
  batcher.add('a');
  await assert.rejects(batcher.flush(), /mock/);
  await tick(60);
  assert.equal(batches.length, 1, 'the timer must be gone');
});

withClock('shutting down hands on what waits, waits for what is worked on, and takes no more', async (tick) => {
  let isDone = false;
  const { batcher, batches } = made({}, async () => {
    await turn();
    isDone = true;
  });
  batcher.add('a');
  await batcher.shutdown();
  assert.ok(isDone);
  batcher.add('b');
  await tick(60);
  assert.deepEqual([batches, batcher.stats().events_received], [[['a']], 1]);
});

withClock('settings may change: what waits goes on at once when batching ends', async (tick) => {
  const { batcher, batches } = made();
  batcher.add('a');
  batcher.configure({ ...SETTINGS, isEnabled: false });
  await tick(0);
  assert.deepEqual(batches, [['a']]);
  batcher.configure({ ...SETTINGS, debounceSeconds: 1 });
  batcher.add('b');
  await tick(1);
  assert.deepEqual(batches, [['a'], ['b']]);
});
