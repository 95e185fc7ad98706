import type { Unit } from '../../addon.js';
import type { PlannedJobs } from '../../run/explain-jobs.js';
import { bytes, count } from './quantities.js';

/** Jobs shown one by one; of more than these the number says enough, and `--json` has them all. */
const SHOWN = 60;

/** The pieces of work that the input makes. */
export interface UnitCounts {
  units: number;
  bytes: number;
  /** Units that are a range of a file rather than a whole one. */
  ranges: number;
  /** Bytes of the largest unit. */
  largestBytes: number;
}

/** Counts what a run would hand out to its threads. */
export function unitCounts(units: readonly Unit[]): UnitCounts {
  const sizes = units.map(({ size, range }) => (range ? range.end - range.start : size));
  return {
    units: units.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    ranges: units.filter(({ range }) => range).length,
    largestBytes: sizes.reduce((largest, size) => Math.max(largest, size), 0),
  };
}

/** The pieces of work on one line. */
export function unitsText({ units, bytes: size, ranges, largestBytes }: UnitCounts): string {
  return `units: ${count(units)} of ${bytes(size)} in all, ${count(ranges)} of them ranges of a file, the largest ${bytes(largestBytes)}`;
}

/** The job matrix, security by security; or what it waits for. */
export function jobsText({ entries, fromInput }: PlannedJobs): string {
  if (fromInput.length > 0)
    return `jobs: every security on every day that the input has rows of; the ${fromInput.join(' and the ')} come from the input`;
  const securities = new Set(entries.map(([security]) => security)).size;
  const days = new Set(entries.map(([, day]) => day)).size;
  const head = `jobs: ${count(entries.length)} (${count(securities)} securities on ${count(days)} days)`;
  const shown = entries.slice(0, SHOWN).map(([security, day]) => `  ${security}  ${day}`);
  const more = entries.length > SHOWN ? [`  and ${count(entries.length - SHOWN)} more (--json lists them all)`] : [];
  return [head, ...shown, ...more].join('\n');
}
