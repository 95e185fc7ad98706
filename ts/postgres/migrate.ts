import { readdir, readFile } from 'node:fs/promises';
import { ask, type Connection, change, inTransaction } from './connect.js';
import { quoted } from './names.js';
import { ensureSchema } from './statements/create-schema.js';
import { lockUntilCommit } from './statements/lock.js';
import { readTable } from './statements/read-table.js';

/** The package ships the numbered files where they are written; compiled code lies as deep below the root as its source. */
const FOLDER = new URL('../../ts/postgres/migrations/', import.meta.url);

/** The numbers of the migration files, ascending. */
async function shippedMigrations(): Promise<number[]> {
  const names = await readdir(FOLDER);
  return names
    .filter((name) => /^\d{6}\.sql$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/**
 * Brings the ledger of this schema to the newest form; safe when several processes do it at once.
 *
 * A ledger that is up to date needs no right to create anything.
 */
export async function migrateLedger(connection: Connection, schema: string): Promise<void> {
  const shipped = await shippedMigrations();
  if ((await appliedMigration(connection, schema)) >= (shipped.at(-1) ?? 0)) return;
  await inTransaction(connection, `creating the ledger in the schema ${schema}`, async () => {
    await lockUntilCommit(connection, `rowmill migrate ${schema}`);
    const applied = await appliedMigration(connection, schema);
    await ensureSchema(connection, schema);
    for (const number of shipped.filter((each) => each > applied)) await applyMigration(connection, schema, number);
  });
}

async function applyMigration(connection: Connection, schema: string, number: number): Promise<void> {
  const doing = `creating the ledger in the schema ${schema} (step ${number})`;
  const text = await readFile(new URL(`${String(number).padStart(6, '0')}.sql`, FOLDER), 'utf8');
  await change(connection, doing, text.replaceAll(':schema', quoted(schema)));
  await change(
    connection,
    doing,
    `CREATE TABLE IF NOT EXISTS ${quoted(schema)}.migration (number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  await change(connection, doing, `INSERT INTO ${quoted(schema)}.migration (number) VALUES ($1)`, [number]);
}

/** Number of the newest migration applied; 0 where there is no ledger. */
export async function appliedMigration(connection: Connection, schema: string): Promise<number> {
  if (!(await readTable(connection, { schema, name: 'migration' }))) return 0;
  const rows = await ask<{ number: number | null }>(
    connection,
    `reading the version of the ledger in the schema ${schema}`,
    `SELECT max(number) AS number FROM ${quoted(schema)}.migration`,
  );
  return rows[0]?.number ?? 0;
}
