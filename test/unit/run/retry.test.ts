import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, RowmillError } from '#ts/errors.js';
import { withRetry } from '#ts/run/retry.js';

function failure(code: Failure['code'], retryable: boolean): RowmillError {
  return new RowmillError({ code, message: code, retryable, place: {} });
}

test('a failure that may pass is tried again, and each wait is told', async () => {
  const waits: number[] = [];
  const answer = await withRetry(
    async (attempt) => {
      if (attempt < 3) throw failure('SINK_CONNECTION_LOST', true);
      return attempt;
    },
    { onRetry: (_, waitMs) => waits.push(waitMs) },
  );
  assert.equal(answer, 3);
  assert.deepEqual(waits, [500, 1000]);
});

test("a failure that will not pass, or is not the database's, is thrown at once", async () => {
  for (const error of [failure('SINK_RIGHTS_MISSING', false), failure('INPUT_FILE_CHANGED', true), new RangeError('ours')]) {
    let tries = 0;
    const work = async (): Promise<never> => {
      tries += 1;
      throw error;
    };
    await assert.rejects(withRetry(work, {}), error);
    assert.equal(tries, 1);
  }
});

test('a cancel ends the waiting', async () => {
  const controller = new AbortController();
  const work = async (): Promise<never> => {
    throw failure('SINK_DATABASE_BUSY', true);
  };
  const began = performance.now();
  await assert.rejects(withRetry(work, { signal: controller.signal, onRetry: () => controller.abort() }), { name: 'AbortError' });
  assert.ok(performance.now() - began < 400);
});
