import type { Command } from 'commander';
import { type Problem, RowmillError } from '../errors.js';
import type { WatchOptions } from '../run/run-watched.js';

/** Options of a run that is watched, as commander hands them over. */
export interface MonitorFlags {
  monitorOut?: string;
  monitorLog?: string;
  jobsOut?: string;
  timeout?: string;
  retries?: string;
}

/** A timer takes no more milliseconds than this. */
const LONGEST_SECONDS = 2_147_483;

/** Adds the options by which a run is watched: files for its metrics and jobs, its time, its tries. */
export function addMonitorOptions(command: Command): Command {
  return command
    .option('--monitor-out <file>', 'metrics of the run as JSON, also where it fails')
    .option('--monitor-log <file>', 'one line of JSON per second: memory, processors, disks, rows, workers')
    .option('--jobs-out <file>', 'the result of each job (security and day) as JSON, also where the run fails')
    .option('--timeout <seconds>', 'cancel a run that takes longer')
    .option('--retries <number>', 'try again a run that failed for a reason that may pass (default: 0)');
}

/**
 * What to watch a run with.
 *
 * @throws RowmillError `PLAN_INVALID` with each number that is none
 */
export function toWatchOptions(flags: MonitorFlags): WatchOptions {
  const problems: Problem[] = [];
  const number = (name: 'timeout' | 'retries', isGood: (value: number) => boolean, allowed: string): number | undefined => {
    const text = flags[name];
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!isGood(value))
      problems.push({ path: `--${name}`, message: `${JSON.stringify(text)} is not allowed`, value: text, allowed, origin: 'command line' });
    return value;
  };
  const timeoutSec = number('timeout', (value) => value > 0 && value <= LONGEST_SECONDS, `seconds above 0, at most ${LONGEST_SECONDS}`);
  const retries = number('retries', (value) => Number.isInteger(value) && value >= 0 && value <= 100, 'a whole number from 0 to 100');
  if (problems.length === 0) return { monitorOut: flags.monitorOut, monitorLog: flags.monitorLog, jobsOut: flags.jobsOut, timeoutSec, retries };
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: 'the command line has a number that is not allowed',
    help: 'rowmill run --help says what each option takes.',
    retryable: false,
    place: {},
    problems,
  });
}
