import type { Comparison, Window } from '../addon.js';
import type { PartialDay } from './types.js';

/** Intervals of a whole day. */
const HOURS = 24;

/**
 * The days whose rows may still change, with the differences found on them.
 *
 * @param hours number of distinct hourly intervals by day, where the input tells; a day that is missing has none.
 *   Without it only the edges tell: rows that begin after the window's first day or end before its last.
 */
export function partialDays(comparison: Comparison, window: Window, hours: ReadonlyMap<string, number> | null): PartialDay[] {
  const days = comparison.days.filter(({ day }) => day !== null);
  const first = days.at(0)?.day;
  const last = days.at(-1)?.day;
  const partial: PartialDay[] = [];
  for (const { day, leftRows, rightRows, different } of days) {
    const reason = hours ? hoursReason(hours.get(day) ?? 0) : edgeReason(day, window, first, last);
    if (reason) partial.push({ day, reason, leftRows, rightRows, different });
  }
  return partial;
}

function hoursReason(hours: number): string | null {
  return hours < HOURS ? `the input has ${hours} of its ${HOURS} hours` : null;
}

function edgeReason(day: string, window: Window, first: string | undefined, last: string | undefined): string | null {
  if (day === first && day > window.start) return 'it is the first day with rows';
  if (day === last && day < window.end) return 'it is the last day with rows';
  return null;
}
