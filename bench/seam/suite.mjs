// Small calls by benchmark.js, which decides how often to repeat them.

import Benchmark from 'benchmark';

/**
 * Microseconds per call of each asynchronous function, measured one after the other for at least `minTime` seconds each.
 *
 * The first failure ends the suite and is thrown.
 */
export function microseconds(named, minTime) {
  const suite = new Benchmark.Suite();
  let failure = null;
  for (const [name, call] of Object.entries(named)) {
    const fail = (error) => {
      failure ??= error;
      suite.abort();
    };
    suite.add(name, { defer: true, minTime, maxTime: minTime, minSamples: 3, fn: (deferred) => void call().then(() => deferred.resolve(), fail) });
  }
  return new Promise((resolve, reject) => {
    const figures = () =>
      suite.map(({ name, stats }) => ({ name, microseconds: stats.mean * 1e6, relativeErrorPercent: stats.rme, samples: stats.sample.length }));
    // An aborted suite completes too; a call that failed never resolves its deferral.
    suite.on('abort', () => reject(failure)).on('complete', () => (failure ? reject(failure) : resolve(figures())));
    suite.run({ async: true });
  });
}

/** Rows for `markdownTable` below {@link CALLS_HEAD}. */
export function callRows(calls) {
  return calls.map(({ name, microseconds: each, relativeErrorPercent, samples }) => [
    name,
    each.toFixed(1),
    `± ${relativeErrorPercent.toFixed(1)} %`,
    samples,
  ]);
}

export const CALLS_HEAD = ['call', 'µs', 'error of the mean', 'samples'];

/** A panel for the picture. */
export function callPanel(heading, calls) {
  const bars = calls.map(({ name, microseconds: each }) => ({ label: name, value: each, text: `${each.toFixed(1)} µs`, isOwn: true }));
  return { heading, bars };
}
