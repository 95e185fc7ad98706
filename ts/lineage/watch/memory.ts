import { memorySource } from '../../run/monitor-sources.js';

const read = memorySource();

/** Memory of this process as a share of what it may have, or of its container's limit where that is used up further; in percent. */
export function memoryPercent(): number {
  const { rssBytes, cgroup, system } = read();
  const limit = Math.min(cgroup?.limitBytes ?? Number.POSITIVE_INFINITY, system.totalBytes);
  return 100 * Math.max(rssBytes / limit, cgroup ? cgroup.usedBytes / cgroup.limitBytes : 0);
}
