import type { HardwareFacts } from './hardware.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What the plan's fields allow at least; a smaller machine gets this much and its luck. */
const LEAST_MEMORY = 128 * MIB;

/** A quarter of what there is: the rest is for the page cache, the database beside us, and other people. */
const SHARE = 4;

/** A thread with less than this spends its time spilling. */
const MEMORY_PER_WORKER = 32 * MIB;

/** What a plan allows at most. */
const MOST_WORKERS = 1024;

/** Pieces of a file: at least what the scaling document allows, and small enough that every worker has several. */
const CHUNK = { least: 32, most: 1024, perBudget: 4 };

/** Kinds of machine. */
export type MachineClass = 'laptop' | 'workstation' | 'server';

/** What `auto` stands for on a machine. */
export interface Sizing {
  class: MachineClass;
  /** Processors that may be used at the same time: those of the affinity, within the container's quota; at least 1. */
  processors: number;
  /** Memory of the container where it has a limit below that of the host, else of the host. */
  memoryBytes: number;
  /** What of that is not in use. */
  memoryAvailableBytes: number;
  /** Worker threads. */
  workers: number;
  /** Memory for the whole process. */
  budgetBytes: number;
  budgetPerWorkerBytes: number;
  /** Bytes of a text file that are read as one piece of work, in MiB. */
  chunkMb: number;
}

/** What `auto` stands for: the formula is told in docs/scaling.md. */
export function sizingOf(facts: HardwareFacts): Sizing {
  const { memoryLimitBytes, memoryUsedBytes } = facts.cgroup;
  const processors = usableProcessors(facts);
  const memoryBytes = Math.min(facts.memoryBytes, memoryLimitBytes ?? facts.memoryBytes);
  const room = memoryLimitBytes === null ? facts.memoryAvailableBytes : Math.max(0, memoryLimitBytes - (memoryUsedBytes ?? 0));
  const budgetBytes = memoryBudget(facts.memoryBytes, memoryLimitBytes ?? 0);
  const workers = clamp(Math.min(processors, Math.floor(budgetBytes / MEMORY_PER_WORKER)), 1, MOST_WORKERS);
  return {
    class: machineClass(Math.min(facts.physicalCores ?? processors, processors), memoryBytes),
    processors,
    memoryBytes,
    memoryAvailableBytes: Math.min(facts.memoryAvailableBytes, room),
    workers,
    budgetBytes,
    budgetPerWorkerBytes: Math.floor(budgetBytes / workers),
    chunkMb: clamp(Math.floor(budgetBytes / workers / CHUNK.perBudget / MIB), CHUNK.least, CHUNK.most),
  };
}

/** Up to 4 cores and 16 GiB a laptop, up to 8 and 32 GiB a workstation, else a server; both must hold. */
export function machineClass(cores: number, memoryBytes: number): MachineClass {
  if (cores <= 4 && memoryBytes <= 16 * GIB) return 'laptop';
  return cores <= 8 && memoryBytes <= 32 * GIB ? 'workstation' : 'server';
}

/**
 * Bytes of memory for a run, in whole MiB.
 *
 * @param hostBytes memory of the host
 * @param limitBytes limit of the container; 0, or more than the host has, where there is none
 */
export function memoryBudget(hostBytes: number, limitBytes: number): number {
  const available = limitBytes > 0 ? Math.min(hostBytes, limitBytes) : hostBytes;
  return Math.max(LEAST_MEMORY, Math.floor(available / SHARE / MIB) * MIB);
}

/** A part of a processor is not counted: a thread that is stopped for half of each period holds the others up. */
function usableProcessors({ logicalProcessors, cgroup }: HardwareFacts): number {
  return Math.max(1, Math.floor(Math.min(logicalProcessors, cgroup.cpuQuota ?? logicalProcessors)));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
