import { literal, qualified, quoted, type TableName } from './names.js';
import type { OwnedRows } from './owned-rows.js';

/** FROM clause of these rows, for COPY, which takes no parameters: values are quoted into it. */
export function ownedSource(table: TableName, owned: OwnedRows): string {
  const parts: string[] = [];
  if (owned.dayColumn !== null) parts.push(`${quoted(owned.dayColumn)} BETWEEN ${literal(owned.firstDay)} AND ${literal(owned.lastDay)}`);
  for (const [column, value] of Object.entries(owned.equal)) {
    parts.push(value === null ? `${quoted(column)} IS NULL` : `${quoted(column)} = ${literal(String(value))}`);
  }
  if (owned.where) parts.push(`(${owned.where})`);
  return `FROM ${qualified(table)} WHERE ${parts.join(' AND ') || 'true'}`;
}

/** FROM clause of all rows of a table. */
export function tableSource(table: TableName): string {
  return `FROM ${qualified(table)}`;
}
