import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Counts, compare } from '#scripts/gauge/compare.mjs';

const MADE = { target: 'x86_64-unknown-linux-gnu', rustc: 'rustc 1.95.0', valgrind: 'valgrind-3.19.0' };

function counts(kernels: Record<string, number>, made: Record<string, string> = MADE): Counts {
  return { made, kernels };
}

const BASELINE = counts({ 'fold/finish': 1_000_000, 'texts/like': 5_000 });

test('a kernel that takes eleven percent more fails the gate, which names it, both counts, the change and the way out', () => {
  const { ok, findings, lines } = compare(BASELINE, counts({ 'fold/finish': 1_110_000, 'texts/like': 5_000 }));
  assert.equal(ok, false);
  assert.deepEqual(
    findings.map(({ name, verdict }) => [name, verdict]),
    [
      ['fold/finish', 'worse'],
      ['texts/like', 'same'],
    ],
  );
  const text = lines.join('\n');
  assert.match(text, /^FAILED {2}fold\/finish: 1,000,000 -> 1,110,000 instructions \(\+11\.0 %\)$/m);
  assert.match(text, /node scripts\/gauge\.mjs update/);
  assert.doesNotMatch(text, /FAILED {2}texts\/like/);
});

test('nine percent more or less passes without a word', () => {
  for (const now of [1_090_000, 910_000, 1_100_000]) {
    const { ok, lines } = compare(BASELINE, counts({ 'fold/finish': now, 'texts/like': 5_000 }));
    assert.equal(ok, true);
    assert.equal(lines.length, 2);
  }
});

test('a kernel that takes eleven percent less passes, and the baseline is to follow', () => {
  const { ok, lines } = compare(BASELINE, counts({ 'fold/finish': 890_000, 'texts/like': 5_000 }));
  assert.equal(ok, true);
  assert.match(lines.join('\n'), /^BETTER {2}fold\/finish: .*-11\.0 %/m);
  assert.match(lines.join('\n'), /fold\/finish: faster\. Run `node scripts\/gauge\.mjs update`/);
});

test('a kernel that is gone fails the gate, and so does one that the baseline does not know', () => {
  const gone = compare(BASELINE, counts({ 'fold/finish': 1_000_000 }));
  assert.equal(gone.ok, false);
  assert.match(gone.lines.join('\n'), /^FAILED {2}texts\/like: in the baseline/m);
  const unknown = compare(BASELINE, counts({ ...BASELINE.kernels, 'texts/new': 7 }));
  assert.equal(unknown.ok, false);
  assert.match(unknown.lines.join('\n'), /^FAILED {2}texts\/new: 7 instructions/m);
});

test('a gate without kernels, or with counts that are none, fails', () => {
  assert.equal(compare(counts({}), counts({})).ok, false);
  for (const now of [0, Number.NaN, -5]) assert.equal(compare(counts({ a: 10 }), counts({ a: now })).ok, false);
  assert.equal(compare(counts({ a: 0 }), counts({ a: 10 })).ok, false);
});

test('another compiler is named, and excuses nothing', () => {
  const made = { ...MADE, rustc: 'rustc 1.96.0' };
  const same = compare(BASELINE, counts({ ...BASELINE.kernels }, made));
  assert.equal(same.ok, true);
  assert.match(same.lines.join('\n'), /rustc rustc 1\.95\.0 -> rustc 1\.96\.0\. The counts agree/);
  const worse = compare(BASELINE, counts({ ...BASELINE.kernels, 'fold/finish': 1_200_000 }, made));
  assert.equal(worse.ok, false);
  assert.match(worse.lines.join('\n'), /That alone may be the reason/);
});
