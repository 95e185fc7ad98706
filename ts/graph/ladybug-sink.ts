import {
  addToLadybug,
  clearLadybug,
  closeLadybug,
  filesInLadybug,
  finishInLadybug,
  type LadybugPool,
  makeTables,
  openLadybug,
  removeFromLadybug,
  replaceInLadybug,
  statsIn,
} from '../ladybug/index.js';
import type { GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { GraphItems, GraphSink, GraphStats, KnownFile, RunId, WriteCounts } from './sink.js';
import { noCounts, type Part, type PartOptions, type PartWriter, rangesOf, sumOf, writeParts } from './write-parts.js';

export interface LadybugSinkOptions {
  /** File of the graph; it is made where it is missing. */
  file: string;
  /** Nodes or edges of one statement. Default: 1000. */
  batchSize?: number;
  /** False to write each node and edge in a transaction of its own. Default: true. */
  isBatching?: boolean;
  retry?: RetryOptions;
  /** File for items that cannot be written; without one a write fails as a whole. */
  deadLetters?: string;
}

const BATCH_SIZE = 1000;
/** Batches of a transaction, at least a file's: all of it has to fit into the engine's buffers. */
const BATCHES_AT_ONCE = 20;

/** The graph in one file, kept by an engine in this process: no server. Writers of one process take turns; another process has to wait until they end. */
export class LadybugSink implements GraphSink {
  readonly name = 'ladybug';
  readonly #options: LadybugSinkOptions;
  readonly #batchSize: number;
  #pool: Promise<LadybugPool> | null = null;

  constructor(options: LadybugSinkOptions) {
    this.#options = options;
    this.#batchSize = options.isBatching === false ? 1 : (options.batchSize ?? BATCH_SIZE);
  }

  async open(): Promise<void> {
    await this.#again(makeTables);
  }

  known(): Promise<Map<string, KnownFile>> {
    return this.#again(filesInLadybug);
  }

  async write(source: GraphSource, from: number, to: number, run: RunId): Promise<WriteCounts> {
    let counts = noCounts();
    for (const [start, end] of rangesOf(source, from, to, this.#batchSize * BATCHES_AT_ONCE)) {
      counts = sumOf(counts, await writeParts(this.#writer(run), { source, from: start, to: end }, this.#partOptions()));
    }
    return counts;
  }

  async add(items: GraphItems, run: RunId): Promise<WriteCounts> {
    const written = await this.#again((pool) => addToLadybug(pool, items.files, items, { run, batchSize: this.#batchSize }));
    return { ...noCounts(), ...written, files: items.files.length };
  }

  async remove(files: readonly string[], run: RunId): Promise<WriteCounts> {
    return { ...noCounts(), files: await this.#again((pool) => removeFromLadybug(pool, files, { run, batchSize: this.#batchSize })) };
  }

  stats(): Promise<GraphStats> {
    return this.#again(statsIn);
  }

  clear(): Promise<void> {
    return this.#again(clearLadybug);
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    // One that never opened has nothing to close, and its failure was told.
    await pool?.then(closeLadybug, () => undefined);
  }

  #writer(run: RunId): PartWriter {
    const writing = { run, batchSize: this.#batchSize };
    return {
      replace: ({ source, from, to, incomplete }: Part) =>
        this.#with(async (pool) => replaceInLadybug(pool, source.files().slice(from, to), await source.graph(from, to), { ...writing, incomplete })),
      add: (items) => this.#with((pool) => addToLadybug(pool, items.files, items, writing)),
      finish: (file) => this.#with((pool) => finishInLadybug(pool, file)),
    };
  }

  #partOptions(): PartOptions {
    const { file, retry, deadLetters, isBatching = true } = this.#options;
    return { sink: this.name, database: file, retry, deadLetters, isOneByOne: !isBatching };
  }

  #again<T>(work: (pool: LadybugPool) => Promise<T>): Promise<T> {
    return withRetry(() => this.#with(work), this.#options.retry);
  }

  /** A file that could not be opened is opened anew the next time. */
  async #with<T>(work: (pool: LadybugPool) => Promise<T>): Promise<T> {
    this.#pool ??= openLadybug(this.#options.file, 'write');
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
