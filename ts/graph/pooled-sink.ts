import type { GraphFile, GraphParts, GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { GraphItems, GraphSink, GraphStats, KnownFile, RunId, WriteCounts } from './sink.js';
import type { ToldWriting, WrittenParts } from './told-files.js';
import { noCounts, type Part, type PartOptions, type PartWriter, rangesOf, sumOf, writeParts } from './write-parts.js';

export interface PooledSinkOptions {
  /** Nodes or edges of one statement; what the place is best with where absent. */
  batchSize?: number;
  /** False to write each node and edge in a transaction of its own. Default: true. */
  isBatching?: boolean;
  retry?: RetryOptions;
  /** File for items that cannot be written; without one a write fails as a whole. */
  deadLetters?: string;
}

/** A place that keeps graphs with what files tell of them, and is asked through a pool. */
export interface GraphStore<Pool> {
  readonly name: string;
  /** Where it is, without passwords. */
  readonly database: string;
  /** Nodes or edges of one statement. */
  readonly batchSize: number;
  open(): Promise<Pool>;
  close(pool: Pool): Promise<void>;
  /** Makes what is missing. */
  prepare(pool: Pool): Promise<void>;
  known(pool: Pool): Promise<Map<string, KnownFile>>;
  replace(pool: Pool, files: readonly GraphFile[], parts: GraphParts, writing: ToldWriting): Promise<WrittenParts>;
  add(pool: Pool, files: readonly GraphFile[], parts: GraphParts, writing: ToldWriting): Promise<WrittenParts>;
  finish(pool: Pool, file: GraphFile): Promise<void>;
  remove(pool: Pool, names: readonly string[], writing: ToldWriting): Promise<number>;
  stats(pool: Pool): Promise<GraphStats>;
  clear(pool: Pool): Promise<void>;
}

/** Batches of a transaction, at least a file's: all of it has to fit into memory. */
const BATCHES_AT_ONCE = 20;

/** What sinks have in common whose place is asked through a pool. */
export class PooledSink<Pool> implements GraphSink {
  readonly name: string;
  readonly #store: GraphStore<Pool>;
  readonly #options: PooledSinkOptions;
  readonly #batchSize: number;
  #pool: Promise<Pool> | null = null;

  constructor(store: GraphStore<Pool>, options: PooledSinkOptions) {
    [this.name, this.#store, this.#options] = [store.name, store, options];
    this.#batchSize = options.isBatching === false ? 1 : (options.batchSize ?? store.batchSize);
  }

  async open(): Promise<void> {
    await this.#again((pool) => this.#store.prepare(pool));
  }

  known(): Promise<Map<string, KnownFile>> {
    return this.#again((pool) => this.#store.known(pool));
  }

  async write(source: GraphSource, from: number, to: number, run: RunId): Promise<WriteCounts> {
    let counts = noCounts();
    for (const [start, end] of rangesOf(source, from, to, this.#batchSize * BATCHES_AT_ONCE)) {
      counts = sumOf(counts, await writeParts(this.#writer(run), { source, from: start, to: end }, this.#partOptions()));
    }
    return counts;
  }

  async add(items: GraphItems, run: RunId): Promise<WriteCounts> {
    const written = await this.#again((pool) => this.#store.add(pool, items.files, items, this.#writing(run)));
    return { ...noCounts(), ...written, files: items.files.length };
  }

  async remove(files: readonly string[], run: RunId): Promise<WriteCounts> {
    return { ...noCounts(), files: await this.#again((pool) => this.#store.remove(pool, files, this.#writing(run))) };
  }

  stats(): Promise<GraphStats> {
    return this.#again((pool) => this.#store.stats(pool));
  }

  clear(): Promise<void> {
    return this.#again((pool) => this.#store.clear(pool));
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    // One that never opened has nothing to close, and its failure was told.
    await pool?.then(
      (opened) => this.#store.close(opened),
      () => undefined,
    );
  }

  #writing(run: RunId): ToldWriting {
    return { run, batchSize: this.#batchSize };
  }

  #writer(run: RunId): PartWriter {
    const writing = this.#writing(run);
    return {
      replace: ({ source, from, to, incomplete }: Part) =>
        this.#with(async (pool) =>
          this.#store.replace(pool, source.files().slice(from, to), await source.graph(from, to), { ...writing, incomplete }),
        ),
      add: (items) => this.#with((pool) => this.#store.add(pool, items.files, items, writing)),
      finish: (file) => this.#with((pool) => this.#store.finish(pool, file)),
    };
  }

  #partOptions(): PartOptions {
    const { retry, deadLetters, isBatching = true } = this.#options;
    return { sink: this.name, database: this.#store.database, retry, deadLetters, isOneByOne: !isBatching };
  }

  #again<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    return withRetry(() => this.#with(work), this.#options.retry);
  }

  /** A pool that could not be opened is opened anew the next time. */
  async #with<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    this.#pool ??= this.#store.open();
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
