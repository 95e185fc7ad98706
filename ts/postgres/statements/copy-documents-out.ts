import type { Connection } from '../connect.js';
import { databaseError } from '../failures.js';
import { qualified, quoted, shown } from '../names.js';
import type { DocumentTable } from './claim-documents.js';

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
 */
export async function copyDocumentsOut(connection: Connection, source: DocumentTable, keys: readonly string[]): Promise<FetchedDocuments> {
  if (keys.length === 0) return { buffer: Buffer.alloc(0), ranges: new Map() };
  const list = keys.map((key) => BigInt(key).toString()).join(', ');
  const column = `s.${quoted(source.column)}${source.type === 'bytea' ? '' : '::text'}`;
  const { to: copyTo } = await import('pg-copy-streams');
  const text = `COPY (SELECT s.${quoted(source.key)}::bigint, ${column} FROM ${qualified(source.table)} s WHERE s.${quoted(source.key)} IN (${list}) ORDER BY 1)
    TO STDOUT (FORMAT binary)`;
  const stream = connection.query(copyTo(text));
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    throw databaseError(error, `reading documents of ${shown(source.table)}`);
  }
  return tuples(Buffer.concat(chunks));
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
