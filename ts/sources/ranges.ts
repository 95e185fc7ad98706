import type { Plan, Unit } from '../addon.js';
import { RowmillError } from '../errors.js';

const MIB = 1 << 20;
/** Below this a unit costs more to begin than to read; above it, one slow unit at the end leaves the other threads idle. */
const SMALLEST = 4 * MIB;
const LARGEST = 256 * MIB;
/** Units that each thread should find in a file, so that all of them end at about the same time. */
const UNITS_PER_THREAD = 4;
/** More pieces of one file than this take longer to list than to read. */
const MOST = 1_000_000;

/**
 * The same files, with large CSV files cut into ranges of bytes of about equal length; what cannot be entered in the middle stays whole.
 *
 * A range is at most `source.unitBytes` long; where the plan does not say it, a quarter of a thread's share of the file, from 4 MiB to 256 MiB.
 *
 * @throws RowmillError `PLAN_INVALID` where a file would be cut into more than a million pieces
 */
export function cutIntoRanges(plan: Plan, files: readonly Unit[]): Unit[] {
  return files.flatMap((file) => (isCuttable(file) ? cut(file, plan.source.unitBytes ?? derivedBytes(file.size, plan.budget.threads)) : [file]));
}

/** Only in plain CSV can the next record be found from anywhere. */
function isCuttable({ uri }: Unit): boolean {
  return uri.endsWith('.csv');
}

function derivedBytes(size: number, threads: number): number {
  return Math.min(Math.max(Math.ceil(size / (UNITS_PER_THREAD * threads)), SMALLEST), LARGEST);
}

function cut(file: Unit, unitBytes: number): Unit[] {
  const pieces = Math.ceil(file.size / unitBytes);
  if (pieces <= 1) return [file];
  if (pieces > MOST) throw tooMany(file, pieces);
  const step = Math.ceil(file.size / pieces);
  const starts = Array.from({ length: Math.ceil(file.size / step) }, (_, at) => at * step);
  return starts.map((start) => ({ ...file, range: { start, end: Math.min(start + step, file.size) } }));
}

function tooMany({ uri, size }: Unit, pieces: number): RowmillError {
  return new RowmillError({
    code: 'PLAN_INVALID',
    message: `source.unitBytes cuts a file of ${size} bytes into ${pieces} pieces`,
    help: `Make it at least ${Math.ceil(size / MOST)}, or leave it out.`,
    retryable: false,
    place: { file: uri, column: 'source.unitBytes' },
  });
}
