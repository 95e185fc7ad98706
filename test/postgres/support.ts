import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import type { TableDescription } from '#ts/addon.js';
import { type Connection, connect, disconnect, type EmbeddedServer, startEmbedded, withConnection } from '#ts/postgres/index.js';

/** Set by whoever starts one server for all test files; each file starts its own otherwise. */
const SHARED = process.env.ROWMILL_TEST_DATABASE;

let server: Promise<EmbeddedServer> | null = null;
after(async () => (await server)?.stop());

/** URL of a server's maintenance database; the server ends with the test file. */
export async function testServer(): Promise<string> {
  if (SHARED) return SHARED;
  server ??= startEmbedded();
  return (await server).url;
}

/** The URL of another database of the same server. */
export function databaseUrl(url: string, name: string, user?: { name: string; password: string }): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  if (user) [changed.username, changed.password] = [user.name, user.password];
  return changed.toString();
}

/** An empty database of its own; on a shared server it is dropped after the test. */
export async function freshDatabase(): Promise<string> {
  const maintenance = await testServer();
  const name = `t_${randomBytes(6).toString('hex')}`;
  await withConnection(maintenance, (connection) => connection.query(`CREATE DATABASE ${name}`));
  if (SHARED) after(() => withConnection(maintenance, (connection) => connection.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));
  return databaseUrl(maintenance, name);
}

/** Runs SQL in a session of its own and answers the rows. */
export async function sql<Row = Record<string, unknown>>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  return withConnection(url, async (connection) => (await connection.query(text, values)).rows as Row[]);
}

/** Opens a session that is closed after the test. */
export async function session(url: string): Promise<Connection> {
  const connection = await connect(url);
  after(() => disconnect(connection));
  return connection;
}

/** A user who may log in and nothing else. */
export async function restrictedUser(url: string): Promise<{ name: string; password: string; url: string }> {
  const name = `u_${randomBytes(6).toString('hex')}`;
  await sql(url, `CREATE ROLE ${name} LOGIN PASSWORD 'secret'`);
  return { name, password: 'secret', url: databaseUrl(url, new URL(url).pathname.slice(1), { name, password: 'secret' }) };
}

const column = (name: string, ddl: string, more: Partial<TableDescription['columns'][number]> = {}): TableDescription['columns'][number] => ({
  name,
  ddl,
  written: true,
  generated: false,
  key: true,
  nullable: true,
  inFile: null,
  ...more,
});

/** A small table with everything a real one has: partitions, a generated key, an unwritten column, an index. */
export const USAGE: TableDescription = {
  name: 'usage_summary',
  file: 'usage_summary',
  doc: 'Usage by day.',
  columns: [
    column('uuid', 'uuid', { generated: true, key: false, nullable: false }),
    column('period_id', 'integer'),
    column('usage_start', 'date', { nullable: false }),
    column('namespace', 'varchar(20)'),
    column('amount', 'numeric(33,15)', { key: false }),
    column('raw_cost', 'numeric(33,15)', { written: false, key: false }),
  ],
  primaryKey: ['uuid'],
  partitionBy: 'usage_start',
  indexes: [['btree', 'namespace varchar_pattern_ops']],
  deleteBy: 'period_id',
  deleteWhere: '(raw_cost IS NULL OR raw_cost = 0)',
};
