import { setTimeout as sleep } from 'node:timers/promises';
import { RowmillError } from '../../errors.js';
import { type Meter, NO_METRICS } from '../../metrics/index.js';

/** Smaller ones first. */
export const PRIORITY = {
  /** A person asked for it. */
  critical: 1,
  /** A file changed. */
  normal: 2,
  /** Many files that were there before. */
  batch: 3,
} as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** A task that waits this long counts as the next higher priority. */
const AGING_MS = 60_000;
const MEMORY_POLL_MS = 1000;
/** Below the threshold by this much, work goes on. */
const MEMORY_RELIEF_PERCENT = 10;

export interface PoolSettings {
  workers: number;
  /** Tasks that wait; from then on whoever submits waits until half of them are gone. */
  maxQueue: number;
  memoryThresholdPercent: number;
  /** Seconds to wait for memory before giving up. */
  memoryWaitSeconds: number;
}

export interface PoolStats {
  num_workers: number;
  queue_size: number;
  max_queue_size: number;
  tasks_submitted: number;
  tasks_completed: number;
  tasks_failed: number;
  tasks_pending: number;
  back_pressure_events: number;
  /** Two decimals; 100 where nothing is done yet. */
  success_rate_percent: number;
  memory_usage_percent: number;
  running: boolean;
}

export interface PoolHooks {
  /** Share of the memory that may be used, in percent. */
  memoryPercent(): number;
  /** Milliseconds of a clock that only goes forward. */
  nowMs?: () => number;
  meter?: Meter;
  onError?: (error: unknown) => void;
  onWarning?: (line: string) => void;
}

interface Task {
  work(signal: AbortSignal): Promise<void>;
  priority: Priority;
  order: number;
  sinceMs: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Carries out tasks, some at a time: the most urgent first, those of one priority as they came. */
export class WorkerPool {
  #settings: PoolSettings;
  readonly #hooks: PoolHooks;
  readonly #meter: Meter;
  readonly #nowMs: () => number;
  readonly #queue: Task[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #abort = new AbortController();
  #isRunning = false;
  #isAccepting = false;
  #busy = 0;
  #order = 0;
  #submitted = 0;
  #completed = 0;
  #failed = 0;
  #backPressure = 0;

  constructor(settings: PoolSettings, hooks: PoolHooks) {
    [this.#settings, this.#hooks] = [settings, hooks];
    this.#meter = hooks.meter ?? NO_METRICS;
    this.#nowMs = hooks.nowMs ?? (() => performance.now());
  }

  /** Takes tasks from now on; may follow {@link stop}. */
  start(): void {
    if (this.#isRunning) {
      this.#hooks.onWarning?.('the workers are started already');
      return;
    }
    [this.#isRunning, this.#isAccepting] = [true, true];
    this.#abort = new AbortController();
    this.#meter.set('workers', this.#settings.workers);
    this.#next();
  }

  /**
   * Puts a task into the queue, after a wait where that is full or memory is short. What it answers ends with the task.
   *
   * @throws RowmillError `RUN_CANCELLED` where the pool is stopped, `BUDGET_EXCEEDED` where memory stays short
   */
  async submit(work: (signal: AbortSignal) => Promise<void>, priority: Priority = PRIORITY.normal): Promise<{ done: Promise<void> }> {
    await this.#room();
    await this.#memory();
    if (!this.#isAccepting) throw stopped();
    this.#submitted += 1;
    const done = new Promise<void>((resolve, reject) => {
      this.#queue.push({ work, priority, order: this.#order++, sinceMs: this.#nowMs(), resolve, reject });
    });
    // Whoever does not wait for it is told by onError.
    done.catch(() => undefined);
    this.#next();
    return { done };
  }

  async #room(): Promise<void> {
    if (this.#queue.length < this.#settings.maxQueue) return;
    this.#noteBackPressure();
    while (this.#isAccepting && this.#queue.length >= this.#settings.maxQueue / 2) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #memory(): Promise<void> {
    const { memoryThresholdPercent: most, memoryWaitSeconds } = this.#settings;
    if (this.#hooks.memoryPercent() < most) return;
    this.#noteBackPressure();
    const sinceMs = this.#nowMs();
    while (this.#isAccepting && this.#hooks.memoryPercent() >= most - MEMORY_RELIEF_PERCENT) {
      if (this.#nowMs() - sinceMs >= memoryWaitSeconds * 1000) throw outOfMemory(this.#hooks.memoryPercent(), this.#settings);
      await sleep(Math.min(MEMORY_POLL_MS, memoryWaitSeconds * 1000));
    }
  }

  #noteBackPressure(): void {
    this.#backPressure += 1;
    this.#meter.count('back_pressure_events_total');
  }

  #next(): void {
    while (this.#isRunning && this.#busy < this.#settings.workers && this.#queue.length > 0) void this.#carryOut(this.#take());
    this.#meter.set('queue_size', this.#queue.length);
    if (this.#queue.length < this.#settings.maxQueue / 2) for (const go of this.#waiting.splice(0)) go();
    if (this.#busy === 0 && this.#queue.length === 0) for (const go of this.#idle.splice(0)) go();
  }

  #take(): Task {
    const nowMs = this.#nowMs();
    const rank = ({ priority, sinceMs }: Task): number => priority - Math.floor((nowMs - sinceMs) / AGING_MS);
    const best = this.#queue.reduce((first, task) => ((rank(task) - rank(first) || task.order - first.order) < 0 ? task : first));
    this.#queue.splice(this.#queue.indexOf(best), 1);
    return best;
  }

  async #carryOut(task: Task): Promise<void> {
    this.#busy += 1;
    this.#meter.set('active_workers', this.#busy);
    try {
      await task.work(this.#abort.signal);
      this.#completed += 1;
      task.resolve();
    } catch (error) {
      this.#failed += 1;
      this.#hooks.onError?.(error);
      task.reject(error);
    } finally {
      this.#busy -= 1;
      this.#meter.set('active_workers', this.#busy);
      this.#next();
    }
  }

  /** Settings that count from the next task on. */
  configure(settings: PoolSettings): void {
    this.#settings = settings;
    this.#meter.set('workers', settings.workers);
    this.#next();
  }

  /** Takes no more tasks. With `wait` those that there are come to their ends; without it, waiting ones are dropped and running ones are told to stop. */
  async stop(wait = true): Promise<void> {
    this.#isAccepting = false;
    for (const go of this.#waiting.splice(0)) go();
    if (!wait) {
      this.#isRunning = false;
      this.#abort.abort();
      for (const task of this.#queue.splice(0)) task.reject(stopped());
    }
    if (this.#busy > 0 || this.#queue.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#isRunning = false;
  }

  stats(): PoolStats {
    const done = this.#completed + this.#failed;
    return {
      num_workers: this.#settings.workers,
      queue_size: this.#queue.length,
      max_queue_size: this.#settings.maxQueue,
      tasks_submitted: this.#submitted,
      tasks_completed: this.#completed,
      tasks_failed: this.#failed,
      tasks_pending: this.#submitted - done,
      back_pressure_events: this.#backPressure,
      success_rate_percent: done === 0 ? 100 : Math.round((10_000 * this.#completed) / done) / 100,
      memory_usage_percent: this.#hooks.memoryPercent(),
      running: this.#isRunning,
    };
  }
}

function stopped(): RowmillError {
  const help = 'Start it again; files that were not written are found then.';
  return new RowmillError({ code: 'RUN_CANCELLED', message: 'the workers were stopped', help, retryable: true, place: {} });
}

function outOfMemory(percent: number, { memoryThresholdPercent, memoryWaitSeconds }: PoolSettings): RowmillError {
  return new RowmillError({
    code: 'BUDGET_EXCEEDED',
    message: `memory stayed at ${percent.toFixed(0)} % for ${memoryWaitSeconds} seconds; the limit is ${memoryThresholdPercent} %`,
    help: 'Raise workers.memory_threshold_percent, lower workers.count, or give the process more memory.',
    retryable: true,
    place: {},
  });
}
