import { RowmillError } from '../errors.js';

/** What the process ends with. */
export const EXIT = {
  /** Everything was done. */
  done: 0,
  /** It failed, or a check found something. */
  failed: 1,
  /** The command line or the plan is wrong; nothing was begun. */
  usage: 2,
  /** Done, but some input rows were left out. */
  rejected: 3,
  /** Stopped by a signal; `rowmill resume` goes on. */
  interrupted: 130,
} as const;

/** The exit code that a failure ends in. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof RowmillError)) return EXIT.failed;
  if (error.code === 'PLAN_INVALID') return EXIT.usage;
  if (error.code === 'RUN_CANCELLED') return EXIT.interrupted;
  return EXIT.failed;
}
