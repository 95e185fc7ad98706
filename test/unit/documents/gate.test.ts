import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Gate } from '#ts/documents/gate.js';

test('a gate lets no more in than it has places for, and the others in their order', async () => {
  const gate = new Gate(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const visit = (number: number) =>
    gate.through(async () => {
      inside += 1;
      most = Math.max(most, inside);
      order.push(number);
      await wait(5);
      inside -= 1;
    });
  await Promise.all([1, 2, 3, 4, 5].map(visit));
  assert.deepEqual([most, order], [2, [1, 2, 3, 4, 5]]);
});

test('a place that is given back twice, or by a failure, is one place', async () => {
  const gate = new Gate(1);
  const leave = await gate.enter();
  leave();
  leave();
  await assert.rejects(gate.through(() => Promise.reject(new Error('no'))));
  const first = await gate.enter();
  let isIn = false;
  const second = gate.enter().then((out) => {
    isIn = true;
    return out;
  });
  await wait(5);
  assert.equal(isIn, false);
  first();
  (await second)();
});
