// Runs a plan in a process of its own and counts what JavaScript allocated for it, and how often it asked the engine for bytes.
// Arguments: JSON of CountedJob. Prints JSON of CountedRun. Wants --expose-gc, and a young generation so large that nothing is
// collected during a run: then the growth of the heap is all that was allocated.

import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { type Plan, RunHandle } from '#ts/addon.js';
import { runPlan } from '#ts/run/run-plan.js';

export interface CountedJob {
  plan: Plan;
  /** Makes an object of each row that was read or written: what must never happen, to see that it would be noticed. */
  objectPer: 'row read' | 'row written' | null;
}

export interface CountedRun {
  rowsRead: number;
  rowsOut: number;
  bytesOut: number;
  /** The least of several runs: the rest is what the compiler of V8 and timers happened to add. */
  allocatedBytes: number;
  /** Calls of `next`. */
  crossings: number;
  /** Collections during the measured runs; with any, `allocatedBytes` says too little. */
  collections: number;
}

/** Runs that come first: modules are loaded and most functions compiled in them. */
const WARMING = 1;
const MEASURED = 4;

const { plan, objectPer } = JSON.parse(process.argv[2] ?? '{}') as CountedJob;
let crossings = 0;
let collections = 0;
/** When the run at hand began: entries of the observer arrive late, those of collections that were asked for before it too. */
let beganMs = 0;
/** Where the last of the objects is, so that the compiler cannot leave them out. */
const kept: object[] = [];

const { next } = RunHandle.prototype;
RunHandle.prototype.next = function counted() {
  crossings += 1;
  return next.call(this);
};
new PerformanceObserver((list) => {
  collections += list.getEntries().filter(({ startTime }) => startTime >= beganMs).length;
}).observe({ entryTypes: ['gc'] });

for (let run = 0; run < WARMING; run += 1) await countedRun();
const runs: CountedRun[] = [];
for (let run = 0; run < MEASURED; run += 1) runs.push(await countedRun());
const [least] = runs.sort((a, b) => a.allocatedBytes - b.allocatedBytes);
process.stdout.write(JSON.stringify({ ...least, collections: runs.reduce((sum, each) => sum + each.collections, 0) }));

async function countedRun(): Promise<CountedRun> {
  globalThis.gc?.();
  [crossings, collections, beganMs] = [0, 0, performance.now()];
  const before = getHeapStatistics().used_heap_size;
  const { rowsRead, rowsOut, windows } = await runPlan({ plan, origins: [] });
  if (objectPer !== null) for (let row = 0; row < (objectPer === 'row read' ? rowsRead : rowsOut); row += 1) kept[0] = { row };
  const allocatedBytes = getHeapStatistics().used_heap_size - before;
  await wait(20);
  return { rowsRead, rowsOut, bytesOut: windows.reduce((sum, { bytes }) => sum + bytes, 0), allocatedBytes, crossings, collections };
}
