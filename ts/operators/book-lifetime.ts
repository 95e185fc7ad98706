import { type OperationReport, operate } from '../addon.js';
import { type Columns, type Files, list, operand } from './files.js';

/** Reasons by which an order leaves the book: cancelled, then purged. */
export const EXIT_REASONS: readonly number[] = [1, 9, 10, 20, 34, 41, 42, 43, 51, 23, 24, 25, 26, 27, 35];

/** Reasons by which it leaves if nothing is left of it: traded. */
export const EXIT_REASONS_WHEN_NOTHING_LEFT: readonly number[] = [3];

export interface BookLifetimeOptions {
  input: Files;
  /** Key columns; `order_id` where absent. */
  key?: Columns;
  /** Columns that orders of one book on one day have in common; none where absent. */
  partition?: Columns;
  /** Time of an event; `timestamp` where absent. */
  time?: string;
  /** Why an event happened; `changereason` where absent. */
  reason?: string;
  /** How much is left; `leavesquantity` where absent. */
  leaves?: string;
  /** {@link EXIT_REASONS} where absent. */
  exits?: readonly number[];
  /** {@link EXIT_REASONS_WHEN_NOTHING_LEFT} where absent. */
  exitsWhenNothingLeft?: readonly number[];
  out: string;
}

/**
 * When each order came into the book (`first_execution_time`) and when it left it (`last_execution_time`): at its last event with an exit reason,
 * else with the last event of its partition.
 *
 * Holds the keys and three numbers for each.
 *
 * @throws RowmillError
 */
export function bookLifetime(options: BookLifetimeOptions): Promise<OperationReport> {
  const { input, key = 'order_id', partition = [], time = 'timestamp', reason = 'changereason', leaves = 'leavesquantity', out } = options;
  const { exits = EXIT_REASONS, exitsWhenNothingLeft = EXIT_REASONS_WHEN_NOTHING_LEFT } = options;
  return operate({
    operator: 'bookLifetime',
    input: operand(input),
    key: list(key),
    partition: list(partition),
    time,
    reason,
    leaves,
    exits: [...exits],
    exitsWhenNothingLeft: [...exitsWhenNothingLeft],
    out,
  });
}
