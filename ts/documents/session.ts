import { RowmillError } from '../errors.js';
import { type Connection, connect, createStaging, disconnect, type StagedTable } from '../postgres/index.js';

/** A connection with staging tables, opened when it is first needed and again after it was lost. */
export class Session {
  readonly #url: string;
  readonly #tables: readonly StagedTable[];
  #connection: Connection | null = null;

  constructor(url: string, tables: readonly StagedTable[]) {
    this.#url = url;
    this.#tables = tables;
  }

  async open(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const connection = await connect(this.#url);
    try {
      await createStaging(connection, this.#tables);
    } catch (error) {
      await disconnect(connection);
      throw error;
    }
    this.#connection = connection;
    return connection;
  }

  /** Ends the connection, and with it the transaction and its claims. Safe to call twice. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    if (connection) await disconnect(connection);
  }
}

/** The failure of a run that was asked to stop. */
export function cancelled(): RowmillError {
  return new RowmillError({
    code: 'RUN_CANCELLED',
    message: 'the run was stopped; what was committed stays, and the documents of open batches are free again',
    help: 'Run the same command again: it goes on where this one stopped.',
    retryable: true,
    place: {},
  });
}
