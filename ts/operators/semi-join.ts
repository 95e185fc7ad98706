import { type OperationReport, operate } from '../addon.js';
import { type Columns, type Files, list, operand } from './files.js';

export interface SemiJoinOptions {
  input: Files;
  /** Key columns of the input: integers of 64 bits, every digit of which counts, or texts. */
  key: Columns;
  /** The files whose keys are wanted. */
  with: Files;
  /** Key columns of those; `key` where absent. */
  withKey?: Columns;
  /** Columns of `with` by whose values rows are spread over files: each row follows the first row there that has its key. */
  partition?: Columns;
  /** The file to write (`.csv`, `.csv.gz`, `.parquet`); with partitions, `{column}` in it stands for a value. */
  out: string;
}

/**
 * Keeps the rows whose key is among those of other files, in their order. NULL matches nothing.
 *
 * Holds the keys of `with` in memory; `input` streams, once for every 128 partitions.
 *
 * @throws RowmillError
 */
export function semiJoin(options: SemiJoinOptions): Promise<OperationReport> {
  const { input, key, with: other, withKey = key, partition = [], out } = options;
  return operate({
    operator: 'semiJoin',
    input: operand(input),
    with: operand(other),
    key: list(key),
    withKey: list(withKey),
    partition: list(partition),
    out,
  });
}
