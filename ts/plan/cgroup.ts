import { readFileSync } from 'node:fs';

/** Text of a file of `/proc` or of a cgroup; null where it is not there or may not be read. */
export type ReadText = (path: string) => string | null;

/** Reads from the machine itself. */
export const readMachine: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** What the container that we run in may use; null for each that has no limit or is not known. */
export interface CgroupLimits {
  /** 2 for the unified hierarchy, 1 for the old one; null where there is none. */
  version: 1 | 2 | null;
  memoryLimitBytes: number | null;
  /** Memory in use that cannot be reclaimed at once: usage less the page cache that lies idle. */
  memoryUsedBytes: number | null;
  /** CPU time per wall time, as a number of processors: quota / period. */
  cpuQuota: number | null;
}

const NONE: CgroupLimits = { version: null, memoryLimitBytes: null, memoryUsedBytes: null, cpuQuota: null };

/** Version 1 writes "no limit" as the largest number of pages; nothing real comes near. */
const NO_LIMIT = 2 ** 60;

const ROOT = '/sys/fs/cgroup';

/**
 * Limits of the group that this process is in, and of every group around it: the smallest counts.
 *
 * Inside a container its own group is usually mounted at the root while `/proc` names it by its path outside: a path that is not there is
 * looked for further up.
 *
 * @param read reads `/proc/self/cgroup` and the files below `/sys/fs/cgroup`
 */
export function cgroupLimits(read: ReadText): CgroupLimits {
  const groups = parseGroups(read('/proc/self/cgroup') ?? '');
  const unified = groups.get('');
  if (unified !== undefined && read(`${ROOT}/cgroup.controllers`) !== null) return unifiedLimits(read, unified);
  const memory = groups.get('memory');
  const cpu = groups.get('cpu');
  if (memory === undefined && cpu === undefined) return NONE;
  return { version: 1, ...oldMemory(read, memory ?? '/'), cpuQuota: oldQuota(read, cpu ?? '/') };
}

/** `hierarchy:controllers:path` on each line; the unified hierarchy has no controllers. */
function parseGroups(text: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(',')) groups.set(controller, path);
  }
  return groups;
}

function unifiedLimits(read: ReadText, path: string): CgroupLimits {
  const folders = upwards(ROOT, path);
  const limited = folders.find((folder) => read(`${folder}/memory.current`) !== null);
  const used = limited === undefined ? null : toNumber(read(`${limited}/memory.current`));
  const idle = limited === undefined ? 0 : statistic(read(`${limited}/memory.stat`), 'inactive_file');
  return {
    version: 2,
    memoryLimitBytes: smallest(folders.map((folder) => toNumber(read(`${folder}/memory.max`)))),
    memoryUsedBytes: used === null ? null : Math.max(0, used - idle),
    cpuQuota: smallest(folders.map((folder) => unifiedQuota(read(`${folder}/cpu.max`)))),
  };
}

/** `max 100000`, or `150000 100000` for one and a half processors. */
function unifiedQuota(text: string | null): number | null {
  const [quota, period] = (text ?? '').trim().split(/\s+/);
  const micros = Number(quota);
  return quota === 'max' || !(micros > 0) ? null : micros / (Number(period) || 100_000);
}

function oldMemory(read: ReadText, path: string): Pick<CgroupLimits, 'memoryLimitBytes' | 'memoryUsedBytes'> {
  const folders = upwards(`${ROOT}/memory`, path);
  const limits = folders.map((folder) => toNumber(read(`${folder}/memory.limit_in_bytes`)));
  const own = folders.find((folder) => read(`${folder}/memory.usage_in_bytes`) !== null);
  const used = own === undefined ? null : toNumber(read(`${own}/memory.usage_in_bytes`));
  const idle = own === undefined ? 0 : statistic(read(`${own}/memory.stat`), 'total_inactive_file');
  return { memoryLimitBytes: smallest(limits), memoryUsedBytes: used === null ? null : Math.max(0, used - idle) };
}

function oldQuota(read: ReadText, path: string): number | null {
  const quotas = ['cpu', 'cpu,cpuacct'].flatMap((controller) =>
    upwards(`${ROOT}/${controller}`, path).map((folder) => {
      const quota = toNumber(read(`${folder}/cpu.cfs_quota_us`));
      const period = toNumber(read(`${folder}/cpu.cfs_period_us`));
      return quota !== null && quota > 0 ? quota / (period || 100_000) : null;
    }),
  );
  return smallest(quotas);
}

/** The folder of a group and those around it, the closest first. */
function upwards(root: string, path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return Array.from({ length: parts.length + 1 }, (_, cut) => [root, ...parts.slice(0, parts.length - cut)].join('/'));
}

function statistic(text: string | null, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text ?? '')?.[1] ?? 0);
}

/** A number; null for `max`, for nothing, and for what stands for no limit. */
function toNumber(text: string | null): number | null {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isFinite(value) && value < NO_LIMIT ? value : null;
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
