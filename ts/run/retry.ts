import { setTimeout as wait } from 'node:timers/promises';
import { RowmillError } from '../errors.js';

/** About half a minute in all: long enough for a server to restart, short enough for a person to wait. */
export const RETRY = { tries: 7, firstWaitMs: 500, factor: 2, longestWaitMs: 10_000 } as const;

/** Whether running the same again may succeed, and the fault lies with the database. */
export function isRetryable(error: unknown): error is RowmillError {
  return error instanceof RowmillError && error.retryable && error.code.startsWith('SINK_');
}

export interface RetryOptions {
  signal?: AbortSignal;
  /** Told before each wait. */
  onRetry?(error: RowmillError, waitMs: number): void;
}

/**
 * Runs `work` again while it fails for a reason that may pass, with growing waits.
 *
 * @param work is told the number of the try, from 1
 */
export async function withRetry<T>(work: (attempt: number) => Promise<T>, { signal, onRetry }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= RETRY.tries || !isRetryable(error) || signal?.aborted) throw error;
      const waitMs = Math.min(RETRY.firstWaitMs * RETRY.factor ** (attempt - 1), RETRY.longestWaitMs);
      onRetry?.(error, waitMs);
      await wait(waitMs, undefined, signal ? { signal } : {});
    }
  }
}
