/** A table by schema and name, both as the catalog spells them. */
export interface TableName {
  schema: string;
  name: string;
}

/** An identifier in double quotes, safe in any statement. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A text in single quotes, for the few places where DDL takes no parameter. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Schema and name, both quoted. */
export function qualified(table: TableName): string {
  return `${quoted(table.schema)}.${quoted(table.name)}`;
}

/** Schema and name as people write them. */
export function shown(table: TableName): string {
  return `${table.schema}.${table.name}`;
}

/**
 * Splits `schema.table`; a name without a dot lies in `schema`.
 *
 * Quotes are not interpreted: rowmill's own names need none.
 */
export function parseTableName(text: string, schema: string): TableName {
  const dot = text.indexOf('.');
  return dot < 0 ? { schema, name: text } : { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}
