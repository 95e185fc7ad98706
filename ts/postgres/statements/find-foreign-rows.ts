import { ask, type Connection } from '../connect.js';
import { qualified, quoted, shown } from '../names.js';
import { DOCUMENT, type StagedTable } from '../staging.js';
import type { DocumentRange } from './merge-staged.js';

/** Whether rows of a table could be taken over from another document without anybody noticing. */
export function canBeForeign({ spec }: StagedTable): boolean {
  return spec.onRepeat !== 'fail' && spec.parent !== null && spec.parent.columns.some((column) => !spec.primaryKey.includes(column));
}

/**
 * The documents of a range with a row whose key is there already below another parent, in the table or earlier in the batch: a person of
 * another application, say.
 */
export async function findForeignRows(connection: Connection, table: StagedTable, { first, last }: DocumentRange): Promise<number[]> {
  const { spec, target, staging } = table;
  const parent = spec.parent?.columns ?? [];
  const list = (prefix: string, columns: readonly string[]): string => columns.map((name) => `${prefix}${quoted(name)}`).join(', ');
  const same = spec.primaryKey.map((name) => `t.${quoted(name)} = s.${quoted(name)}`).join(' AND ');
  const firsts = parent.map((name) => `first_value(${quoted(name)}) OVER w`).join(', ');
  const rows = await ask<{ document: number }>(
    connection,
    `looking for rows of other documents in ${shown(target)}`,
    `SELECT s.${DOCUMENT} AS document FROM ${qualified(staging)} s JOIN ${qualified(target)} t ON ${same}
       WHERE s.${DOCUMENT} BETWEEN $1 AND $2 AND (${list('t.', parent)}) IS DISTINCT FROM (${list('s.', parent)})
     UNION
     SELECT document FROM (
       SELECT ${DOCUMENT} AS document, ROW(${list('', parent)}) IS DISTINCT FROM ROW(${firsts}) AS other FROM ${qualified(staging)}
       WHERE ${DOCUMENT} BETWEEN $1 AND $2 WINDOW w AS (PARTITION BY ${list('', spec.primaryKey)} ORDER BY ctid)
     ) repeated WHERE other
     ORDER BY document`,
    [first, last],
  );
  return rows.map(({ document }) => document);
}
