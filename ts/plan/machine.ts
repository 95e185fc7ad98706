import { availableParallelism, tmpdir, totalmem } from 'node:os';
import type { Layer } from '../addon.js';

const MIB = 1024 * 1024;

/** What the plan's fields allow at least; a smaller machine gets this much and its luck. */
const LEAST_MEMORY = 128 * MIB;

/** A quarter of what there is: the rest is for the page cache, the database beside us, and other people. */
const SHARE = 4;

/** Defaults that depend on where we run: limits of the container first, then those of the host. */
export function machineLayer(): Layer {
  return {
    origin: 'machine',
    values: {
      'budget.memory': memoryBudget(totalmem(), process.constrainedMemory()),
      'budget.threads': availableParallelism(),
      'budget.spill': tmpdir(),
    },
  };
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
