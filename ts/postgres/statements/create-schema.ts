import { ask, type Connection, change } from '../connect.js';
import { quoted } from '../names.js';

/** Creates the schema where it is missing; an existing one needs no right to create. */
export async function ensureSchema(connection: Connection, schema: string): Promise<void> {
  if (await schemaExists(connection, schema)) return;
  await change(connection, `creating the schema ${schema}`, `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
}

export async function schemaExists(connection: Connection, schema: string): Promise<boolean> {
  const rows = await ask(connection, `looking for the schema ${schema}`, 'SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  return rows.length > 0;
}
