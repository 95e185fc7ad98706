import { ask, type Connection } from '../connect.js';
import { qualified, type TableName } from '../names.js';

/** A column as the catalog describes it. */
export interface CatalogColumn {
  name: string;
  /** With length or precision: `numeric(33,15)`, `character varying(253)`. */
  type: string;
  notNull: boolean;
  /** Has a default, is an identity, or is generated. */
  filled: boolean;
  /** `GENERATED ALWAYS AS (...) STORED`: may not be written. */
  computed: boolean;
}

/** The columns of a table, in its order. */
export async function readColumns(connection: Connection, table: TableName): Promise<CatalogColumn[]> {
  return ask<CatalogColumn>(
    connection,
    `reading the columns of ${qualified(table)}`,
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
            (a.atthasdef OR a.attidentity <> '') AS filled, a.attgenerated <> '' AS computed
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum`,
    [table.schema, table.name],
  );
}
