import type { ContractTable } from '../addon.js';
import { type Connection, change } from './connect.js';
import { quoted, type TableName } from './names.js';

/** Column of a staging table that says which document of the batch a row is of. */
export const DOCUMENT = 'rowmill_document';

/** A table of a contract, where it lies, and the session's own table that its rows go through. */
export interface StagedTable {
  spec: ContractTable;
  target: TableName;
  staging: TableName;
}

/** The tables of a contract with the names of their staging tables. */
export function stagedTables(tables: readonly ContractTable[], schema: string): StagedTable[] {
  return tables.map((spec, at) => ({
    spec,
    target: { schema, name: spec.name },
    staging: { schema: 'pg_temp', name: `rowmill_stage_${at}` },
  }));
}

/** The columns that COPY writes into a staging table, in their order. */
export function stagedColumns({ spec }: StagedTable): { name: string; type: string }[] {
  return [{ name: DOCUMENT, type: 'integer' }, ...spec.columns.map(({ name, sqlType }) => ({ name, type: sqlType }))];
}

/**
 * Makes the staging tables of a session. Their columns take null everywhere: what a column of the target does not take is found when rows are
 * moved there, where a single document can be left out.
 */
export async function createStaging(connection: Connection, tables: readonly StagedTable[]): Promise<void> {
  for (const table of tables) {
    const columns = stagedColumns(table).map(({ name, type }) => `${quoted(name)} ${type}`);
    const text = `CREATE TEMP TABLE ${quoted(table.staging.name)} (${columns.join(', ')}) ON COMMIT DELETE ROWS`;
    await change(connection, 'making the staging tables of the session', text);
  }
}

/** Empties the staging tables in the middle of a transaction; at its end they are emptied anyway. */
export async function emptyStaging(connection: Connection, tables: readonly StagedTable[]): Promise<void> {
  if (tables.length === 0) return;
  const names = tables.map(({ staging }) => `pg_temp.${quoted(staging.name)}`);
  await change(connection, 'emptying the staging tables of the session', `TRUNCATE ${names.join(', ')}`);
}
