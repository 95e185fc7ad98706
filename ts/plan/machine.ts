import { tmpdir } from 'node:os';
import type { Layer } from '../addon.js';
import { type HardwareFacts, readLimits } from './hardware.js';
import { sizingOf } from './sizing.js';

/** Defaults that depend on where we run: limits of the container first, then those of the host. */
export function machineLayer(facts: HardwareFacts = readLimits()): Layer {
  const { budgetBytes, workers } = sizingOf(facts);
  return { origin: 'machine', values: { 'budget.memory': budgetBytes, 'budget.threads': workers, 'budget.spill': tmpdir() } };
}
