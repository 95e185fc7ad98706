import { ask, type Connection } from '../connect.js';
import { qualified, type TableName } from '../names.js';

/** Which of the rights on a table the user has. */
export interface TableRights {
  select: boolean;
  insert: boolean;
  delete: boolean;
  /** Member of the role that owns it: may add partitions. */
  owner: boolean;
}

/** Rights on an existing table. */
export async function readTableRights(connection: Connection, table: TableName): Promise<TableRights> {
  const rows = await ask<TableRights>(
    connection,
    `reading the rights on ${qualified(table)}`,
    `SELECT has_table_privilege(c.oid, 'SELECT') AS select, has_table_privilege(c.oid, 'INSERT') AS insert,
            has_table_privilege(c.oid, 'DELETE') AS delete, pg_has_role(c.relowner, 'USAGE') AS owner
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [table.schema, table.name],
  );
  return rows[0] ?? { select: false, insert: false, delete: false, owner: false };
}

/** Whether the user may create tables in a schema (null: there is no such schema) and schemas in the database. */
export async function readCreateRights(connection: Connection, schema: string): Promise<{ inSchema: boolean | null; inDatabase: boolean }> {
  const rows = await ask<{ inSchema: boolean | null; inDatabase: boolean }>(
    connection,
    `reading the rights on the schema ${schema}`,
    `SELECT (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1) AS "inSchema",
            has_database_privilege(current_database(), 'CREATE') AS "inDatabase"`,
    [schema],
  );
  return rows[0] ?? { inSchema: null, inDatabase: false };
}
