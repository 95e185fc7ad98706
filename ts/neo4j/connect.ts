import { RowmillError } from '../errors.js';
import { importDriver, type Neo4jDriver, type Neo4jTransaction } from './driver.js';
import { neo4jError } from './failures.js';

/** Where a graph of Neo4j is, and who asks. All are needed; there is no password that is taken for granted. */
export interface Neo4jPlace {
  /** `neo4j://`, `bolt://`, or with `+s` for TLS. */
  uri: string;
  username: string;
  password: string;
  /** Default: neo4j. */
  database?: string;
}

/** A pool of connections to one database. Only the functions of this room use what is inside. */
export interface Neo4jPool {
  readonly driver: Neo4jDriver;
  readonly database: string;
}

const SETTINGS = {
  connectTimeoutMs: 10_000,
  /** Connections are made anew after an hour, so that servers behind a balancer may change. */
  lifetimeMs: 3_600_000,
  /** A writer whose machine vanished must not keep the others waiting for ever. */
  transactionMs: 600_000,
};

/** Host, database and user: what errors show. Never the password. */
export function describeNeo4j({ uri, username, database }: Neo4jPlace): string {
  const bare = uri.replace(/\/\/[^@/]*@/, '//');
  return `${username}@${bare}/${database ?? 'neo4j'}`;
}

/**
 * Connects, and has the server answer.
 *
 * @throws RowmillError `PLAN_INVALID` where something is not given, `SINK_DRIVER_MISSING`, `SINK_DATABASE_UNREACHABLE`, `SINK_LOGIN_REFUSED`
 */
export async function openNeo4j(place: Neo4jPlace): Promise<Neo4jPool> {
  demand(place);
  const { uri, username, password, database = 'neo4j' } = place;
  const neo4j = await importDriver();
  const doing = `connecting to ${describeNeo4j(place)}`;
  let driver: Neo4jDriver;
  try {
    driver = neo4j.driver(uri, neo4j.auth.basic(username, password), {
      connectionTimeout: SETTINGS.connectTimeoutMs,
      maxConnectionLifetime: SETTINGS.lifetimeMs,
      disableLosslessIntegers: true,
      telemetryDisabled: true,
      userAgent: 'rowmill',
    });
  } catch (error) {
    throw invalid(`the URI of Neo4j cannot be used: ${(error as Error).message}`, 'Use neo4j://host:7687 or bolt://host:7687; with +s for TLS.');
  }
  try {
    await driver.verifyConnectivity({ database });
    // A server answers for databases that it has not: only a question tells.
    await inNeo4j({ driver, database }, doing, (transaction) => rowsOf(transaction, 'RETURN 1 AS one'));
    return { driver, database };
  } catch (error) {
    await driver.close();
    throw neo4jError(error, doing, false);
  }
}

function demand({ uri, username, password }: Neo4jPlace): void {
  const missing = Object.entries({ NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password }).filter(([, value]) => !value);
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name).join(', ');
  throw invalid(`Neo4j needs URI, user and password; ${names} is not given`, 'Set these environment variables; the URI may be an option, too.');
}

function invalid(message: string, help: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: {} });
}

/** Closes all connections; safe to call twice. */
export async function closeNeo4j({ driver }: Neo4jPool): Promise<void> {
  await driver.close();
}

/**
 * Runs `work` in a transaction, once; anything it throws is rolled back and thrown on.
 *
 * @param doing what it is for, as the beginning of an error's sentence
 */
export async function inNeo4j<T>({ driver, database }: Neo4jPool, doing: string, work: (transaction: Neo4jTransaction) => Promise<T>): Promise<T> {
  const session = driver.session({ database });
  try {
    const transaction = await session.beginTransaction({ timeout: SETTINGS.transactionMs });
    try {
      const answer = await work(transaction);
      await transaction.commit();
      return answer;
    } finally {
      if (transaction.isOpen()) await transaction.rollback().catch(() => undefined);
    }
  } catch (error) {
    throw neo4jError(error, doing, true);
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** Runs one statement and answers its rows. */
export async function rowsOf<Row extends object>(transaction: Neo4jTransaction, text: string, values: Record<string, unknown> = {}): Promise<Row[]> {
  const { records } = await transaction.run(text, values);
  return records.map((record) => record.toObject() as Row);
}

/** Runs one statement over many rows, a batch of them at a time: `UNWIND $rows AS r` comes before it. */
export async function overRows<Row extends object>(
  transaction: Neo4jTransaction,
  rows: readonly unknown[],
  batchSize: number,
  text: string,
  values: Record<string, unknown> = {},
): Promise<Row[]> {
  const answers: Row[] = [];
  for (let at = 0; at < rows.length; at += batchSize) {
    const batch = rows.slice(at, at + batchSize);
    answers.push(...(await rowsOf<Row>(transaction, `UNWIND $rows AS r ${text}`, { ...values, rows: batch })));
  }
  return answers;
}

/** A label, type or property as Cypher takes it whatever its characters. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('\0', '').replaceAll('`', '``')}\``;
}
