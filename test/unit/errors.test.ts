import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '#ts/cli/exit-codes.js';
import { RowmillError } from '#ts/errors.js';

const failure = {
  code: 'INPUT_COLUMN_TYPE',
  message: 'expected double, found text',
  help: 'Rewrite the file.',
  retryable: false,
  place: { file: 'a.parquet', rowGroup: 0, row: 3, column: 'usage', value: 'x' },
} as const;

test('an error says who, where and what next, also where a place counts from zero', () => {
  assert.equal(
    String(new RowmillError(failure)),
    'INPUT_COLUMN_TYPE: expected double, found text (a.parquet, row group 0, row 3, column usage, value "x"). Rewrite the file.',
  );
});

test('the problems of a plan stand on lines of their own', () => {
  const problems = [{ path: 'mode', message: '"fast" is not allowed', value: 'fast', allowed: 'one of streaming, memory', origin: 'command line' }];
  const error = new RowmillError({ ...failure, code: 'PLAN_INVALID', place: {}, problems });
  assert.equal(String(error).split('\n')[1], '  mode: "fast" is not allowed; allowed: one of streaming, memory (from command line)');
});

test('as JSON an error is the failure it was made of', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(new RowmillError(failure))), failure);
});

test('exit codes tell usage, interruption and failure apart', () => {
  const coded = (code: 'PLAN_INVALID' | 'RUN_CANCELLED' | 'INPUT_MISSING') => exitCodeOf(new RowmillError({ ...failure, code }));
  assert.deepEqual([coded('PLAN_INVALID'), coded('RUN_CANCELLED'), coded('INPUT_MISSING'), exitCodeOf(new Error('x'))], [2, 130, 1, 1]);
});
