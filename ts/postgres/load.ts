import { RowmillError } from '../errors.js';
import { type Connection, inTransaction } from './connect.js';
import { shown } from './names.js';
import { type OwnedRows, ownedLock } from './owned-rows.js';
import { copyIn } from './statements/copy-in.js';
import { deleteRows } from './statements/delete-rows.js';
import { insertLoad, type LoadedTable, type LoadRecord } from './statements/insert-load.js';
import { lockUntilCommit } from './statements/lock.js';
import type { Target } from './target.js';

/** The new rows of one table of a window. */
export interface LoadPart {
  target: Target;
  /** The rows that are replaced. */
  owned: OwnedRows;
  /** Binary COPY bytes of the target's columns, header and trailer included; taken only once those of the part before are at their end. */
  buffers: AsyncIterable<Buffer>;
  /** Rows in `buffers`; asked once the rows of every part have been sent. */
  expectedRows(): number;
}

/** A window's new rows and where they go. */
export interface LoadRequest {
  /** At least one; always in the same order, which is that of their locks. */
  parts: readonly LoadPart[];
  /** Schema of the ledger, and what it keeps; the counts are filled in here. */
  ledger: { schema: string; record: Omit<LoadRecord, 'rows' | 'bytes' | 'deleted' | 'tables' | 'seconds'>; startedAtMs: number };
  /** Stops the load; nothing is kept. */
  signal?: AbortSignal;
  /** Told of bytes as they are sent, over all parts. */
  onBytes?(total: number): void;
  /** Told when all rows are written and only the commit is left. */
  onCommit?(): void;
}

/** What was replaced: sums, and by table in the order of the parts. */
export interface LoadResult {
  rows: number;
  bytes: number;
  deleted: number;
  tables: LoadedTable[];
}

/**
 * Replaces a window in one transaction, whatever the number of its tables: lock, delete, COPY, ledger, commit. Whatever fails, the old rows stay.
 *
 * @throws RowmillError with a `SINK_` code, or what `buffers` threw
 */
export async function loadWindow(connection: Connection, request: LoadRequest): Promise<LoadResult> {
  const { parts, ledger, signal } = request;
  return inTransaction(connection, describeLoad(parts), async () => {
    for (const { target, owned } of parts) await lockUntilCommit(connection, ownedLock(shown(target.table), owned));
    const deleted: number[] = [];
    for (const { target, owned } of parts) deleted.push(await deleteRows(connection, target.table, owned));
    const sent = await copyAll(connection, request);
    for (const [index, part] of parts.entries()) refuseMiscount(part, sent[index]?.rows ?? 0);
    request.onCommit?.();
    const tables = parts.map(({ target }, at) => ({ name: target.table.name, rows: 0, bytes: 0, ...sent[at], deleted: deleted[at] ?? 0 }));
    const result = { ...sums(tables), tables };
    const seconds = (performance.now() - ledger.startedAtMs) / 1000;
    await insertLoad(connection, ledger.schema, { ...ledger.record, ...result, seconds });
    signal?.throwIfAborted();
    return result;
  });
}

/** Copies one part after the other. */
async function copyAll(connection: Connection, { parts, signal, onBytes }: LoadRequest): Promise<{ rows: number; bytes: number }[]> {
  const sent: { rows: number; bytes: number }[] = [];
  let before = 0;
  for (const { target, buffers } of parts) {
    const counted = countBytes(buffers, (bytes) => onBytes?.(before + bytes));
    const columns = target.columns.map((column) => column.name);
    const rows = await copyIn(connection, target.table, columns, counted.buffers, signal);
    before += counted.bytes();
    sent.push({ rows, bytes: counted.bytes() });
  }
  return sent;
}

function describeLoad(parts: readonly LoadPart[]): string {
  const [first] = parts;
  if (!first) throw new RangeError('a load needs a table');
  const { dayColumn, firstDay, lastDay } = first.owned;
  const names = parts.map(({ target }) => shown(target.table)).join(', ');
  return dayColumn === null ? `replacing rows of ${names}` : `replacing ${firstDay} to ${lastDay} of ${names}`;
}

function countBytes(buffers: AsyncIterable<Buffer>, onBytes: (total: number) => void): { buffers: AsyncIterable<Buffer>; bytes(): number } {
  let total = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const buffer of buffers) {
      total += buffer.length;
      onBytes(total);
      yield buffer;
    }
  }
  return { buffers: counted(), bytes: () => total };
}

function sums(tables: readonly LoadedTable[]): Pick<LoadResult, 'rows' | 'bytes' | 'deleted'> {
  const sum = (of: 'rows' | 'bytes' | 'deleted'): number => tables.reduce((total, table) => total + table[of], 0);
  return { rows: sum('rows'), bytes: sum('bytes'), deleted: sum('deleted') };
}

function refuseMiscount({ target, expectedRows }: LoadPart, rows: number): void {
  const expected = expectedRows();
  if (rows === expected) return;
  throw new RowmillError({
    code: 'BUG_INTERNAL',
    message: `the server counted ${rows} rows written to ${shown(target.table)}, the engine ${expected}`,
    help: 'The transaction was rolled back. A trigger or rule on the table may swallow rows; without one, please report this.',
    retryable: false,
    place: {},
  });
}
