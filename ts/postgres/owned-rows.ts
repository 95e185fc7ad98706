import { quoted } from './names.js';

/** The rows of a target table that one window of one run answers for: it deletes them, and nothing else. */
export interface OwnedRows {
  /** The date column; null for a table in one piece, of which the days do not matter. */
  dayColumn: string | null;
  /** First day, `YYYY-MM-DD`. */
  firstDay: string;
  /** Last day, inclusive. */
  lastDay: string;
  /** Columns with the value they must have; null matches NULL. */
  equal: Record<string, string | number | null>;
  /** A further SQL condition of the pipeline; empty for none. */
  where: string;
}

/** The WHERE clause of these rows, with its parameters. */
export function ownedCondition(owned: OwnedRows): { text: string; values: (string | number)[] } {
  const values: (string | number)[] = [];
  const parts: string[] = [];
  if (owned.dayColumn !== null) parts.push(`${quoted(owned.dayColumn)} BETWEEN $${values.push(owned.firstDay)} AND $${values.push(owned.lastDay)}`);
  for (const [column, value] of Object.entries(owned.equal)) {
    if (value === null) parts.push(`${quoted(column)} IS NULL`);
    else parts.push(`${quoted(column)} = $${values.push(value)}`);
  }
  if (owned.where) parts.push(`(${owned.where})`);
  return { text: parts.join(' AND ') || 'true', values };
}

/**
 * Name of the lock under which these rows are replaced.
 *
 * It leaves the days out: windows may overlap without being equal, and two runs over overlapping days must wait for each other.
 */
export function ownedLock(table: string, owned: OwnedRows): string {
  return ['rowmill load', table, ...Object.entries(owned.equal).map(([column, value]) => `${column}=${value ?? ''}`)].join(' ');
}
