import { fractionOfMemory, readFraction } from './fractions.js';
import { activitySource, memorySource } from './monitor-sources.js';
import type {
  ActivityReading,
  ActivitySource,
  EngineControl,
  MemoryReading,
  MemorySource,
  MonitorSummary,
  Sample,
  WorkerChange,
} from './monitor-types.js';
import { type ControlLimits, WorkerControl } from './worker-control.js';

/** Less of the input than this says nothing about the rest. */
const LEAST_FRACTION = 0.005;

/** What a monitor watches. */
export interface MonitorOptions {
  /** Workers of the plan. */
  workers: number;
  /** Memory of the plan. */
  budgetBytes: number;
  /** Windows of the plan. Default 1. */
  windows?: number;
  /** Milliseconds between two samples. Default 1000. */
  intervalMs?: number | undefined;
  limits?: ControlLimits | undefined;
  memory?: MemorySource | undefined;
  activity?: ActivitySource | undefined;
  /** Seconds of a clock that only goes forward. */
  now?: (() => number) | undefined;
  onSample?: ((sample: Sample) => void) | undefined;
  onWorkers?: ((change: WorkerChange) => void) | undefined;
}

/** The window that is open. */
interface Open {
  engine: EngineControl;
  bytesTotal: number;
  rowsRead: number;
  bytesRead: number;
}

/**
 * Looks at memory, processors, disks and the engine's counters on a timer, and has fewer workers run where memory becomes scarce.
 *
 * Start it, hand it every engine ({@link Monitor.onEngine}), and stop it: what it has seen is in {@link Monitor.summary}.
 */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #memory: MemorySource;
  readonly #activity: ActivitySource;
  readonly #now: () => number;
  readonly #control: WorkerControl;
  readonly #changes: WorkerChange[] = [];
  readonly #beganSec: number;
  readonly #first: ActivityReading;
  #timer: NodeJS.Timeout | undefined;
  #open: Open | null = null;
  #windowsOpened = 0;
  #last: { sec: number; activity: ActivityReading };
  #lastSample: Sample | null = null;
  #samples = 0;
  #rssSum = 0;
  #rssPeak = 0;
  #systemPeak = 0;
  #workersLeast: number;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#memory = options.memory ?? memorySource();
    this.#activity = options.activity ?? activitySource();
    this.#now = options.now ?? (() => performance.now() / 1000);
    this.#control = new WorkerControl(options.workers, options.limits);
    this.#workersLeast = options.workers;
    this.#beganSec = this.#now();
    this.#first = this.#activity();
    this.#last = { sec: this.#beganSec, activity: this.#first };
  }

  /** Begins to sample on a timer, which keeps no process alive. */
  start(): void {
    this.#timer ??= setInterval(() => this.sample(), this.#options.intervalMs ?? 1000).unref();
  }

  /** Ends the timer. Safe to call twice. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Takes the engine of a window that opens; null where it closes. Both are worth a sample, or a short run would have none. */
  onEngine(engine: EngineControl | null, bytesTotal: number): void {
    if (engine) {
      this.#open = { engine, bytesTotal, rowsRead: 0, bytesRead: 0 };
      this.#windowsOpened += 1;
      if (this.#control.workers < this.#options.workers) engine.setWorkers(this.#control.workers);
    }
    this.sample();
    if (!engine) this.#open = null;
  }

  /** The last sample; null before the first. */
  get lastSample(): Sample | null {
    return this.#lastSample;
  }

  /** Looks at everything once, and changes the number of workers where it has to. */
  sample(): Sample {
    const sec = this.#now();
    const activity = this.#activity();
    const memory = this.#memory();
    const memoryFraction = fractionOfMemory(memory, this.#options.budgetBytes);
    this.#adjust(memoryFraction, sec);
    const sample = this.#compose(sec, activity, memory, memoryFraction);
    this.#last = { sec, activity };
    this.#lastSample = sample;
    this.#samples += 1;
    this.#rssSum += memory.rssBytes;
    this.#rssPeak = Math.max(this.#rssPeak, memory.rssBytes);
    this.#systemPeak = Math.max(this.#systemPeak, memory.system.usedBytes);
    this.#options.onSample?.(sample);
    return sample;
  }

  /** What was seen in all. */
  summary(): MonitorSummary {
    const seconds = this.#last.sec - this.#beganSec;
    return {
      samples: this.#samples,
      peakRssBytes: this.#rssPeak,
      averageRssBytes: this.#samples > 0 ? this.#rssSum / this.#samples : 0,
      averageCpuPercent: percent(this.#last.activity.cpuSeconds - this.#first.cpuSeconds, seconds) ?? 0,
      peakSystemBytes: this.#systemPeak,
      io: difference(this.#last.activity.io, this.#first.io),
      workersPlanned: this.#options.workers,
      workersLeast: this.#workersLeast,
      workerChanges: this.#changes,
    };
  }

  /** Only an engine that is at work can have fewer workers; between windows a number waits for the next one. */
  #adjust(memoryFraction: number, sec: number): void {
    if (!this.#open) return;
    const from = this.#control.workers;
    const to = this.#control.next(memoryFraction, sec);
    if (from === to) return;
    this.#open.engine.setWorkers(to);
    const change = { elapsedSec: sec - this.#beganSec, from, to, memoryFraction };
    this.#changes.push(change);
    this.#workersLeast = Math.min(this.#workersLeast, to);
    this.#options.onWorkers?.(change);
  }

  #compose(sec: number, activity: ActivityReading, memory: MemoryReading, memoryFraction: number): Sample {
    const seconds = sec - this.#last.sec;
    const elapsedSec = sec - this.#beganSec;
    const before = this.#last.activity;
    const busy = activity.system && before.system ? activity.system.busySeconds - before.system.busySeconds : 0;
    const all = activity.system && before.system ? activity.system.allSeconds - before.system.allSeconds : 0;
    return {
      at: new Date().toISOString(),
      elapsedSec,
      memory,
      memoryFraction,
      cpuPercent: percent(activity.cpuSeconds - before.cpuSeconds, seconds) ?? 0,
      systemCpuPercent: percent(busy, all),
      io: difference(activity.io, before.io),
      disks: difference(activity.disks, before.disks),
      ...this.#engineFigures(seconds, elapsedSec),
      workers: this.#control.workers,
    };
  }

  #engineFigures(seconds: number, elapsedSec: number): Omit<Sample, 'workers' | 'at' | 'elapsedSec' | 'cpuPercent' | 'io' | 'disks' | MemoryNames> {
    const open = this.#open;
    const none = { rowsRead: 0, rowsPerSec: 0, bytesRead: 0, bytesPerSec: 0, fraction: null, etaSec: null, workersActive: null, workerStates: [] };
    if (!open) return none;
    const counters = open.engine.counters();
    const fraction = this.#fraction(readFraction(counters, open.bytesTotal));
    const { rowsRead, bytesRead } = counters;
    const figures = {
      rowsRead,
      rowsPerSec: perSecond(rowsRead - open.rowsRead, seconds),
      bytesRead,
      bytesPerSec: perSecond(bytesRead - open.bytesRead, seconds),
      fraction,
      etaSec: fraction < LEAST_FRACTION ? null : (elapsedSec * (1 - fraction)) / fraction,
      workersActive: counters.workersActive,
      workerStates: counters.workers,
    };
    open.rowsRead = rowsRead;
    open.bytesRead = bytesRead;
    return figures;
  }

  /** Windows that were done before count whole, as if all were of one size. */
  #fraction(ofWindow: number): number {
    return Math.min(1, (this.#windowsOpened - 1 + ofWindow) / Math.max(this.#options.windows ?? 1, this.#windowsOpened));
  }
}

type MemoryNames = 'memory' | 'memoryFraction' | 'systemCpuPercent';

function difference(now: ActivityReading['io'], before: ActivityReading['io']): ActivityReading['io'] {
  return now && before ? { readBytes: now.readBytes - before.readBytes, writeBytes: now.writeBytes - before.writeBytes } : null;
}

function perSecond(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

function percent(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}
