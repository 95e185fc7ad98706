import type { Counters } from '../addon.js';

/** What the monitor may ask of an engine that is at work, and tell it. */
export interface EngineControl {
  counters(): Counters;
  /** How many workers may run at the same time: from 1 to the threads of the plan. Those beyond it rest. */
  setWorkers(count: number): void;
}

/** Memory at one moment. */
export interface MemoryReading {
  /** Resident memory of this process. */
  rssBytes: number;
  /** Memory of the container that cannot be reclaimed at once, and its limit; null where it has none. */
  cgroup: { usedBytes: number; limitBytes: number } | null;
  /** Memory of the host that is not available to others, and all of it. */
  system: { usedBytes: number; totalBytes: number };
}

/** Where memory is read; a test gives its own. */
export type MemorySource = () => MemoryReading;

/** Counts that only grow; null for each that this system does not tell. */
export interface ActivityReading {
  /** CPU seconds of this process, all threads. */
  cpuSeconds: number;
  /** CPU seconds that the processors of the host were busy, and that they had. */
  system: { busySeconds: number; allSeconds: number } | null;
  /** Bytes that this process caused to be fetched from disks, and to be sent to them. */
  io: { readBytes: number; writeBytes: number } | null;
  /** Bytes read from and written to all disks of the host. */
  disks: { readBytes: number; writeBytes: number } | null;
}

/** Where activity is read; a test gives its own. */
export type ActivitySource = () => ActivityReading;

/** What a worker is at: its file, and whether it reads, rests, or has nothing to do. */
export type WorkerState = Counters['workers'][number];

/** What the monitor saw at one moment. Rates are since the sample before. */
export interface Sample {
  /** ISO 8601 in UTC. */
  at: string;
  /** Seconds since the run began. */
  elapsedSec: number;
  memory: MemoryReading;
  /** The largest of: resident memory of the budget, the container's use of its limit, the host's use of its memory. 1 is full. */
  memoryFraction: number;
  /** 100 is one processor. */
  cpuPercent: number;
  /** 100 is all processors of the host; null where it is not known. */
  systemCpuPercent: number | null;
  io: ActivityReading['io'];
  disks: ActivityReading['disks'];
  rowsRead: number;
  rowsPerSec: number;
  bytesRead: number;
  bytesPerSec: number;
  /** How much of the input is read, from 0 to 1; null before a window is open. */
  fraction: number | null;
  /** Seconds that are left by the bytes that are left; null where it cannot be said. */
  etaSec: number | null;
  /** Workers that may run at the same time. */
  workers: number;
  /** Workers that the engine says are at work; null while no window is open. */
  workersActive: number | null;
  workerStates: WorkerState[];
}

/** One change of the number of workers. */
export interface WorkerChange {
  elapsedSec: number;
  from: number;
  to: number;
  /** Memory fraction that was the reason. */
  memoryFraction: number;
}

/** What a monitor has seen in all. */
export interface MonitorSummary {
  samples: number;
  peakRssBytes: number;
  averageRssBytes: number;
  averageCpuPercent: number;
  /** The most memory of the host that was in use. */
  peakSystemBytes: number;
  /** What this process caused to be read from disks and written to them; null where the system does not say. */
  io: ActivityReading['io'];
  /** Workers of the plan. */
  workersPlanned: number;
  /** The fewest that ran at the same time. */
  workersLeast: number;
  workerChanges: WorkerChange[];
}
