import type { Connection } from '../connect.js';
import { databaseError } from '../failures.js';
import { qualified, quoted, shown } from '../names.js';
import type { DocumentTable } from './claim-documents.js';

/** Room for so many bytes in all; the first `kept` stay what they are. */
export type Room = (bytes: number, kept: number) => Buffer;

/** Documents as they lie in their table. */
export interface FetchedDocuments {
  buffer: Buffer;
  /** Where each document is in the buffer, half-open; a document that is null, or is not there, has no range. */
  ranges: Map<string, [number, number]>;
}

const HEADER_BYTES = 19;
/** The count of fields that stands for the end. */
const TRAILER = -1;

/**
 * Fetches documents by id, as COPY in binary: text arrives in UTF-8, and neither it nor bytea is turned into a JavaScript text on the way.
 *
 * @param keys whole numbers as text
 * @param room where their bytes go: the buffer of the answer is a part of it
 */
export async function copyDocumentsOut(
  connection: Connection,
  source: DocumentTable,
  keys: readonly string[],
  room: Room,
): Promise<FetchedDocuments> {
  let buffer = room(0, 0);
  let length = 0;
  if (keys.length === 0) return { buffer: buffer.subarray(0, 0), ranges: new Map() };
  const list = keys.map((key) => BigInt(key).toString()).join(', ');
  const column = `s.${quoted(source.column)}${source.type === 'bytea' ? '' : '::text'}`;
  const { to: copyTo } = await import('pg-copy-streams');
  const text = `COPY (SELECT s.${quoted(source.key)}::bigint, ${column} FROM ${qualified(source.table)} s WHERE s.${quoted(source.key)} IN (${list}) ORDER BY 1)
    TO STDOUT (FORMAT binary)`;
  const stream = connection.query(copyTo(text));
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      buffer = room(length + chunk.length, length);
      length += chunk.copy(buffer, length);
    }
  } catch (error) {
    throw databaseError(error, `reading documents of ${shown(source.table)}`);
  }
  return tuples(buffer.subarray(0, length));
}

/** Each tuple is a key of eight bytes and a document. */
function tuples(buffer: Buffer): FetchedDocuments {
  const ranges = new Map<string, [number, number]>();
  let at = HEADER_BYTES + buffer.readInt32BE(HEADER_BYTES - 4);
  while (buffer.readInt16BE(at) !== TRAILER) {
    const key = buffer.readBigInt64BE(at + 6).toString();
    const length = buffer.readInt32BE(at + 14);
    const start = at + 18;
    const end = start + Math.max(length, 0);
    if (length >= 0) ranges.set(key, [start, end]);
    at = end;
  }
  return { buffer, ranges };
}
