import type { Comparison, Window } from '../addon.js';
import type { PartialDay } from './types.js';

/** Intervals of a whole day. */
const HOURS = 24;

/** The counts of one day; rows without a day are never partial. */
type Day = Comparison['days'][number] & { day: string };

/**
 * The days whose rows may still change, with the differences found on them.
 *
 * @param hours number of distinct hourly intervals by day, where the input tells; a day that is missing has none.
 *   Without it only the edges tell: rows that begin after the window's first day or end before its last.
 */
export function partialDays(comparison: Comparison, window: Window, hours: ReadonlyMap<string, number> | null): PartialDay[] {
  const days = comparison.days.filter((count): count is Day => count.day !== null);
  const edges = { first: days.at(0)?.day, last: days.at(-1)?.day };
  return days.flatMap(({ day, leftRows, rightRows, different }) => {
    const reason = hours ? hoursReason(hours.get(day) ?? 0) : edgeReason(day, window, edges);
    return reason ? [{ day, reason, leftRows, rightRows, different }] : [];
  });
}

function hoursReason(hours: number): string | null {
  return hours < HOURS ? `the input has ${hours} of its ${HOURS} hours` : null;
}

function edgeReason(day: string, window: Window, { first, last }: { first: string | undefined; last: string | undefined }): string | null {
  if (day === first && day > window.start) return 'it is the first day with rows';
  if (day === last && day < window.end) return 'it is the last day with rows';
  return null;
}
