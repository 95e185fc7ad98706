import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generate } from '#ts/addon.js';
import { loadPlan } from '#ts/plan/index.js';
import type { MemoryReading, Sample } from '#ts/run/monitor-types.js';
import { runWatched, type WatchedReport } from '#ts/run/run-watched.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-workers-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let file = '';

before(async () => {
  const totals = await generate({ out: folder, rows: 400_000, seed: 5 });
  file = (totals as { clusters: { plan: string }[] }).clusters[0]?.plan ?? '';
});

const THREADS = 4;
/** Changes at once, so that a short run sees both directions. */
const LIMITS = { highFraction: 0.85, lowFraction: 0.7, factor: 0.8, coolDownSec: 0, quietSec: 0 };

/** A run with small batches, between which workers may rest, sampled as often as the timer goes. */
async function run(name: string, memory: () => MemoryReading, seen: Sample[]): Promise<WatchedReport> {
  const flags = { 'output.file': join(folder, name), 'budget.threads': THREADS, 'budget.batchRows': 16, 'budget.spill': folder };
  const { plan, origins } = await loadPlan({ file, env: {}, flags });
  return runWatched({ plan, origins }, { memory, limits: LIMITS, intervalMs: 1, onSample: (sample) => seen.push(sample) });
}

function reading(share: number): MemoryReading {
  return { rssBytes: 0, cgroup: { usedBytes: share * 100, limitBytes: 100 }, system: { usedBytes: 0, totalBytes: 1 } };
}

test('an engine that is told of scarce memory works with fewer threads, then with all again, and finds the same rows', async () => {
  const plain: Sample[] = [];
  const usual = await run('usual.parquet', () => reading(0.1), plain);
  assert.deepEqual([usual.monitor.workersLeast, usual.monitor.workerChanges], [THREADS, []]);
  const seen: Sample[] = [];
  // Scarce until the engine was seen resting one.
  const hasRested = (): boolean => seen.some(({ workerStates }) => workerStates.some(({ state }) => state === 'resting'));
  const watched = await run('scarce.parquet', () => reading(hasRested() ? 0.1 : 0.95), seen);
  const { workersLeast, workerChanges } = watched.monitor;
  assert.ok(workersLeast < THREADS);
  assert.deepEqual([workerChanges[0]?.to, workerChanges.at(-1)?.to], [THREADS - 1, THREADS]);
  assert.ok(hasRested(), 'the counters of the engine say so too');
  assert.ok(!plain.some(({ workerStates }) => workerStates.some(({ state }) => state === 'resting')));
  assert.deepEqual([watched.rowsRead, watched.rowsOut], [usual.rowsRead, usual.rowsOut]);
});
