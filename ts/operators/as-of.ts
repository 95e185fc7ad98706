import { type OperationReport, operate } from '../addon.js';
import { type Columns, type Files, list, operand } from './files.js';

export interface AsOfOptions {
  input: Files;
  key: Columns;
  /** Time of a row: a whole number, such as nanoseconds, or a timestamp. */
  time: string;
  /** The files to look up, for example quotes. */
  with: Files;
  /** Key columns of those; `key` where absent. */
  withKey?: Columns;
  /** Time of those; `time` where absent. */
  withTime?: string;
  /** Columns that decide between rows of the same time; the later in the input where they do not. */
  withOrder?: Columns;
  /** The columns to take. */
  take: Columns;
  /** What their names begin with in the output. */
  prefix?: string;
  out: string;
}

/**
 * Puts columns of the last row of `with` beside each row that has the same key and is not before it; NULL where there is none.
 *
 * Holds `with` in memory: the columns that are taken, and 40 bytes or so for each row. The input streams.
 *
 * @throws RowmillError
 */
export function asOf(options: AsOfOptions): Promise<OperationReport> {
  const { input, key, time, with: other, withKey = key, withTime = time, withOrder = [], take, prefix = '', out } = options;
  return operate({
    operator: 'asOf',
    input: operand(input),
    with: operand(other),
    key: list(key),
    withKey: list(withKey),
    time,
    withTime,
    withOrder: list(withOrder),
    take: list(take),
    prefix,
    out,
  });
}
