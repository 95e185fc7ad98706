import { availableParallelism, freemem, totalmem } from 'node:os';
import { type CgroupLimits, cgroupLimits, type ReadText, readMachine } from './cgroup.js';

/** What a machine has, before anything is made of it. */
export interface HardwareFacts {
  /** Cores of the host; null where the system does not say which processors share one. */
  physicalCores: number | null;
  /** Processors that this process may run on. */
  logicalProcessors: number;
  memoryBytes: number;
  /** What could be used without pushing others out: free memory and page cache. */
  memoryAvailableBytes: number;
  cgroup: CgroupLimits;
}

/** Where facts are read; a test gives its own. */
export interface HardwareSource {
  read: ReadText;
  logicalProcessors: number;
  /** Where `/proc/meminfo` does not say it. */
  memoryBytes: number;
  memoryAvailableBytes: number;
}

/** The machine that we run on. */
export function thisMachine(): HardwareSource {
  return { read: readMachine, logicalProcessors: availableParallelism(), memoryBytes: totalmem(), memoryAvailableBytes: freemem() };
}

/** Facts of a machine; those that its `/proc` does not have are the ones that the source brings along. */
export function readHardware(source: HardwareSource = thisMachine()): HardwareFacts {
  const meminfo = source.read('/proc/meminfo') ?? '';
  return {
    physicalCores: physicalCores(source.read('/proc/cpuinfo') ?? ''),
    logicalProcessors: source.logicalProcessors,
    memoryBytes: kibibytes(meminfo, 'MemTotal') ?? source.memoryBytes,
    memoryAvailableBytes: kibibytes(meminfo, 'MemAvailable') ?? source.memoryAvailableBytes,
    cgroup: cgroupLimits(source.read),
  };
}

/** The same without the list of processors, which is long on large machines and which a run does not need. */
export function readLimits(source: HardwareSource = thisMachine()): HardwareFacts {
  return readHardware({ ...source, read: (path) => (path === '/proc/cpuinfo' ? null : source.read(path)) });
}

/** Pairs of socket and core; null where they are not told, as on many ARM machines. */
function physicalCores(cpuinfo: string): number | null {
  const cores = new Set<string>();
  for (const processor of cpuinfo.split('\n\n')) {
    const socket = /^physical id\s*:\s*(\d+)$/m.exec(processor)?.[1];
    const core = /^core id\s*:\s*(\d+)$/m.exec(processor)?.[1];
    if (core !== undefined) cores.add(`${socket ?? 0}:${core}`);
  }
  return cores.size > 0 ? cores.size : null;
}

function kibibytes(meminfo: string, name: string): number | null {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  return value === undefined ? null : Number(value) * 1024;
}
