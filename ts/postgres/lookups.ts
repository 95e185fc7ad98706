import { RowmillError } from '../errors.js';
import { ask, type Connection } from './connect.js';
import { qualified, quoted, shown, type TableName } from './names.js';
import { readColumns } from './statements/read-columns.js';
import { readTable } from './statements/read-table.js';

/** How a table's value becomes a plan's. */
export type LookupKind = 'text' | 'textOrNull' | 'integer' | 'month';

/** A column of a look-up table and the plan's name for it. */
export interface LookupColumn {
  name: string;
  column: string;
  kind: LookupKind;
}

/** A row counts where the column has this value; compared as text. */
export interface LookupFilter {
  /** The first of these that the table has; where it has none, the filter does not apply. */
  columns: readonly string[];
  value: string;
}

/** A table that fills one field of the plan. Data only: pipelines declare them, this room reads them. */
export interface LookupTable {
  table: string;
  columns: readonly LookupColumn[];
  filters: readonly LookupFilter[];
  /** Column that fixes the order, and so which of two equal entries wins. */
  orderBy: string;
}

export type LookupRow = Record<string, string | number | null>;

/**
 * Reads a look-up table; null where it does not exist.
 *
 * Rows with no value in a column that must have one are left out: they match nothing.
 *
 * @throws RowmillError `SINK_TABLE_MISMATCH` where the table lacks a column
 */
export async function readLookup(connection: Connection, schema: string, lookup: LookupTable): Promise<LookupRow[] | null> {
  const table = { schema, name: lookup.table };
  if (!(await readTable(connection, table))) return null;
  const present = new Set((await readColumns(connection, table)).map((column) => column.name));
  refuseMissing(table, lookup, present);
  const values: string[] = [];
  const conditions = lookup.columns.filter(({ kind }) => kind !== 'textOrNull').map(({ column }) => `${quoted(column)} IS NOT NULL`);
  for (const filter of lookup.filters) {
    const column = filter.columns.find((name) => present.has(name));
    if (column) conditions.push(`${quoted(column)}::text = $${values.push(filter.value)}`);
  }
  const list = lookup.columns.map((column) => `${expression(column)} AS ${quoted(column.name)}`).join(', ');
  return ask<LookupRow>(
    connection,
    `reading ${shown(table)}`,
    `SELECT ${list} FROM ${qualified(table)} WHERE ${conditions.join(' AND ') || 'true'} ORDER BY ${quoted(lookup.orderBy)}`,
    values,
  );
}

/** An empty text stays one: an empty resource id matches pods whose resource id is empty. Months are those of the session's zone, which is UTC. */
function expression({ column, kind }: LookupColumn): string {
  switch (kind) {
    case 'text':
    case 'textOrNull':
      return `${quoted(column)}::text`;
    case 'integer':
      return `${quoted(column)}::int`;
    case 'month':
      return `to_char(${quoted(column)}, 'YYYY-MM')`;
  }
}

function refuseMissing(table: TableName, lookup: LookupTable, present: Set<string>): void {
  const missing = [...lookup.columns.map(({ column }) => column), lookup.orderBy].filter((column) => !present.has(column));
  if (missing.length === 0) return;
  throw new RowmillError({
    code: 'SINK_TABLE_MISMATCH',
    message: `${shown(table)} lacks the columns ${[...new Set(missing)].join(', ')}`,
    help: 'Add the columns, or take the values from the plan instead (lookups: plan).',
    retryable: false,
    place: {},
  });
}
