import type pg from 'pg';
import { databaseError } from './failures.js';

/** One session of the server. Only the functions of this room use what is inside. */
export type Connection = pg.Client;

const SETTINGS = {
  /** Long enough for a server across an ocean, short enough for a wrong host name. */
  connectTimeoutMs: 10_000,
  /** Seconds without an answer after which the server asks whether the client still lives: a dead client's locks go after about a minute. */
  keepaliveIdleSeconds: 30,
  keepaliveIntervalSeconds: 10,
  keepaliveTries: 3,
};

/** Host, port, database and user of a URL: what errors show. Never the password. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname, username } = new URL(url);
    const user = username ? `${decodeURIComponent(username)}@` : '';
    return `${user}${hostname || 'localhost'}:${port || '5432'}${pathname || '/'}`;
  } catch {
    return 'the database of database.url, which is not a URL of the form postgres://user:password@host:port/database';
  }
}

/**
 * Opens a session.
 *
 * @throws RowmillError `SINK_DATABASE_UNREACHABLE` (refused, unknown host, timeout), `SINK_LOGIN_REFUSED` (user, password, database, TLS)
 */
export async function connect(url: string): Promise<Connection> {
  const doing = `connecting to ${describeUrl(url)}`;
  try {
    // Loaded when first needed: it takes longer than everything else together.
    const { default: driver } = await import('pg');
    const client = new driver.Client({
      connectionString: libpqMeaning(url),
      connectionTimeoutMillis: SETTINGS.connectTimeoutMs,
      keepAlive: true,
      application_name: 'rowmill',
    });
    // A session that breaks between two statements has nobody waiting; the next statement fails and says so.
    client.on('error', () => undefined);
    await client.connect();
    await client.query(sessionSettings());
    return client;
  } catch (error) {
    throw databaseError(error, doing);
  }
}

/** `sslmode` means what it means to psql and every other tool: `require` encrypts, `verify-full` also checks who is there. */
function libpqMeaning(url: string): string {
  return /[?&]sslmode=/.test(url) && !/[?&]uselibpqcompat=/.test(url) ? `${url}&uselibpqcompat=true` : url;
}

/** Days and months are read as text in UTC; a dead client is noticed in about a minute, not in the two hours of most systems. */
function sessionSettings(): string {
  return [
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    `SET tcp_keepalives_idle = ${SETTINGS.keepaliveIdleSeconds}`,
    `SET tcp_keepalives_interval = ${SETTINGS.keepaliveIntervalSeconds}`,
    `SET tcp_keepalives_count = ${SETTINGS.keepaliveTries}`,
  ].join('; ');
}

/** Closes a session; one that is broken already is left as it is. */
export async function disconnect(connection: Connection): Promise<void> {
  await connection.end().catch(() => undefined);
}

/** Opens a session for the length of `work`. */
export async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  try {
    return await work(connection);
  } finally {
    await disconnect(connection);
  }
}

/**
 * Runs one statement.
 *
 * @param doing what it is for, as the beginning of an error's sentence
 */
export async function ask<Row extends object>(connection: Connection, doing: string, text: string, values: unknown[] = []): Promise<Row[]> {
  return (await send<Row>(connection, doing, text, values)).rows;
}

/** Runs one statement and answers the number of rows it changed. */
export async function change(connection: Connection, doing: string, text: string, values: unknown[] = []): Promise<number> {
  return (await send(connection, doing, text, values)).rowCount ?? 0;
}

async function send<Row extends object>(connection: Connection, doing: string, text: string, values: unknown[]) {
  try {
    return await connection.query<Row & pg.QueryResultRow>(text, values);
  } catch (error) {
    throw databaseError(error, doing);
  }
}

/** Runs `work` between BEGIN and COMMIT; anything it throws is rolled back and thrown on. */
export async function inTransaction<T>(connection: Connection, doing: string, work: () => Promise<T>): Promise<T> {
  await change(connection, doing, 'BEGIN');
  try {
    const answer = await work();
    await change(connection, doing, 'COMMIT');
    return answer;
  } catch (error) {
    // A broken session has rolled back by itself; its refusal would hide the reason.
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
