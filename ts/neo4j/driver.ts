import { RowmillError } from '../errors.js';

/** As much as is used of the package neo4j-driver, which need not be installed where this is compiled. */
export interface Neo4jDriver {
  verifyConnectivity(options: { database: string }): Promise<unknown>;
  session(options: { database: string }): Neo4jSession;
  close(): Promise<void>;
}

interface Neo4jSession {
  beginTransaction(options: { timeout: number }): Promise<OpenTransaction>;
  close(): Promise<void>;
}

interface OpenTransaction extends Neo4jTransaction {
  commit(): Promise<void>;
  rollback(): Promise<void>;
  isOpen(): boolean;
}

/** What statements are sent to. */
export interface Neo4jTransaction {
  run(text: string, values: Record<string, unknown>): Promise<{ records: { toObject(): object }[] }>;
}

interface DriverPackage {
  auth: { basic(username: string, password: string): unknown };
  driver(uri: string, auth: unknown, options: Record<string, unknown>): Neo4jDriver;
}

const PACKAGE: string = 'neo4j-driver';

/**
 * Loads the driver when it is first needed: most graphs are not kept in Neo4j.
 *
 * @throws RowmillError `SINK_DRIVER_MISSING`
 */
export async function importDriver(): Promise<DriverPackage> {
  try {
    return ((await import(PACKAGE)) as { default: DriverPackage }).default;
  } catch (error) {
    const help = 'Install it next to rowmill: npm install neo4j-driver@6';
    const message = 'the package neo4j-driver is not installed, or does not load';
    throw new RowmillError({ code: 'SINK_DRIVER_MISSING', message, help, retryable: false, place: {} }, { cause: error });
  }
}
