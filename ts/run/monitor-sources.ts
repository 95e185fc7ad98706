import { freemem, totalmem } from 'node:os';
import { cgroupLimits, type ReadText, readMachine } from '../plan/cgroup.js';
import type { ActivityReading, ActivitySource, MemorySource } from './monitor-types.js';

/** `/proc/stat` counts in these, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;

/** `/proc/diskstats` counts in these, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;

/** What would count the same bytes again: partitions, and devices that lie on others. */
const NO_DISK = /^(loop|ram|zram|dm-|md|sr)|^([shvx]+d[a-z]+)\d+$|^(nvme\d+n\d+|mmcblk\d+)p\d+$/;

/** Memory of this process, of its container and of the host. */
export function memorySource(read: ReadText = readMachine): MemorySource {
  return () => {
    const { memoryLimitBytes, memoryUsedBytes } = cgroupLimits(read);
    const meminfo = read('/proc/meminfo') ?? '';
    const totalBytes = kibibytes(meminfo, 'MemTotal') ?? totalmem();
    const available = kibibytes(meminfo, 'MemAvailable') ?? freemem();
    return {
      rssBytes: process.memoryUsage.rss(),
      cgroup: memoryLimitBytes === null || memoryUsedBytes === null ? null : { usedBytes: memoryUsedBytes, limitBytes: memoryLimitBytes },
      system: { usedBytes: totalBytes - available, totalBytes },
    };
  };
}

/** CPU and disks, as far as this system tells. */
export function activitySource(read: ReadText = readMachine): ActivitySource {
  return () => {
    const { user, system } = process.cpuUsage();
    return {
      cpuSeconds: (user + system) / 1e6,
      system: processors(read('/proc/stat')),
      io: ownBytes(read('/proc/self/io')),
      disks: diskBytes(read('/proc/diskstats')),
    };
  };
}

function kibibytes(meminfo: string, name: string): number | null {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  return value === undefined ? null : Number(value) * 1024;
}

/** The first eight figures: user, nice, system, idle, waiting for disks, interrupts (two), stolen. Those after them are counted before. */
function processors(text: string | null): ActivityReading['system'] {
  const ticks = /^cpu +(.*)$/m
    .exec(text ?? '')?.[1]
    ?.split(' ')
    .slice(0, 8)
    .map(Number);
  if (!ticks) return null;
  const all = ticks.reduce((sum, each) => sum + each, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busySeconds: (all - idle) / TICKS_PER_SECOND, allSeconds: all / TICKS_PER_SECOND };
}

function ownBytes(text: string | null): ActivityReading['io'] {
  const figure = (name: string): string | undefined => new RegExp(`^${name}: (\\d+)$`, 'm').exec(text ?? '')?.[1];
  const [read, written] = [figure('read_bytes'), figure('write_bytes')];
  return read === undefined || written === undefined ? null : { readBytes: Number(read), writeBytes: Number(written) };
}

function diskBytes(text: string | null): ActivityReading['disks'] {
  if (text === null) return null;
  const sum = { readBytes: 0, writeBytes: 0 };
  for (const line of text.split('\n')) {
    const [, , name, , , read, , , , written] = line.trim().split(/\s+/);
    if (name === undefined || NO_DISK.test(name)) continue;
    sum.readBytes += Number(read ?? 0) * SECTOR_BYTES;
    sum.writeBytes += Number(written ?? 0) * SECTOR_BYTES;
  }
  return sum;
}
