import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type PoolSettings, PRIORITY, type Priority, WorkerPool } from '#ts/lineage/index.js';

const SETTINGS: PoolSettings = { workers: 1, maxQueue: 200, memoryThresholdPercent: 80, memoryWaitSeconds: 5 };

interface Made {
  pool: WorkerPool;
  order: string[];
  /** Lets the oldest task that runs end. */
  next(): Promise<void>;
  submit(name: string, priority?: Priority): Promise<{ done: Promise<void> }>;
  clock: { ms: number };
  memory: { percent: number };
  warnings: string[];
}

function made(settings: Partial<PoolSettings> = {}): Made {
  const [order, warnings, gates]: [string[], string[], (() => void)[]] = [[], [], []];
  const [clock, memory] = [{ ms: 0 }, { percent: 10 }];
  const pool = new WorkerPool(
    { ...SETTINGS, ...settings },
    { memoryPercent: () => memory.percent, nowMs: () => clock.ms, onWarning: (line) => warnings.push(line) },
  );
  pool.start();
  const submit = (name: string, priority: Priority = PRIORITY.normal) =>
    pool.submit(async () => {
      order.push(name);
      await new Promise<void>((resolve) => gates.push(resolve));
    }, priority);
  const next = async (): Promise<void> => {
    gates.shift()?.();
    for (let turns = 0; turns < 5; turns += 1) await turn();
  };
  return { pool, order, next, submit, clock, memory, warnings };
}

test('the most urgent first, those of one priority as they came', async () => {
  const { order, next, submit } = made();
  for (const [name, priority] of [
    ['first', 2],
    ['b1', 3],
    ['n1', 2],
    ['c1', 1],
    ['b2', 3],
    ['n2', 2],
    ['c2', 1],
  ] as const)
    await submit(name, priority);
  for (let task = 0; task < 7; task += 1) await next();
  assert.deepEqual(order, ['first', 'c1', 'c2', 'n1', 'n2', 'b1', 'b2']);
});

test('what waits for long enough is not passed by for ever', async () => {
  const { order, next, submit, clock } = made();
  await submit('first');
  await submit('old', PRIORITY.batch);
  clock.ms = 59_000;
  await submit('n1');
  clock.ms = 125_000;
  await submit('n2');
  await next();
  await next();
  assert.deepEqual(order.slice(0, 3), ['first', 'old', 'n1']);
});

test('a full queue makes the next one wait until half of it is gone', async () => {
  const { pool, next, submit } = made({ maxQueue: 4 });
  for (let task = 0; task < 5; task += 1) await submit(`t${task}`);
  let isIn = false;
  const late = submit('late').then(() => {
    isIn = true;
  });
  await next();
  await next();
  assert.deepEqual([isIn, pool.stats().queue_size], [false, 2]);
  await next();
  await late;
  const { back_pressure_events, queue_size, tasks_submitted } = pool.stats();
  assert.deepEqual([isIn, back_pressure_events, queue_size, tasks_submitted], [true, 1, 2, 6]);
});

test('little memory makes it wait, and too long a wait is told', async () => {
  const { pool, submit, memory, clock } = made({ memoryWaitSeconds: 0.02 });
  memory.percent = 85;
  let isIn = false;
  const late = submit('late').then(() => {
    isIn = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  memory.percent = 75;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(isIn, false, 'it goes on ten percent below the threshold only');
  memory.percent = 60;
  await late;
  assert.equal(pool.stats().back_pressure_events, 1);
  memory.percent = 99;
  const refused = assert.rejects(submit('never'), { code: 'BUDGET_EXCEEDED' });
  await turn();
  clock.ms += 60_000;
  await refused;
});

test('a task that fails is counted, and the workers live on', async () => {
  const { pool, next, submit } = made({ workers: 2 });
  const { done } = await pool.submit(async () => {
    throw new Error('mock');
  });
  await assert.rejects(done, /mock/);
  const { done: good } = await submit('good');
  await next();
  await good;
  const { tasks_failed, tasks_completed, tasks_pending, success_rate_percent } = pool.stats();
  assert.deepEqual([tasks_failed, tasks_completed, tasks_pending, success_rate_percent], [1, 1, 0, 50]);
});

test('as many tasks at a time as there are workers, also after there are more', async () => {
  const { pool, order, submit } = made({ workers: 2 });
  for (let task = 0; task < 5; task += 1) await submit(`t${task}`);
  assert.equal(order.length, 2);
  pool.configure({ ...SETTINGS, workers: 4 });
  assert.equal(order.length, 4);
});

test('stopping drains, or drops what waits; then it can be started again', async () => {
  const drained = made();
  const tasks = [await drained.submit('a'), await drained.submit('b')];
  const stopping = drained.pool.stop();
  await assert.rejects(drained.submit('c'), { code: 'RUN_CANCELLED' });
  await drained.next();
  await drained.next();
  await Promise.all([stopping, ...tasks.map(({ done }) => done)]);
  assert.deepEqual([drained.order, drained.pool.stats().running], [['a', 'b'], false]);
  drained.pool.start();
  await drained.submit('d');
  assert.deepEqual(drained.order, ['a', 'b', 'd']);
  drained.pool.start();
  assert.equal(drained.warnings.length, 1);

  const dropped = made();
  let isTold = false;
  const { done: running } = await dropped.pool.submit(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    isTold = true;
  });
  const { done: waiting } = await dropped.submit('never');
  await Promise.all([dropped.pool.stop(false), running, assert.rejects(waiting, { code: 'RUN_CANCELLED' })]);
  assert.deepEqual([isTold, dropped.order], [true, []]);
});
