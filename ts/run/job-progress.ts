import type { JobStatus } from './job-types.js';

/** What is known of a job while it goes on. */
interface Entry {
  status: JobStatus;
  startedSec: number | null;
  endedSec: number | null;
  rowsProcessed: number;
  rowsOutput: number;
  error: string | null;
}

/** Keeps book over jobs: what each is at, and how far all of them are. */
export class JobProgress {
  readonly #total: number;
  readonly #now: () => number;
  readonly #beganSec: number;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param total jobs that there will be
   * @param now seconds of a clock that only goes forward
   */
  constructor(total: number, now: () => number = () => performance.now() / 1000) {
    this.#total = total;
    this.#now = now;
    this.#beganSec = now();
  }

  started(jobId: string): void {
    const began = { status: 'running', startedSec: this.#now(), endedSec: null, rowsProcessed: 0, rowsOutput: 0, error: null } as const;
    this.#entries.set(jobId, { ...began });
  }

  /** @param rowsOutput rows that passed the filters, of those processed */
  completed(jobId: string, rowsProcessed: number, rowsOutput: number): void {
    this.#end(jobId, 'completed', { rowsProcessed, rowsOutput });
  }

  failed(jobId: string, error: string): void {
    this.#end(jobId, 'failed', { error });
  }

  skipped(jobId: string, error: string): void {
    this.#end(jobId, 'skipped', { error });
  }

  /**
   * How far everything is. Jobs that failed or were skipped are over as much as those that are completed, so that it ends at 100 per cent.
   * The time left is by the jobs that are left; null before the first is over.
   */
  record(): Record<string, number | null> {
    const completed = this.#count('completed');
    const failed = this.#count('failed');
    const over = completed + failed + this.#count('skipped');
    const pending = Math.max(0, this.#total - over);
    const elapsed = this.#now() - this.#beganSec;
    return {
      progress_percent: this.#total > 0 ? (100 * over) / this.#total : 0,
      completed_jobs: completed,
      pending_jobs: pending,
      failed_jobs: failed,
      skipped_jobs: this.#count('skipped'),
      total_jobs: this.#total,
      total_rows_processed: this.#sum(({ rowsProcessed }) => rowsProcessed),
      total_rows_output: this.#sum(({ rowsOutput }) => rowsOutput),
      elapsed_sec: elapsed,
      eta_sec: over > 0 ? (elapsed / over) * pending : null,
    };
  }

  /** What each job is at, by its id. */
  jobMetrics(): Record<string, Record<string, unknown>> {
    return Object.fromEntries([...this.#entries].map(([id, entry]) => [id, this.#metricsOf(entry)]));
  }

  #metricsOf({ status, startedSec, endedSec, rowsProcessed, rowsOutput, error }: Entry): Record<string, unknown> {
    const seconds = startedSec === null ? 0 : (endedSec ?? this.#now()) - startedSec;
    return {
      status,
      rows_processed: rowsProcessed,
      rows_output: rowsOutput,
      duration_sec: seconds,
      throughput_rows_sec: seconds > 0 ? rowsProcessed / seconds : 0,
      error,
    };
  }

  #end(jobId: string, status: JobStatus, given: Partial<Entry>): void {
    const none = { startedSec: null, rowsProcessed: 0, rowsOutput: 0, error: null };
    this.#entries.set(jobId, { ...(this.#entries.get(jobId) ?? none), status, endedSec: this.#now(), ...given });
  }

  #count(status: JobStatus): number {
    return [...this.#entries.values()].filter((entry) => entry.status === status).length;
  }

  #sum(of: (entry: Entry) => number): number {
    return [...this.#entries.values()].reduce((sum, entry) => sum + of(entry), 0);
  }
}
