import type { Connection } from '../connect.js';
import { databaseError } from '../failures.js';
import { quoted } from '../names.js';

/** A column to read, and the type it is read as. */
export interface ReadColumn {
  name: string;
  type: string;
}

/**
 * Reads rows as binary COPY bytes.
 *
 * @param from the FROM clause with its condition; COPY takes no parameters, so values in it must be quoted already
 */
export async function* copyOut(connection: Connection, columns: readonly ReadColumn[], from: string): AsyncGenerator<Buffer> {
  const list = columns.map(({ name, type }) => `${quoted(name)}::${type} AS ${quoted(name)}`).join(', ');
  const { to: copyTo } = await import('pg-copy-streams');
  const source = connection.query(copyTo(`COPY (SELECT ${list} ${from}) TO STDOUT (FORMAT binary)`));
  try {
    yield* source as AsyncIterable<Buffer>;
  } catch (error) {
    throw databaseError(error, 'reading rows');
  }
}
