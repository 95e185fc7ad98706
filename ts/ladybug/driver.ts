import { RowmillError } from '../errors.js';

/** As much as is used of the package @ladybugdb/core, which need not be installed where this is compiled. */
export interface LadybugDatabase {
  close(): Promise<void>;
}

export interface LadybugConnection {
  prepare(text: string): Promise<PreparedStatement>;
  execute(statement: PreparedStatement, values: Record<string, unknown>): Promise<QueryResult | QueryResult[]>;
  close(): Promise<void>;
}

interface PreparedStatement {
  isSuccess(): boolean;
  getErrorMessage(): string;
}

interface QueryResult {
  getAll(): Promise<object[]>;
  close(): void;
}

/** A size of 0 is what the engine has for a default. */
type DatabaseSettings = [
  bufferBytes: number,
  isCompressed: boolean,
  isReadOnly: boolean,
  mostBytes: 0,
  takesLogIn: boolean,
  logBytes: number,
  demandsWholeLog: boolean,
  hasChecksums: boolean,
];

interface DriverPackage {
  Database: new (path: string, ...settings: DatabaseSettings) => LadybugDatabase;
  Connection: new (database: LadybugDatabase) => LadybugConnection;
}

const PACKAGE: string = '@ladybugdb/core';

/**
 * Loads the engine when it is first needed: it is large, and most graphs are kept elsewhere.
 *
 * @throws RowmillError `SINK_DRIVER_MISSING`
 */
export async function importEngine(): Promise<DriverPackage> {
  try {
    return ((await import(PACKAGE)) as { default: DriverPackage }).default;
  } catch (error) {
    const help = 'Install it next to rowmill: npm install @ladybugdb/core@0.19';
    const message = 'the package @ladybugdb/core is not installed, or does not load';
    throw new RowmillError({ code: 'SINK_DRIVER_MISSING', message, help, retryable: false, place: {} }, { cause: error });
  }
}
