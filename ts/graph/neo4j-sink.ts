import {
  addToNeo4j,
  clearNeo4j,
  closeNeo4j,
  describeNeo4j,
  filesInNeo4j,
  finishInNeo4j,
  makeSchema,
  type Neo4jPlace,
  type Neo4jPool,
  openNeo4j,
  removeFromNeo4j,
  replaceInNeo4j,
  statsIn,
} from '../neo4j/index.js';
import type { GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { GraphItems, GraphSink, GraphStats, KnownFile, RunId, WriteCounts } from './sink.js';
import { noCounts, type Part, type PartOptions, type PartWriter, rangesOf, sumOf, writeParts } from './write-parts.js';

export type { Neo4jPlace };

export interface Neo4jSinkOptions extends Neo4jPlace {
  /** Nodes or edges of one statement. Default: 500. */
  batchSize?: number;
  /** False to write each node and edge in a transaction of its own. Default: true. */
  isBatching?: boolean;
  retry?: RetryOptions;
  /** File for items that cannot be written; without one a write fails as a whole. */
  deadLetters?: string;
}

const BATCH_SIZE = 500;
/** Batches of a transaction, at least a file's: all of it has to fit into the server's memory. */
const BATCHES_AT_ONCE = 20;

/** The graph in a database of Neo4j, one node for each node and one relationship for each edge. Writers wait for each other. */
export class Neo4jSink implements GraphSink {
  readonly name = 'neo4j';
  readonly #options: Neo4jSinkOptions;
  readonly #batchSize: number;
  #pool: Promise<Neo4jPool> | null = null;

  constructor(options: Neo4jSinkOptions) {
    this.#options = options;
    this.#batchSize = options.isBatching === false ? 1 : (options.batchSize ?? BATCH_SIZE);
  }

  async open(): Promise<void> {
    await this.#again(makeSchema);
  }

  known(): Promise<Map<string, KnownFile>> {
    return this.#again(filesInNeo4j);
  }

  async write(source: GraphSource, from: number, to: number, run: RunId): Promise<WriteCounts> {
    let counts = noCounts();
    for (const [start, end] of rangesOf(source, from, to, this.#batchSize * BATCHES_AT_ONCE)) {
      counts = sumOf(counts, await writeParts(this.#writer(run), { source, from: start, to: end }, this.#partOptions()));
    }
    return counts;
  }

  async add(items: GraphItems, run: RunId): Promise<WriteCounts> {
    const written = await this.#again((pool) => addToNeo4j(pool, items.files, items, { run, batchSize: this.#batchSize }));
    return { ...noCounts(), ...written, files: items.files.length };
  }

  async remove(files: readonly string[], run: RunId): Promise<WriteCounts> {
    return { ...noCounts(), files: await this.#again((pool) => removeFromNeo4j(pool, files, { run, batchSize: this.#batchSize })) };
  }

  stats(): Promise<GraphStats> {
    return this.#again(statsIn);
  }

  clear(): Promise<void> {
    return this.#again(clearNeo4j);
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    // One that never opened has nothing to close, and its failure was told.
    await pool?.then(closeNeo4j, () => undefined);
  }

  #writer(run: RunId): PartWriter {
    const writing = { run, batchSize: this.#batchSize };
    return {
      replace: ({ source, from, to, incomplete }: Part) =>
        this.#with(async (pool) => replaceInNeo4j(pool, source.files().slice(from, to), await source.graph(from, to), { ...writing, incomplete })),
      add: (items) => this.#with((pool) => addToNeo4j(pool, items.files, items, writing)),
      finish: (file) => this.#with((pool) => finishInNeo4j(pool, file)),
    };
  }

  #partOptions(): PartOptions {
    const { retry, deadLetters, isBatching = true } = this.#options;
    return { sink: this.name, database: describeNeo4j(this.#options), retry, deadLetters, isOneByOne: !isBatching };
  }

  #again<T>(work: (pool: Neo4jPool) => Promise<T>): Promise<T> {
    return withRetry(() => this.#with(work), this.#options.retry);
  }

  /** A pool that could not be opened is opened anew the next time. */
  async #with<T>(work: (pool: Neo4jPool) => Promise<T>): Promise<T> {
    this.#pool ??= openNeo4j(this.#options);
    const opening = this.#pool;
    try {
      return await work(await opening);
    } catch (error) {
      await opening.catch(() => {
        if (this.#pool === opening) this.#pool = null;
      });
      throw error;
    }
  }
}
