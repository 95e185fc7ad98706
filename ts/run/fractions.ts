import type { Counters } from '../addon.js';
import type { MemoryReading } from './monitor-types.js';

/**
 * How much of a window's input is read, from 0 to 1: by bytes, or by files where that is more, since of a Parquet file only some columns are
 * read and its bytes never add up to its size.
 */
export function readFraction({ bytesRead, filesDone, filesTotal }: Counters, bytesTotal: number): number {
  const byBytes = bytesTotal > 0 ? bytesRead / bytesTotal : 0;
  const byFiles = filesTotal > 0 ? filesDone / filesTotal : 0;
  return Math.min(1, Math.max(byBytes, byFiles));
}

/** How full the fullest is: the budget of resident memory of this process, the container, the host. */
export function fractionOfMemory({ rssBytes, cgroup, system }: MemoryReading, budgetBytes: number): number {
  return Math.max(rssBytes / budgetBytes, cgroup ? cgroup.usedBytes / cgroup.limitBytes : 0, system.usedBytes / system.totalBytes);
}
