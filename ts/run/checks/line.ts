import { RowmillError } from '../../errors.js';
import type { CheckLine } from '../types.js';

export function ok(name: string, detail: string): CheckLine {
  return { name, state: 'ok', detail };
}

export function warn(name: string, detail: string, help: string): CheckLine {
  return { name, state: 'warn', detail, help };
}

export function fail(name: string, detail: string, help: string): CheckLine {
  return { name, state: 'fail', detail, help };
}

/** What failed as a line; faults of our own are thrown on. */
export function failed(name: string, error: unknown): CheckLine {
  if (!(error instanceof RowmillError)) throw error;
  return fail(name, `${error.code}: ${error.message}`, error.help ?? 'See the message.');
}

/** Runs a check that answers with lines; a failure becomes the last of them. */
export async function guarded(name: string, check: () => Promise<CheckLine[]>): Promise<CheckLine[]> {
  try {
    return await check();
  } catch (error) {
    return [failed(name, error)];
  }
}

/** Bytes for people: `1.5 GiB`. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
