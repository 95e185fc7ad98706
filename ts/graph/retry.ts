import { setTimeout as sleep } from 'node:timers/promises';
import { RowmillError } from '../errors.js';

export interface RetryOptions {
  /** Times that something is tried, the first included. Default: 5. */
  attempts?: number;
  /** Waits between tries, in milliseconds; the last one counts for all that follow. Each is longer or shorter by up to a fifth. */
  waitsMs?: readonly number[];
  /** Stops the waiting. */
  signal?: AbortSignal;
  /** Waits; the clock of the system where absent. */
  sleep?(ms: number, signal: AbortSignal | undefined): Promise<unknown>;
  /** Told before each wait. */
  onRetry?(error: RowmillError, waitMs: number): void;
}

const ATTEMPTS = 5;
const WAITS_MS = [1000, 2000, 4000, 8000];
/** Writers that were refused together should not come back together. */
const JITTER = 0.2;

/**
 * Does `work`, and again after a wait where it failed for a reason that passes (a deadlock, a lost connection, a server that is away).
 *
 * @throws what `work` threw last; at once where trying again cannot help
 */
export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const attempts = options.attempts ?? ATTEMPTS;
  const waits = options.waitsMs ?? WAITS_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RowmillError) || !error.retryable || attempt >= attempts) throw error;
      const wait = (waits[Math.min(attempt, waits.length) - 1] ?? 0) * (1 + JITTER * (2 * Math.random() - 1));
      options.onRetry?.(error, wait);
      await (options.sleep ?? sleepFor)(wait, options.signal);
    }
  }
}

function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<unknown> {
  return sleep(ms, undefined, signal ? { signal } : {});
}
