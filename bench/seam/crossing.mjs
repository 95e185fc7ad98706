// What it costs to cross from JavaScript to Rust and back: calls that do next to nothing on the other side. See bench/README.md.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Benchmark from 'benchmark';
import { describe, generate, inspect, openRun, resolvePlan } from '../../dist/addon.js';
import { listUnits } from '../../dist/sources/index.js';
import { machine, versions } from '../machine.mjs';
import { footing, markdownTable, writeReport } from '../report.mjs';

/** Microseconds per call, each for at least `minTime` seconds. */
export async function crossing({ minTime }) {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  try {
    const before = machine();
    const made = await generate({ out: folder, pods: 1, nodes: 1, namespaces: 1, volumes: 1 });
    const values = JSON.parse(readFileSync(made.clusters[0].plan, 'utf8'));
    const { plan } = await resolvePlan([{ origin: 'bench', values }]);
    const sources = describe().pipelines.find(({ name }) => name === plan.pipeline).sources;
    const units = await listUnits(plan, plan.windows[0], sources);
    const results = await runSuite(calls({ values, plan, units }), minTime);
    return { shape: { files: units.length, hourlyPodRows: made.hourlyPodRows }, machine: before, versions: versions(), results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function calls({ values, plan, units }) {
  return {
    'describe()': async () => void describe(),
    'resolvePlan()': () => resolvePlan([{ origin: 'bench', values }]),
    'inspect(), one file': () => inspect({ plan, window: 0, units: units.slice(0, 1) }),
    'run of one file, rows dropped': () => drain(plan, units.slice(0, 1)),
    'run of a month of tiny files, rows dropped': () => drain(plan, units),
  };
}

async function drain(plan, units) {
  const handle = await openRun({ plan, window: 0, units, target: { kind: 'discard' } });
  try {
    await handle.next();
  } finally {
    await handle.close();
  }
}

function runSuite(named, minTime) {
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
      suite.map(({ name, stats }) => ({ name, microseconds: stats.mean * 1e6, relativeErrorPercent: stats.rme, runs: stats.sample.length }));
    // An aborted suite completes too; a call that failed never resolves its deferral.
    suite.on('abort', () => reject(failure)).on('complete', () => (failure ? reject(failure) : resolve(figures())));
    suite.run({ async: true });
  });
}

export function crossingTable({ results }) {
  const lines = results.map(({ name, microseconds, relativeErrorPercent, runs }) => [
    name,
    microseconds.toFixed(1),
    `± ${relativeErrorPercent.toFixed(1)} %`,
    runs,
  ]);
  return markdownTable(['call', 'µs', 'error of the mean', 'samples'], lines);
}

async function main() {
  const { values } = parseArgs({ options: { note: { type: 'string', multiple: true, default: [] } } });
  const result = { command: 'node bench/seam/crossing.mjs', notes: values.note, ...(await crossing({ minTime: 0.5 })) };
  const table = `# Crossing N-API\n\n${crossingTable(result)}\n\n${footing(result)}\n`;
  process.stdout.write(`${table}\n${writeReport('seam-crossing', result, table)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
