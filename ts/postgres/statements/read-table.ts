import { ask, type Connection } from '../connect.js';
import { qualified, type TableName } from '../names.js';

export interface TableRow {
  /** `r` table, `p` partitioned table, `v` view, `m` materialised view, `f` foreign table. */
  kind: string;
  /** Partition key as the server prints it, for example `RANGE (usage_start)`; null where not partitioned. */
  partitionKey: string | null;
}

/** What kind of relation this is; null where there is none, or where the schema is missing. */
export async function readTable(connection: Connection, table: TableName): Promise<TableRow | null> {
  const rows = await ask<TableRow>(
    connection,
    `looking for ${qualified(table)}`,
    `SELECT c.relkind AS kind, pg_get_partkeydef(c.oid) AS "partitionKey"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [table.schema, table.name],
  );
  return rows[0] ?? null;
}
