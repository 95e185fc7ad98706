import { RowmillError } from '../errors.js';
import { type Connection, inTransaction } from './connect.js';
import { shown } from './names.js';
import { type OwnedRows, ownedLock } from './owned-rows.js';
import { copyIn } from './statements/copy-in.js';
import { deleteRows } from './statements/delete-rows.js';
import { insertLoad, type LoadRecord } from './statements/insert-load.js';
import { lockUntilCommit } from './statements/lock.js';
import type { Target } from './target.js';

/** A window's new rows and where they go. */
export interface LoadRequest {
  target: Target;
  /** The rows that are replaced. */
  owned: OwnedRows;
  /** Binary COPY bytes of the target's columns, header and trailer included. */
  buffers: AsyncIterable<Buffer>;
  /** Rows in `buffers`; asked once they have all been sent. */
  expectedRows(): number;
  /** Schema of the ledger, and what it keeps; the counts are filled in here. */
  ledger: { schema: string; record: Omit<LoadRecord, 'rows' | 'bytes' | 'deleted' | 'seconds'>; startedAtMs: number };
  /** Stops the load; nothing is kept. */
  signal?: AbortSignal;
  /** Told of bytes as they are sent. */
  onBytes?(total: number): void;
  /** Told when all rows are written and only the commit is left. */
  onCommit?(): void;
}

export interface LoadResult {
  rows: number;
  bytes: number;
  deleted: number;
}

/**
 * Replaces a window in one transaction: lock, delete, COPY, ledger, commit. Whatever fails, the old rows stay.
 *
 * @throws RowmillError with a `SINK_` code, or what `buffers` threw
 */
export async function loadWindow(connection: Connection, request: LoadRequest): Promise<LoadResult> {
  const { target, owned } = request;
  const name = shown(target.table);
  return inTransaction(connection, `replacing ${owned.firstDay} to ${owned.lastDay} of ${name}`, async () => {
    await lockUntilCommit(connection, ownedLock(name, owned));
    const deleted = await deleteRows(connection, target.table, owned);
    const counted = countBytes(request);
    const columns = target.columns.map((column) => column.name);
    const rows = await copyIn(connection, target.table, columns, counted.buffers, request.signal);
    refuseMiscount(name, rows, request.expectedRows());
    request.onCommit?.();
    const result = { rows, bytes: counted.bytes(), deleted };
    const seconds = (performance.now() - request.ledger.startedAtMs) / 1000;
    await insertLoad(connection, request.ledger.schema, { ...request.ledger.record, ...result, seconds });
    request.signal?.throwIfAborted();
    return result;
  });
}

function countBytes({ buffers, onBytes }: LoadRequest): { buffers: AsyncIterable<Buffer>; bytes(): number } {
  let total = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const buffer of buffers) {
      total += buffer.length;
      onBytes?.(total);
      yield buffer;
    }
  }
  return { buffers: counted(), bytes: () => total };
}

function refuseMiscount(table: string, rows: number, expected: number): void {
  if (rows === expected) return;
  throw new RowmillError({
    code: 'BUG_INTERNAL',
    message: `the server counted ${rows} rows written to ${table}, the engine ${expected}`,
    help: 'The transaction was rolled back. A trigger or rule on the table may swallow rows; without one, please report this.',
    retryable: false,
    place: {},
  });
}
