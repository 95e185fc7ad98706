import type { DiskSpeed } from '../../plan/disk-speed.js';
import type { HardwareFacts } from '../../plan/hardware.js';
import type { Sizing } from '../../plan/sizing.js';
import { bytes } from './quantities.js';
import { table } from './table.js';

/** What a machine has, and what follows from it for a plan. */
export function renderHardware(facts: HardwareFacts, sizing: Sizing, disk: DiskSpeed | null): string {
  const { cgroup } = facts;
  return table([
    ['machine', sizing.class],
    ['physical cores', facts.physicalCores ?? 'not known'],
    ['processors', facts.logicalProcessors],
    ['memory', bytes(facts.memoryBytes)],
    ['memory available', bytes(facts.memoryAvailableBytes)],
    ['container', cgroup.version === null ? 'none' : `cgroup v${cgroup.version}`],
    ['container memory limit', cgroup.memoryLimitBytes === null ? 'none' : bytes(cgroup.memoryLimitBytes)],
    ['container CPU quota', cgroup.cpuQuota === null ? 'none' : `${cgroup.cpuQuota} processors`],
    ...(disk ? [[`disk of ${disk.folder}`, diskText(disk)]] : []),
    ['auto: workers', sizing.workers],
    ['auto: memory of a run', `${bytes(sizing.budgetBytes)}, ${bytes(sizing.budgetPerWorkerBytes)} for each worker`],
    ['auto: piece of a file', `${sizing.chunkMb} MiB`],
  ]);
}

function diskText({ megabytesPerSecond, error }: DiskSpeed): string {
  return error ? `taken as ${megabytesPerSecond} MB/s: ${error}` : `${megabytesPerSecond} MB/s written`;
}
