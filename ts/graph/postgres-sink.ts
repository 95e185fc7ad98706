import {
  addToGraph,
  type Connection,
  clearGraph,
  connect,
  describeUrl,
  disconnect,
  finishFile,
  type GraphPart,
  graphStats,
  indexFacts,
  knownFiles,
  migrateLedger,
  missingIndexes,
  removeFromGraph,
  unmatchedEnds,
  writeGraph,
} from '../postgres/index.js';
import { MemoryGraph } from './memory.js';
import type { GraphFile, GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { GraphItems, GraphSink, GraphStats, KnownFile, RunId, WriteCounts } from './sink.js';
import { noCounts, type PartOptions, type PartWriter, rangesOf, sumOf, type WrittenPart, writeParts } from './write-parts.js';

export interface PostgresSinkOptions {
  url: string;
  /** Schema of the tables. Default: rowmill. */
  schema?: string;
  retry?: RetryOptions;
  /** File for items that cannot be written; without one a write fails as a whole. */
  deadLetters?: string;
  /** Nodes and edges of a transaction, at least a file's; as many as are handed over at once where it is not said. */
  batchSize?: number;
  /** False to write each node and edge on its own. Default: true. */
  isBatching?: boolean;
  /** Whether to count ends of edges that are no node. Default: true. */
  checkEnds?: boolean;
}

/** The graph in tables of PostgreSQL. As many sessions are opened as writes are in flight at once. */
export class PostgresSink implements GraphSink {
  readonly name = 'postgres';
  readonly #options: PostgresSinkOptions;
  readonly #schema: string;
  readonly #idle: Connection[] = [];
  /** Tables whose indexes are made when all is written: those of a graph that was empty. */
  #unindexed: string[] = [];
  #hasWritten = false;
  #isClosed = false;

  constructor(options: PostgresSinkOptions) {
    this.#options = options;
    this.#schema = options.schema ?? 'rowmill';
  }

  async open(): Promise<void> {
    await this.#again((connection) => migrateLedger(connection, this.#schema));
    const { tables, isEmpty } = await this.#again((connection) => missingIndexes(connection, this.#schema));
    if (isEmpty) this.#unindexed = tables;
    // A run that was killed has left rows without their indexes.
    else await this.#index(tables);
  }

  /** Two tables at a time. */
  async #index(tables: readonly string[]): Promise<void> {
    const left = [...tables];
    const next = async (): Promise<void> => {
      for (let table = left.shift(); table !== undefined; table = left.shift()) await this.#indexOne(table);
    };
    await Promise.all([next(), next()]);
  }

  #indexOne(table: string): Promise<void> {
    return this.#again((connection) => indexFacts(connection, this.#schema, table));
  }

  known(): Promise<Map<string, KnownFile>> {
    return this.#again((connection) => knownFiles(connection, this.#schema));
  }

  async write(source: GraphSource, from: number, to: number, run: RunId): Promise<WriteCounts> {
    this.#hasWritten = true;
    let counts = noCounts();
    for (const [start, end] of rangesOf(source, from, to, this.#options.batchSize)) {
      counts = sumOf(counts, await writeParts(this.#writer(run), { source, from: start, to: end }, this.#partOptions()));
    }
    return counts;
  }

  #writer(run: RunId): PartWriter {
    return {
      replace: (part) => this.#with((connection) => writeGraph(connection, this.#part(part, run))),
      add: (items) => this.#with((connection) => this.#added(connection, items, run)),
      finish: (file: GraphFile) => this.#with((connection) => finishFile(connection, this.#schema, file)),
    };
  }

  async #added(connection: Connection, items: GraphItems, run: RunId): Promise<WrittenPart> {
    const source = new MemoryGraph(items, items.files);
    const written = await addToGraph(connection, this.#part({ source, from: 0, to: items.files.length }, run));
    return { ...written, unmatched: this.#options.checkEnds === false ? 0 : await unmatchedEnds(connection, this.#schema, items.edges) };
  }

  async add(items: GraphItems, run: RunId): Promise<WriteCounts> {
    const written = await this.#again((connection) => this.#added(connection, items, run));
    return { ...noCounts(), ...written, files: items.files.length };
  }

  async remove(files: readonly string[], _run: RunId): Promise<WriteCounts> {
    return { ...noCounts(), files: await this.#again((connection) => removeFromGraph(connection, this.#schema, files)) };
  }

  stats(): Promise<GraphStats> {
    return this.#again((connection) => graphStats(connection, this.#schema));
  }

  clear(): Promise<void> {
    return this.#again((connection) => clearGraph(connection, this.#schema));
  }

  /** Makes what indexes are missing once there is something to index. */
  async settle(): Promise<void> {
    if (this.#hasWritten) await this.#index(this.#unindexed.splice(0));
  }

  async close(): Promise<void> {
    try {
      await this.settle();
    } finally {
      await this.#disconnect();
    }
  }

  async #disconnect(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#idle.splice(0).map(disconnect));
  }

  #part(part: Pick<GraphPart, 'source' | 'from' | 'to'>, run: RunId): GraphPart {
    return { ...part, schema: this.#schema, run, checkEnds: this.#options.checkEnds ?? true };
  }

  #partOptions(): PartOptions {
    const { url, retry, deadLetters, isBatching = true } = this.#options;
    return { sink: this.name, database: describeUrl(url), retry, deadLetters, isOneByOne: !isBatching };
  }

  #again<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return withRetry(() => this.#with(work), this.#options.retry);
  }

  /** A session that failed is not used again: it may be broken. */
  async #with<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await connect(this.#options.url));
    try {
      const answer = await work(connection);
      if (!this.#isClosed) this.#idle.push(connection);
      else await disconnect(connection);
      return answer;
    } catch (error) {
      await disconnect(connection);
      throw error;
    }
  }
}
