import { type OperationReport, operate } from '../addon.js';
import { type Columns, type Files, list, operand } from './files.js';

export interface PickRowOptions {
  input: Files;
  key: Columns;
  /** Columns of numbers by which rows are ordered, the most important first; a NULL loses against every value. */
  order: Columns;
  out: string;
}

/**
 * The first row of each key, whole: a NULL in it stays NULL. For the first value that is not NULL, column by column, there is `firstNonNull` of
 * {@link groupBy}, which is another question.
 *
 * Holds a row for each key in memory.
 *
 * @throws RowmillError
 */
export function firstRow({ input, key, order, out }: PickRowOptions): Promise<OperationReport> {
  return operate({ operator: 'firstRow', input: operand(input), key: list(key), order: list(order), out });
}

/**
 * The last row of each key; see {@link firstRow}. Of rows that are equal in the order, the last of the input.
 *
 * @throws RowmillError
 */
export function lastRow({ input, key, order, out }: PickRowOptions): Promise<OperationReport> {
  return operate({ operator: 'lastRow', input: operand(input), key: list(key), order: list(order), out });
}
