import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interruptible } from '#ts/cli/interrupt.js';
import { Output } from '#ts/cli/output.js';

const silent = new Output({ quiet: true });

test('the first signal asks politely, a hasty second one changes nothing, and the listeners go', async () => {
  const before = process.listenerCount('SIGINT');
  const answer = await interruptible(silent, async (signal) => {
    assert.equal(signal.aborted, false);
    process.emit('SIGINT');
    process.emit('SIGINT');
    return signal.aborted;
  });
  assert.equal(answer, true);
  assert.equal(process.listenerCount('SIGINT'), before);
});

test('the listeners go after a failure too', async () => {
  const before = process.listenerCount('SIGTERM');
  await assert.rejects(
    interruptible(silent, () => Promise.reject(new Error('x'))),
    /x/,
  );
  assert.equal(process.listenerCount('SIGTERM'), before);
});
