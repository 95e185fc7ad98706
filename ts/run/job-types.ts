/** What becomes of a job: it waits, is worked on, and ends in one of three ways. */
export type JobStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped';

/** What a task is told. */
export interface JobContext {
  /** Fires when nobody waits for the task any more: its time is over, or everything was cancelled. */
  signal: AbortSignal;
  /** Number of the try, from 1. */
  attempt: number;
}

/** A piece of work with a name. */
export interface Job<T> {
  /** Unique among the jobs that are run together. */
  jobId: string;
  securityCode?: number | undefined;
  /** `YYYY-MM-DD`. */
  date?: string | undefined;
  /** What to do; a job without a task is skipped. */
  task?: ((context: JobContext) => T | Promise<T>) | undefined;
}

/** How a job went. */
export interface JobResult<T = unknown> {
  jobId: string;
  securityCode: number | null;
  /** `YYYY-MM-DD`. */
  date: string | null;
  status: JobStatus;
  /** What the task answered, where it is completed. */
  result?: T;
  /** Why it failed or was skipped; null where it is completed. */
  error: string | null;
  /** What the last try that failed has thrown. */
  cause?: unknown;
  /** Rows that passed every filter, where that is known. */
  rows?: number;
  /** Tries; 0 where none was made. */
  attempts: number;
  /** ISO 8601 in UTC; null where it never began. */
  startedAt: string | null;
  /** ISO 8601 in UTC; null while it is not over. */
  completedAt: string | null;
  /** From the beginning of the first try to the end of the last one. */
  durationSec: number;
}

/** How jobs are run. */
export interface JobOptions<T = unknown> {
  /** Jobs at the same time. Default 8. */
  maxWorkers?: number;
  /** Seconds for each try of a job; no limit where absent. */
  timeoutSec?: number | undefined;
  /** Seconds for all jobs together; no limit where absent. */
  runTimeoutSec?: number | undefined;
  /** Further tries after one that failed. Default 0. */
  retries?: number | undefined;
  /** Whether another try may help; where absent it always may. */
  shouldRetry?(error: unknown): boolean;
  /** Cancels. */
  signal?: AbortSignal | undefined;
  /** Called when a job begins and when it is over. */
  onJob?(result: JobResult<T>): void;
}

/** Figures over jobs. */
export interface JobMetrics {
  total: number;
  completed: number;
  failed: number;
  skipped: number;
  /** Wall seconds over all. */
  totalTimeSec: number;
  /** Mean duration of completed jobs; 0 where there is none. */
  averageJobTimeSec: number;
  /** Completed jobs per wall second. */
  throughputJobsPerSec: number;
  /** Completed of all, in per cent; 0 where there are none. */
  successRate: number;
  /** Tries beyond the first, over all jobs. */
  retries: number;
  /** Rows of all jobs whose rows are known. */
  rows: number;
}
