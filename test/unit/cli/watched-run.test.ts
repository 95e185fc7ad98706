import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counters } from '#ts/addon.js';
import { toWatchOptions } from '#ts/cli/monitor-options.js';
import { progressLine } from '#ts/cli/progress.js';
import { renderHardware } from '#ts/cli/render/hardware.js';
import { renderJobs } from '#ts/cli/render/jobs.js';
import { renderMonitor } from '#ts/cli/render/monitor.js';
import type { RowmillError } from '#ts/errors.js';
import { sizingOf } from '#ts/plan/sizing.js';
import type { MonitorSummary, Sample } from '#ts/run/monitor-types.js';

const MIB = 1024 ** 2;

test('jobs are one line, which names only what there was', () => {
  assert.deepEqual(renderJobs({ total: 0, completed: 0, failed: 0, skipped: 0, withoutRows: null }), []);
  assert.deepEqual(renderJobs({ total: 1200, completed: 1200, failed: 0, skipped: 0, withoutRows: 340 }), [
    '1,200 jobs: 1,200 completed (340 without rows)',
  ]);
  assert.deepEqual(renderJobs({ total: 5, completed: 0, failed: 3, skipped: 2, withoutRows: null }), ['5 jobs: 3 failed, 2 skipped']);
});

test('what the monitor saw is one line, and another where the number of workers was changed', () => {
  const summary: MonitorSummary = {
    samples: 3,
    peakRssBytes: 90 * MIB,
    averageRssBytes: 80.4 * MIB,
    averageCpuPercent: 187.6,
    peakSystemBytes: 1,
    io: { readBytes: 2048, writeBytes: 0 },
    workersPlanned: 8,
    workersLeast: 6,
    workerChanges: [{ elapsedSec: 1, from: 8, to: 6, memoryFraction: 0.9 }],
  };
  assert.deepEqual(renderMonitor(summary), [
    'on average 80 MiB in memory, CPU 188 %, 2.0 KiB read from disks, 0 B written',
    'workers: 6 of 8 at the least, 1 change because of memory',
  ]);
  assert.deepEqual(renderMonitor({ ...summary, io: null, workerChanges: [] }), ['on average 80 MiB in memory, CPU 188 %']);
  assert.deepEqual(renderMonitor({ ...summary, samples: 0 }), []);
});

test('a progress line has memory, workers and the time left once there was a sample, and no time left while rows are sent', () => {
  const counters = { filesTotal: 8, filesDone: 2, rowsRead: 1e6, bytesRead: 30 * MIB, spilledBytes: 0 } as Counters;
  const progress = { window: 1, windows: 1, start: '', end: '', phase: 'compute' as const, counters, bytesTotal: 1, bytesLoaded: 0, seconds: 2 };
  const sample = { memory: { rssBytes: 90 * MIB }, workers: 6, etaSec: 75 } as Sample;
  assert.equal(
    progressLine(progress, sample),
    'compute: 2/8 files, 1,000,000 rows, 500 k rows/s, 15 MiB/s, 90 MiB in memory, 6 workers, 1 min 15 s left, 2.00 s',
  );
  assert.ok(!/left/.test(progressLine({ ...progress, phase: 'load' }, sample)));
  assert.ok(!/left/.test(progressLine(progress, { ...sample, etaSec: null })));
});

test('numbers of the command line are numbers, or a problem each', () => {
  assert.deepEqual(toWatchOptions({}), {
    monitorOut: undefined,
    monitorLog: undefined,
    jobsOut: undefined,
    timeoutSec: undefined,
    retries: undefined,
  });
  const { timeoutSec, retries } = toWatchOptions({ timeout: '1.5', retries: '3' });
  assert.deepEqual([timeoutSec, retries], [1.5, 3]);
  for (const timeout of ['', '-1', 'x', '1e9', 'Infinity']) {
    assert.throws(
      () => toWatchOptions({ timeout, retries: '-1' }),
      (error: RowmillError) => error.problems.length === 2,
    );
  }
});

test('a machine without a container says none, and a disk that was not measured says why', () => {
  const cgroup = { version: null, memoryLimitBytes: null, memoryUsedBytes: null, cpuQuota: null };
  const facts = { physicalCores: null, logicalProcessors: 2, memoryBytes: 1024 * MIB, memoryAvailableBytes: 512 * MIB, cgroup };
  const text = renderHardware(facts, sizingOf(facts), { folder: '/x', megabytesPerSecond: 100, error: 'no such folder' });
  for (const line of [/^machine +laptop$/m, /^physical cores +not known$/m, /^container +none$/m, /^auto: workers +2$/m]) assert.match(text, line);
  assert.match(text, /^disk of \/x +taken as 100 MB\/s: no such folder$/m);
});
