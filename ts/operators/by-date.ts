import { type OperationReport, operate } from '../addon.js';
import { type Files, operand } from './files.js';

export interface ByDateOptions {
  input: Files;
  /** The column with the date: dates or texts `YYYY-MM-DD`; instants (nanoseconds of UTC) where `zone` is given. */
  column: string;
  /** `YYYY-MM-DD` */
  date: string;
  /** Whose date of an instant counts: `UTC`, `+10:00`, `Australia/Sydney`. */
  zone?: string;
  /** Whether the latest date that there is, before or after, stands in for one without rows; not, where absent. */
  orLatest?: boolean;
  out: string;
}

/**
 * The rows of one date. The report's `date` says which one it was.
 *
 * Holds nothing; reads twice where it falls back on another date.
 *
 * @throws RowmillError
 */
export function byDate({ input, column, date, zone, orLatest = false, out }: ByDateOptions): Promise<OperationReport> {
  return operate({ operator: 'byDate', input: operand(input), column, date, ...(zone === undefined ? {} : { zone }), orLatest, out });
}
