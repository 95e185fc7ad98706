import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cgroupLimits } from '#ts/plan/cgroup.js';
import { diskSpeed } from '#ts/plan/disk-speed.js';
import { type HardwareFacts, readHardware, readLimits } from '#ts/plan/hardware.js';
import { machineLayer } from '#ts/plan/machine.js';
import { machineClass, sizingOf } from '#ts/plan/sizing.js';
import { folderWith } from '../folder.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Files of a machine by path; all others are not there. */
function files(tree: Record<string, string>): (path: string) => string | null {
  return (path) => tree[path] ?? null;
}

function facts(given: Partial<HardwareFacts> = {}, cgroup: Partial<HardwareFacts['cgroup']> = {}): HardwareFacts {
  const none = { version: null, memoryLimitBytes: null, memoryUsedBytes: null, cpuQuota: null };
  return {
    physicalCores: 8,
    logicalProcessors: 16,
    memoryBytes: 16 * GIB,
    memoryAvailableBytes: 10 * GIB,
    ...given,
    cgroup: { ...none, ...cgroup },
  };
}

const PROCESSOR = (socket: number, core: number): string => `processor\t: 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}`;

test('cores are counted once, however many threads each has, and memory is what /proc says', () => {
  const tree = {
    '/proc/cpuinfo': [PROCESSOR(0, 0), PROCESSOR(0, 1), PROCESSOR(0, 0), PROCESSOR(0, 1), PROCESSOR(1, 0)].join('\n\n'),
    '/proc/meminfo': 'MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n',
  };
  const source = { read: files(tree), logicalProcessors: 5, memoryBytes: 1, memoryAvailableBytes: 1 };
  const { physicalCores, logicalProcessors, memoryBytes, memoryAvailableBytes, cgroup } = readHardware(source);
  assert.deepEqual([physicalCores, logicalProcessors, memoryBytes, memoryAvailableBytes], [3, 5, 16 * GIB, 8 * GIB]);
  assert.equal(cgroup.version, null);
  assert.equal(readLimits(source).physicalCores, null);
});

test('a machine without /proc gives what the system library knows', () => {
  const found = readHardware({ read: files({}), logicalProcessors: 10, memoryBytes: 8 * GIB, memoryAvailableBytes: 2 * GIB });
  assert.deepEqual([found.physicalCores, found.memoryBytes, found.memoryAvailableBytes], [null, 8 * GIB, 2 * GIB]);
});

test('cgroup v2: the smallest limit of the group and those around it counts, and idle page cache is not in use', () => {
  const root = '/sys/fs/cgroup';
  const limits = cgroupLimits(
    files({
      '/proc/self/cgroup': '0::/pods/one\n',
      [`${root}/cgroup.controllers`]: 'cpu memory\n',
      [`${root}/pods/memory.max`]: `${4 * GIB}\n`,
      [`${root}/pods/cpu.max`]: 'max 100000\n',
      [`${root}/pods/one/memory.max`]: 'max\n',
      [`${root}/pods/one/memory.current`]: `${3 * GIB}\n`,
      [`${root}/pods/one/memory.stat`]: `anon 5\ninactive_file ${GIB}\nactive_file 7\n`,
      [`${root}/pods/one/cpu.max`]: '150000 100000\n',
    }),
  );
  assert.deepEqual(limits, { version: 2, memoryLimitBytes: 4 * GIB, memoryUsedBytes: 2 * GIB, cpuQuota: 1.5 });
});

test('cgroup v2 in a container: the group is mounted at the root, whatever path /proc names', () => {
  const limits = cgroupLimits(
    files({
      '/proc/self/cgroup': '0::/kubepods/burstable/pod1/abc\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
      '/sys/fs/cgroup/memory.max': `${512 * MIB}\n`,
      '/sys/fs/cgroup/memory.current': `${100 * MIB}\n`,
      '/sys/fs/cgroup/cpu.max': '200000 100000\n',
    }),
  );
  assert.deepEqual(limits, { version: 2, memoryLimitBytes: 512 * MIB, memoryUsedBytes: 100 * MIB, cpuQuota: 2 });
});

test('cgroup v1: the quota is over the period, and the largest number of pages is no limit', () => {
  const groups = '9:memory:/docker/x\n8:cpu,cpuacct:/docker/x\n1:name=systemd:/\n0::/\n';
  const limits = cgroupLimits(
    files({
      '/proc/self/cgroup': groups,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes': `${GIB}\n`,
      '/sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes': `${600 * MIB}\n`,
      '/sys/fs/cgroup/memory/docker/x/memory.stat': `total_inactive_file ${100 * MIB}\n`,
      '/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us': '250000\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us': '100000\n',
    }),
  );
  assert.deepEqual(limits, { version: 1, memoryLimitBytes: GIB, memoryUsedBytes: 500 * MIB, cpuQuota: 2.5 });
  const free = cgroupLimits(
    files({
      '/proc/self/cgroup': groups,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    }),
  );
  assert.deepEqual([free.memoryLimitBytes, free.cpuQuota], [null, null]);
});

test('both the cores and the memory decide the class', () => {
  assert.equal(machineClass(4, 16 * GIB), 'laptop');
  assert.equal(machineClass(5, 16 * GIB), 'workstation');
  assert.equal(machineClass(4, 16 * GIB + 1), 'workstation');
  assert.equal(machineClass(8, 32 * GIB), 'workstation');
  assert.equal(machineClass(9, 8 * GIB), 'server');
  assert.equal(machineClass(2, 64 * GIB), 'server');
});

test('auto takes the processors within the quota of the container, whole ones, and at least one', () => {
  assert.equal(sizingOf(facts()).workers, 16);
  assert.equal(sizingOf(facts({}, { cpuQuota: 2.5 })).workers, 2);
  assert.equal(sizingOf(facts({}, { cpuQuota: 0.5 })).workers, 1);
  assert.equal(sizingOf(facts({}, { cpuQuota: 64 })).workers, 16);
  assert.equal(sizingOf(facts({}, { cpuQuota: 2 })).class, 'laptop');
});

test('auto gives no more workers than the memory can feed, and pieces between 32 MiB and 1 GiB', () => {
  const small = sizingOf(facts({ logicalProcessors: 64 }, { memoryLimitBytes: 512 * MIB, memoryUsedBytes: 100 * MIB }));
  assert.deepEqual([small.budgetBytes, small.workers, small.chunkMb], [128 * MIB, 4, 32]);
  assert.deepEqual([small.memoryBytes, small.memoryAvailableBytes], [512 * MIB, 412 * MIB]);
  const large = sizingOf(facts({ logicalProcessors: 2, memoryBytes: 256 * GIB }));
  assert.deepEqual([large.workers, large.chunkMb, large.class], [2, 1024, 'server']);
});

test('the layer of the machine is the sizing of its limits', () => {
  const { origin, values } = machineLayer(facts({}, { memoryLimitBytes: 2 * GIB, cpuQuota: 3 }));
  assert.deepEqual([origin, values['budget.memory'], values['budget.threads']], ['machine', 512 * MIB, 3]);
});

test('the disk is measured with a file that is taken away, and one that cannot be written counts as slow', async (t) => {
  const folder = folderWith(t);
  const { megabytesPerSecond, error } = await diskSpeed(folder);
  assert.ok(megabytesPerSecond > 0 && megabytesPerSecond <= 3500 && error === undefined);
  assert.deepEqual(readdirSync(folder), []);
  const absent = await diskSpeed(join(folder, 'absent'));
  assert.equal(absent.megabytesPerSecond, 100);
  assert.match(absent.error ?? '', /ENOENT/);
});
