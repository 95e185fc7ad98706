import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { describe, openHandles, openRun, resolvePlan } from '#ts/addon.js';
import { PIPELINES } from '#ts/cli/flags.js';
import { RowmillError } from '#ts/errors.js';

const native = createRequire(import.meta.url)('#native') as Record<string, (argument?: unknown) => unknown>;

/** The function itself, without the types that keep callers from doing this. */
const calls = ['resolvePlan', 'inspect', 'openRun', 'openSpool', 'compare', 'rollup', 'generate'].filter((name) => name in native);

const HOSTILE: [string, unknown][] = [
  ['null', null],
  ['a number', 3],
  ['a text', 'x'],
  ['an empty object', {}],
  ['an empty list', []],
  ['a list of nonsense', [{ origin: 3 }, null, [[]]]],
  ['deep nonsense', { plan: { pipeline: 'cost openshift' }, window: 2 ** 53, units: [{ input: 1 }], target: { kind: 'moon' } }],
  ['numbers that are none', { plan: Number.NaN, window: Number.POSITIVE_INFINITY, units: -1 }],
];

test('whatever is passed in, the process lives and the answer is a failure or an error', async () => {
  for (const name of calls) {
    for (const [what, value] of HOSTILE) {
      let answer: unknown;
      try {
        answer = await native[name]?.(value);
      } catch (error) {
        assert.ok(error instanceof Error, `${name} of ${what}`);
        continue;
      }
      const { ok, failure } = answer as { ok?: { problems?: unknown[] }; failure?: { code: string; message: string } };
      assert.ok(failure?.code.length || ok?.problems?.length, `${name} of ${what} answered ${JSON.stringify(answer)}`);
    }
  }
});

test('a failure arrives as a RowmillError with code, help and place', async () => {
  await assert.rejects(openRun({} as Parameters<typeof openRun>[0]), (error: unknown) => {
    assert.ok(error instanceof RowmillError);
    assert.match(error.code, /^[A-Z]+(_[A-Z]+)+$/);
    return true;
  });
  assert.equal(openHandles(), 0);
});

test('problems of a plan are an answer, not an exception', async () => {
  const { problems } = await resolvePlan([{ origin: 'test', values: { pipeline: 'cost openshift', nonsense: 1 } }]);
  assert.ok(problems?.some(({ path, origin }) => path === 'nonsense' && origin === 'test'));
});

test('the command line knows the same pipelines as the addon', () => {
  const { pipelines, version } = describe();
  assert.deepEqual(
    PIPELINES.map(({ name }) => name),
    pipelines.map(({ name }) => name),
  );
  assert.match(version, /^\d+\.\d+\.\d+/);
});

test('the addon loads in several workers at once, and they end', async () => {
  const code = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../../dist/addon.js', import.meta.url).href)})
      .then(({ describe }) => parentPort.postMessage(describe().pipelines.length));`;
  const ask = (): Promise<[unknown, number]> =>
    new Promise((resolve, reject) => {
      let answer: unknown;
      const worker = new Worker(code, { eval: true });
      worker.on('message', (message) => {
        answer = message;
      });
      worker.on('error', reject);
      worker.on('exit', (exit) => resolve([answer, exit]));
    });
  const answers = await Promise.all([ask(), ask(), ask(), ask()]);
  for (const answer of answers) assert.deepEqual(answer, [describe().pipelines.length, 0]);
});
