import { type AggregateFunction, type OperationReport, operate } from '../addon.js';
import { type Columns, type Files, list, operand } from './files.js';

export interface GroupByOptions {
  input: Files;
  /** Key columns; an empty list makes one group of all rows. */
  by: Columns;
  /** What to say of each key, by the name of its column in the output. */
  aggregates: Record<string, AggregateFunction>;
  /** Order columns for `first`, `last`, `firstNonNull` and `lastNonNull`; the order of the input where there are none. */
  order?: Columns;
  out: string;
}

/**
 * One row for each key, in the order in which keys are first met. Rows with a NULL in their key belong to no group.
 *
 * Sums of integers are exact, and one that does not fit 64 bits is an error. Holds the groups in memory; the input streams.
 *
 * @throws RowmillError
 */
export function groupBy({ input, by, aggregates, order = [], out }: GroupByOptions): Promise<OperationReport> {
  const named = Object.entries(aggregates).map(([name, aggregate]) => ({ ...aggregate, name }));
  return operate({ operator: 'groupBy', input: operand(input), by: list(by), aggregates: named, order: list(order), out });
}
