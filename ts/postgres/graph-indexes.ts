import { PROJECT } from '../graph/scope.js';
import { ask, type Connection, change, inTransaction } from './connect.js';
import { quoted } from './names.js';
import { lockUntilCommit } from './statements/lock.js';

const DOING = 'indexing the lineage graph';

/** What each fact table is searched by. Of names, only those that identify something are indexed; a column is found by its asset. */
const INDEXES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lineage_flow_fact: { file: '(file)', src: '(src)', dst: '(dst)', via: '(via)' },
  lineage_column_fact: { file: '(file)', id: '(id)', asset: '(asset)' },
  lineage_edge_fact: { file: '(file)', src: '(src)', dst: '(dst)' },
  lineage_node_fact: {
    file: '(file)',
    id: '(id)',
    name: "(left(lower(name), 100)) WHERE kind NOT IN ('Transformation', 'Column')",
    project: `((props ->> '${PROJECT}')) WHERE kind = 'File'`,
  },
};

/** Tables of facts. */
export const FACT_TABLES = Object.keys(INDEXES);

/** Tables that lack an index, and whether any file is held. */
export async function missingIndexes(connection: Connection, schema: string): Promise<{ tables: string[]; isEmpty: boolean }> {
  const text = `SELECT ARRAY(SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'i') AS names,
    NOT EXISTS (SELECT FROM ${quoted(schema)}.lineage_file) AS "isEmpty"`;
  const [row] = await ask<{ names: string[]; isEmpty: boolean }>(connection, DOING, text, [quoted(schema)]);
  const held = new Set(row?.names);
  const tables = FACT_TABLES.filter((table) => Object.keys(INDEXES[table] ?? {}).some((of) => !held.has(`${table}_by_${of}`)));
  return { tables, isEmpty: row?.isEmpty ?? true };
}

/**
 * Makes the indexes of a table that are not there. Who reads is not hindered, and who writes waits.
 *
 * One table a transaction: who holds one table and waits for another can then lock nobody out.
 */
export async function indexFacts(connection: Connection, schema: string, table: string): Promise<void> {
  await inTransaction(connection, DOING, async () => {
    await lockUntilCommit(connection, `rowmill index ${schema} ${table}`);
    for (const [of, how] of Object.entries(INDEXES[table] ?? {})) {
      await change(connection, DOING, `CREATE INDEX IF NOT EXISTS ${quoted(`${table}_by_${of}`)} ON ${quoted(schema)}.${quoted(table)} ${how}`);
    }
  });
}

/** Lets go of the indexes of tables that were emptied: they are filled sooner without. */
export async function dropIndexes(connection: Connection, schema: string): Promise<void> {
  const names = FACT_TABLES.flatMap((table) => Object.keys(INDEXES[table] ?? {}).map((of) => `${quoted(schema)}.${quoted(`${table}_by_${of}`)}`));
  await change(connection, DOING, `DROP INDEX IF EXISTS ${names.join(', ')}`);
}
