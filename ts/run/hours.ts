import { rollup, type Unit } from '../addon.js';
import type { RunContext } from './context.js';

/** Files that are read at once. */
const FILES_AT_ONCE = 4;

/**
 * Number of distinct hourly intervals by day, `YYYY-MM-DD`; null where there are no hourly files.
 *
 * Reads one column of each file.
 */
export async function hoursByDay(context: RunContext, units: readonly Unit[]): Promise<Map<string, number> | null> {
  const { hourly } = context.rules;
  if (!hourly) return null;
  const { input, column } = hourly;
  const files = units.filter((unit) => unit.input === input);
  if (files.length === 0) return null;
  const intervals = new Set<number>();
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    const some = files.slice(at, at + FILES_AT_ONCE).map(({ uri }) => rollup({ path: uri, by: [column], sums: [] }));
    for (const { rows } of await Promise.all(some)) addIntervals(intervals, rows, column);
  }
  return countByDay(intervals);
}

function addIntervals(intervals: Set<number>, rows: Record<string, unknown>[], column: string): void {
  for (const row of rows) if (typeof row[column] === 'number') intervals.add(row[column]);
}

/** Timestamps arrive as milliseconds without a zone, so UTC gives back the day that the file says. */
function countByDay(intervals: ReadonlySet<number>): Map<string, number> {
  const days = new Map<string, number>();
  for (const interval of intervals) {
    const day = new Date(interval).toISOString().slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return days;
}
