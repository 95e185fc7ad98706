import { dirname } from 'node:path';
import { type Meter, NO_METRICS } from '../../metrics/index.js';

export interface BatcherSettings {
  /** Without it each event is handed on at once, on its own. */
  isEnabled: boolean;
  /** Quiet seconds after which what waits is handed on. */
  debounceSeconds: number;
  /** Files that are handed on without waiting. */
  sizeThreshold: number;
  /** Seconds that a file waits at most, though more keep coming. */
  maxWaitSeconds: number;
}

export interface BatcherStats {
  events_received: number;
  events_deduplicated: number;
  pending_files: number;
  batches_processed: number;
  /** Two decimals; 0 where there were no events. */
  deduplication_rate_percent: number;
  debounce_window_seconds: number;
  batch_size_threshold: number;
  batching_enabled: boolean;
}

export interface BatcherHooks {
  meter?: Meter;
  /** Told of failures that nobody waits for. */
  onError?: (error: unknown) => void;
}

/**
 * Puts events of files together: a file that waits already is not added again, and what waits is handed on when it has been quiet, when it is enough, or
 * when it has waited too long. A file that is being worked on is handed on once more afterwards, however often it changed meanwhile.
 */
export class EventBatcher {
  #settings: BatcherSettings;
  readonly #handle: (paths: string[]) => Promise<void>;
  readonly #hooks: BatcherHooks;
  readonly #pending = new Set<string>();
  /** Being worked on; true for those that changed meanwhile. */
  readonly #busy = new Map<string, boolean>();
  readonly #running = new Set<Promise<void>>();
  #quiet: NodeJS.Timeout | null = null;
  #longest: NodeJS.Timeout | null = null;
  #received = 0;
  #deduplicated = 0;
  #batches = 0;
  #isClosed = false;

  /** @param handle works on files, ascending; it ends when they are done with */
  constructor(settings: BatcherSettings, handle: (paths: string[]) => Promise<void>, hooks: BatcherHooks = {}) {
    [this.#settings, this.#handle, this.#hooks] = [settings, handle, hooks];
  }

  /** Takes an event of a file. Events after {@link shutdown} are left out. */
  add(path: string): void {
    if (this.#isClosed) return;
    this.#received += 1;
    if (this.#pending.has(path) || this.#busy.get(path) === true) {
      this.#deduplicated += 1;
      (this.#hooks.meter ?? NO_METRICS).count('events_deduplicated_total');
      return;
    }
    if (this.#busy.has(path)) this.#busy.set(path, true);
    else this.#wait(path);
  }

  #wait(path: string): void {
    this.#pending.add(path);
    const { isEnabled, sizeThreshold, debounceSeconds, maxWaitSeconds } = this.#settings;
    if (!isEnabled || this.#pending.size >= sizeThreshold) {
      this.#flushUnheard();
      return;
    }
    if (this.#quiet) clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#flushUnheard(), debounceSeconds * 1000);
    this.#longest ??= setTimeout(() => this.#flushUnheard(), Math.max(maxWaitSeconds, debounceSeconds) * 1000);
  }

  #flushUnheard(): void {
    this.flush().catch((error) => this.#hooks.onError?.(error));
  }

  /**
   * Hands on what waits, and ends when it is done with; does nothing where nothing waits.
   *
   * @throws what working on the files threw; they do not wait any more
   */
  flush(): Promise<void> {
    for (const timer of [this.#quiet, this.#longest]) if (timer) clearTimeout(timer);
    [this.#quiet, this.#longest] = [null, null];
    if (this.#pending.size === 0) return Promise.resolve();
    const paths = [...this.#pending].sort(byFolder);
    this.#pending.clear();
    for (const path of paths) this.#busy.set(path, false);
    const work = this.#work(paths);
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#running.add(settled);
    settled.then(() => this.#running.delete(settled));
    return work;
  }

  async #work(paths: string[]): Promise<void> {
    try {
      await this.#handle(paths);
      this.#batches += 1;
    } finally {
      for (const path of paths) {
        const hasChanged = this.#busy.get(path);
        this.#busy.delete(path);
        if (hasChanged) this.#wait(path);
      }
    }
  }

  /** Settings that count from the next event on. */
  configure(settings: BatcherSettings): void {
    this.#settings = settings;
    if (!settings.isEnabled && this.#pending.size > 0) this.#flushUnheard();
  }

  /** Hands on what waits, and ends when all of it is done with. */
  async shutdown(): Promise<void> {
    this.#isClosed = true;
    await this.idle();
  }

  /** Hands on what waits, again where files changed meanwhile; ends when nothing waits or is worked on. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0 || this.#running.size > 0) {
      this.#flushUnheard();
      await Promise.all(this.#running);
    }
  }

  stats(): BatcherStats {
    const { debounceSeconds, sizeThreshold, isEnabled } = this.#settings;
    return {
      events_received: this.#received,
      events_deduplicated: this.#deduplicated,
      pending_files: this.#pending.size,
      batches_processed: this.#batches,
      deduplication_rate_percent: this.#received === 0 ? 0 : Math.round((10_000 * this.#deduplicated) / this.#received) / 100,
      debounce_window_seconds: debounceSeconds,
      batch_size_threshold: sizeThreshold,
      batching_enabled: isEnabled,
    };
  }
}

/** Files of one folder together, each folder by path. */
function byFolder(left: string, right: string): number {
  const folders = compare(dirname(left), dirname(right));
  return folders === 0 ? compare(left, right) : folders;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
