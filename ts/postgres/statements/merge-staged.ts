import { type Connection, change } from '../connect.js';
import { qualified, quoted, shown } from '../names.js';
import { DOCUMENT, type StagedTable } from '../staging.js';

/** Documents of a batch by their place in it, both inclusive. */
export interface DocumentRange {
  first: number;
  last: number;
}

/**
 * Moves the staged rows of some documents into their table.
 *
 * A key that is there already: fails the statement, is overwritten by the later row, or keeps its first row, as the table's rule says.
 *
 * @returns rows written
 */
export async function mergeStaged(connection: Connection, table: StagedTable, { first, last }: DocumentRange): Promise<number> {
  return change(connection, `writing rows to ${shown(table.target)}`, mergeStatement(table), [first, last]);
}

/** The statement of {@link mergeStaged}. */
export function mergeStatement({ spec, target, staging }: StagedTable): string {
  const columns = spec.columns.map(({ name }) => quoted(name)).join(', ');
  const key = spec.primaryKey.map(quoted).join(', ');
  const from = `FROM ${qualified(staging)} WHERE ${DOCUMENT} BETWEEN $1 AND $2`;
  const into = `INSERT INTO ${qualified(target)} (${columns})`;
  const others = spec.columns.filter(({ name }) => !spec.primaryKey.includes(name));
  if (spec.onRepeat === 'fail') return `${into} SELECT ${columns} ${from}`;
  if (spec.onRepeat === 'keepFirst' || others.length === 0) return `${into} SELECT ${columns} ${from} ORDER BY ctid ON CONFLICT (${key}) DO NOTHING`;
  // One statement cannot overwrite a row twice: of repeated keys only the last one is sent.
  const set = others.map(({ name }) => `${quoted(name)} = EXCLUDED.${quoted(name)}`).join(', ');
  return `${into} SELECT DISTINCT ON (${key}) ${columns} ${from} ORDER BY ${key}, ctid DESC ON CONFLICT (${key}) DO UPDATE SET ${set}`;
}

/** Takes the rows of some documents out of a staging table. */
export async function dropStaged(connection: Connection, { staging }: StagedTable, documents: readonly number[]): Promise<void> {
  const text = `DELETE FROM ${qualified(staging)} WHERE ${DOCUMENT} = ANY($1::integer[])`;
  await change(connection, 'leaving out rows of some documents', text, [documents]);
}
