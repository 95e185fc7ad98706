import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counters } from '#ts/addon.js';
import { fractionOfMemory, readFraction } from '#ts/run/fractions.js';
import { Monitor, type MonitorOptions } from '#ts/run/monitor.js';
import { activitySource, memorySource } from '#ts/run/monitor-sources.js';
import type { EngineControl, MemoryReading, Sample, WorkerChange } from '#ts/run/monitor-types.js';
import { WorkerControl } from '#ts/run/worker-control.js';

const GIB = 1024 ** 3;

function memory(rssBytes: number): MemoryReading {
  return { rssBytes, cgroup: null, system: { usedBytes: 1, totalBytes: 100 } };
}

/** An engine of which as many workers run as it was told. */
class FakeEngine implements EngineControl {
  workers: number;
  rowsRead = 0;
  bytesRead = 0;
  readonly told: number[] = [];

  constructor(workers: number) {
    this.workers = workers;
  }

  setWorkers(count: number): void {
    this.told.push(count);
    this.workers = count;
  }

  counters(): Counters {
    const states = Array.from({ length: 10 }, (_, index) => ({ file: 'a.csv', state: index < this.workers ? 'reading' : 'resting' }));
    const counters = {
      rowsRead: this.rowsRead,
      bytesRead: this.bytesRead,
      filesDone: 0,
      filesTotal: 1,
      workersActive: this.workers,
      workers: states,
    };
    return counters as unknown as Counters;
  }
}

/** A monitor whose clock and memory a test turns. */
function staged(options: Partial<MonitorOptions> = {}) {
  const stage = { sec: 0, rss: 10, cpu: 0 };
  const monitor = new Monitor({
    workers: 10,
    budgetBytes: 100,
    now: () => stage.sec,
    memory: () => memory(stage.rss),
    activity: () => ({ cpuSeconds: stage.cpu, system: { busySeconds: stage.cpu, allSeconds: stage.sec * 4 }, io: null, disks: null }),
    ...options,
  });
  const at = (sec: number, rss: number): Sample => {
    Object.assign(stage, { sec, rss });
    return monitor.sample();
  };
  return { stage, monitor, at };
}

test('workers go down a fifth at a time above 85 %, at most once per cool-down, and never below one', () => {
  const control = new WorkerControl(10);
  assert.equal(control.next(0.85, 0), 10);
  assert.equal(control.next(0.86, 1), 8);
  assert.equal(control.next(0.99, 3), 8);
  assert.deepEqual(
    [6, 11, 16, 21, 26, 31, 36, 41].map((sec) => control.next(0.99, sec)),
    [6, 4, 3, 2, 1, 1, 1, 1],
  );
});

test('workers go up step by step below 70 %, after a quiet period for each, and never above the plan', () => {
  const control = new WorkerControl(10);
  for (const sec of [0, 5, 10]) control.next(0.9, sec);
  assert.equal(control.workers, 4);
  assert.equal(control.next(0.6, 12), 4);
  assert.equal(control.next(0.6, 21), 4);
  assert.equal(control.next(0.6, 22), 6);
  assert.equal(control.next(0.6, 31), 6);
  assert.equal(control.next(0.6, 32), 8);
  assert.equal(control.next(0.75, 40), 8);
  assert.equal(control.next(0.6, 43), 8);
  assert.equal(control.next(0.6, 53), 10);
  assert.equal(control.next(0.1, 99), 10);
});

test('between the two limits nothing changes', () => {
  const control = new WorkerControl(4);
  for (let sec = 0; sec < 100; sec += 1) assert.equal(control.next(sec % 2 === 0 ? 0.71 : 0.85, sec), 4);
});

test('a single worker stays', () => {
  assert.equal(new WorkerControl(1).next(1.5, 0), 1);
});

test('the fullest of budget, container and host counts', () => {
  const system = { usedBytes: 2 * GIB, totalBytes: 8 * GIB };
  assert.equal(fractionOfMemory({ rssBytes: GIB, cgroup: null, system }, 2 * GIB), 0.5);
  assert.equal(fractionOfMemory({ rssBytes: GIB, cgroup: { usedBytes: 3, limitBytes: 4 }, system }, 2 * GIB), 0.75);
  assert.equal(fractionOfMemory({ rssBytes: 1, cgroup: null, system }, 2 * GIB), 0.25);
});

test('when memory passes the threshold the engine runs fewer workers, and all again when it has fallen: seen in counters and summary', () => {
  const notes: WorkerChange[] = [];
  const { monitor, at } = staged({ onWorkers: (change) => notes.push(change) });
  const engine = new FakeEngine(10);
  monitor.onEngine(engine, 1000);
  const scarce = at(1, 90);
  assert.deepEqual([scarce.workers, scarce.workersActive, engine.told], [8, 8, [8]]);
  assert.equal(scarce.workerStates.filter(({ state }) => state === 'resting').length, 2);
  assert.equal(at(2, 99).workers, 8);
  assert.equal(at(6, 99).workers, 6);
  assert.equal(at(10, 50).workers, 6);
  assert.equal(at(20, 50).workers, 8);
  const back = at(30, 50);
  assert.deepEqual([back.workers, back.workersActive, engine.told], [10, 10, [8, 6, 8, 10]]);
  const { workersPlanned, workersLeast, workerChanges } = monitor.summary();
  assert.deepEqual([workersPlanned, workersLeast], [10, 6]);
  assert.deepEqual(
    workerChanges.map(({ elapsedSec, from, to, memoryFraction }) => [elapsedSec, from, to, memoryFraction]),
    [
      [1, 10, 8, 0.9],
      [6, 8, 6, 0.99],
      [20, 6, 8, 0.5],
      [30, 8, 10, 0.5],
    ],
  );
  assert.deepEqual(notes, workerChanges);
});

test('a window that opens while memory is scarce begins with the reduced number', () => {
  const { monitor, at } = staged({ windows: 2 });
  monitor.onEngine(new FakeEngine(10), 1000);
  at(1, 90);
  monitor.onEngine(null, 0);
  const next = new FakeEngine(10);
  monitor.onEngine(next, 1000);
  assert.deepEqual(next.told, [8]);
});

test('rates are since the sample before, and the time left is by the bytes that are left', () => {
  const { monitor, stage, at } = staged();
  const engine = new FakeEngine(10);
  monitor.onEngine(engine, 1000);
  Object.assign(engine, { rowsRead: 50, bytesRead: 100 });
  stage.cpu = 3;
  const first = at(2, 10);
  assert.deepEqual([first.rowsPerSec, first.bytesPerSec, first.fraction, first.etaSec], [25, 50, 0.1, 18]);
  assert.deepEqual([first.cpuPercent, first.systemCpuPercent], [150, 37.5]);
  Object.assign(engine, { rowsRead: 350, bytesRead: 500 });
  const second = at(4, 10);
  assert.deepEqual([second.rowsPerSec, second.bytesPerSec, second.fraction, second.etaSec], [150, 200, 0.5, 4]);
  assert.equal(second.cpuPercent, 0);
});

test('nothing is said of the time left before anything is read, and of the engine while none is open', () => {
  const { monitor, at } = staged();
  const idle = at(1, 10);
  assert.deepEqual([idle.fraction, idle.etaSec, idle.workersActive, idle.rowsPerSec], [null, null, null, 0]);
  monitor.onEngine(new FakeEngine(10), 1000);
  assert.deepEqual([monitor.lastSample?.fraction, monitor.lastSample?.etaSec], [0, null]);
});

test('windows that are done count whole', () => {
  const { monitor } = staged({ windows: 2 });
  monitor.onEngine(new FakeEngine(10), 1000);
  monitor.onEngine(null, 0);
  const engine = new FakeEngine(10);
  engine.bytesRead = 500;
  monitor.onEngine(engine, 1000);
  assert.equal(monitor.lastSample?.fraction, 0.75);
});

test('of a Parquet file only some bytes are read: files that are done count where they say more', () => {
  const counters = (bytesRead: number, filesDone: number) => ({ bytesRead, filesDone, filesTotal: 4 }) as Counters;
  assert.deepEqual([readFraction(counters(10, 2), 1000), readFraction(counters(900, 2), 1000), readFraction(counters(2000, 0), 1000)], [0.5, 0.9, 1]);
  assert.equal(readFraction(counters(5, 0), 0), 0);
});

test('a summary has averages without anybody having asked before', () => {
  const { monitor, stage, at } = staged();
  at(1, 20);
  stage.cpu = 4;
  at(2, 40);
  const { samples, peakRssBytes, averageRssBytes, averageCpuPercent } = monitor.summary();
  assert.deepEqual([samples, peakRssBytes, averageRssBytes, averageCpuPercent], [2, 40, 30, 200]);
});

test('the timer samples until it is stopped', async () => {
  let samples = 0;
  const monitor = new Monitor({ workers: 2, budgetBytes: GIB, intervalMs: 1, onSample: () => ++samples });
  monitor.start();
  while (samples < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  monitor.stop();
  const seen = samples;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(samples, seen);
});

test('memory and disks are read from /proc, disks once and not by their partitions', () => {
  const tree: Record<string, string> = {
    '/proc/meminfo': 'MemTotal: 1000 kB\nMemAvailable: 250 kB\n'.replaceAll(': ', ':   '),
    '/proc/stat': 'cpu  100 0 50 800 50 0 0 0 7 7\ncpu0 1 1 1 1\n',
    '/proc/self/io': 'rchar: 1\nread_bytes: 4096\nwrite_bytes: 8192\n',
    '/proc/diskstats': ['8 0 sda 1 0 10 0 1 0 20 0', '8 1 sda1 1 0 10 0 1 0 20 0', '7 0 loop0 9 9 9 9 9 9 9', '259 0 nvme0n1 1 0 1 0 1 0 2 0'].join(
      '\n',
    ),
  };
  const read = (path: string): string | null => tree[path] ?? null;
  const { system, cgroup, rssBytes } = memorySource(read)();
  assert.deepEqual([system, cgroup], [{ usedBytes: 750 * 1024, totalBytes: 1000 * 1024 }, null]);
  assert.ok(rssBytes > 0);
  const activity = activitySource(read)();
  assert.deepEqual(activity.system, { busySeconds: 1.5, allSeconds: 10 });
  assert.deepEqual(activity.io, { readBytes: 4096, writeBytes: 8192 });
  assert.deepEqual(activity.disks, { readBytes: 11 * 512, writeBytes: 22 * 512 });
  const bare = activitySource(() => null)();
  assert.deepEqual([bare.system, bare.io, bare.disks], [null, null, null]);
});
