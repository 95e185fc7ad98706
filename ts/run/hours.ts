import { rollup, type Unit } from '../addon.js';
import type { RunContext } from './context.js';

/**
 * Number of distinct hourly intervals by day, `YYYY-MM-DD`; null where the pipeline has no hourly input or there are no files of it.
 *
 * Reads one column of each file.
 */
export async function hoursByDay(context: RunContext, units: readonly Unit[]): Promise<Map<string, number> | null> {
  const { hourly } = context.rules;
  const files = units.filter(({ input }) => input === hourly?.input);
  if (!hourly || files.length === 0) return null;
  const intervals = new Set<string>();
  for (const { uri } of files) {
    const { rows } = await rollup({ path: uri, by: [hourly.column], sums: [] });
    for (const row of rows) if (row[hourly.column] != null) intervals.add(String(row[hourly.column]));
  }
  const days = new Map<string, number>();
  for (const interval of intervals) days.set(interval.slice(0, 10), (days.get(interval.slice(0, 10)) ?? 0) + 1);
  return days;
}
