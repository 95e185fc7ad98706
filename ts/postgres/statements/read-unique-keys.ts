import { ask, type Connection } from '../connect.js';
import { qualified, type TableName } from '../names.js';

/** The columns of each unique key of a table, sorted by name; keys with a condition or an expression are left out. */
export async function readUniqueKeys(connection: Connection, table: TableName): Promise<string[][]> {
  const rows = await ask<{ columns: string[] }>(
    connection,
    `reading the keys of ${qualified(table)}`,
    `SELECT array_agg(a.attname::text ORDER BY a.attname) AS columns
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey::smallint[])
     WHERE n.nspname = $1 AND c.relname = $2 AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
     GROUP BY i.indexrelid`,
    [table.schema, table.name],
  );
  return rows.map(({ columns }) => columns);
}
