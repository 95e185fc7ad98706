import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Connection } from '../connect.js';
import { databaseError } from '../failures.js';
import { qualified, quoted, shown, type TableName } from '../names.js';

/**
 * Streams binary COPY bytes into a table; the server refuses rows by refusing the whole statement.
 *
 * Holds one buffer of `buffers` beside what the socket has not taken yet.
 *
 * @param signal stops the copy, and so fails the transaction
 * @returns rows that the server counted
 */
export async function copyIn(
  connection: Connection,
  table: TableName,
  columns: readonly string[],
  buffers: AsyncIterable<Buffer>,
  signal?: AbortSignal,
): Promise<number> {
  const { from: copyFrom } = await import('pg-copy-streams');
  const target = connection.query(copyFrom(`COPY ${qualified(table)} (${columns.map(quoted).join(', ')}) FROM STDIN (FORMAT binary)`));
  // The socket of a lost connection never drains, and the stream would wait for it for ever.
  const lost = new AbortController();
  const onEnd = (): void => lost.abort(new Error('Connection terminated while rows were being sent'));
  connection.once('end', onEnd);
  try {
    const stop = signal ? AbortSignal.any([signal, lost.signal]) : lost.signal;
    await pipeline(Readable.from(buffers, { objectMode: true, highWaterMark: 1 }), target, { signal: stop });
    return target.rowCount;
  } catch (error) {
    throw databaseError(lost.signal.aborted ? lost.signal.reason : error, `writing rows to ${shown(table)}`);
  } finally {
    connection.removeListener('end', onEnd);
  }
}
