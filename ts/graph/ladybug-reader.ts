import {
  allEdgesIn,
  allNodesIn,
  byIdsIn,
  closeLadybug,
  columnsIn,
  edgesAtIn,
  edgesIn,
  hopsIn,
  inScopeIn,
  type LadybugPool,
  namedIn,
  nodesIn,
  openLadybug,
  reviewIn,
  searchIn,
  statsIn,
} from '../ladybug/index.js';
import type { StoredEdge, StoredNode } from './model.js';
import { withRetry } from './retry.js';
import type { EdgeFilter, GraphReader, GraphScope, GraphStats, NodeFilter, Review, Walk, WalkedEdge } from './sink.js';
import { walkLevels } from './walk-levels.js';

/** Another process that takes its log into the file keeps readers out for a moment. */
const SOON = { waitsMs: [20, 50, 100, 500] };

/** Reads the graph of a file that {@link LadybugSink} keeps, next to whoever writes it. */
export class LadybugReader implements GraphReader {
  readonly #pool: LadybugPool;

  private constructor(pool: LadybugPool) {
    this.#pool = pool;
  }

  /**
   * Opens the file; nothing is made or changed.
   *
   * @throws RowmillError where there is no such file, or the engine is not installed
   */
  static async open(file: string): Promise<LadybugReader> {
    return new LadybugReader(await withRetry(() => openLadybug(file, 'read'), SOON));
  }

  nodes(filter: NodeFilter, limit: number): Promise<StoredNode[]> {
    return this.#ask((pool) => nodesIn(pool, filter, limit));
  }

  edges(filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
    return this.#ask((pool) => edgesIn(pool, filter, limit));
  }

  search(words: readonly string[], limit: number): Promise<StoredNode[]> {
    return this.#ask((pool) => searchIn(pool, words, limit));
  }

  byIds(ids: readonly string[]): Promise<StoredNode[]> {
    return this.#ask((pool) => byIdsIn(pool, ids));
  }

  named(name: string): Promise<StoredNode[]> {
    return this.#ask((pool) => namedIn(pool, name));
  }

  columnsOf(assets: readonly string[], column?: string): Promise<StoredNode[]> {
    return this.#ask((pool) => columnsIn(pool, assets, column));
  }

  inScope(ids: readonly string[], scope: GraphScope): Promise<ReadonlySet<string>> {
    return this.#ask((pool) => inScopeIn(pool, ids, scope));
  }

  edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
    return this.#ask((pool) => edgesAtIn(pool, ids, side, types));
  }

  walk(walk: Walk): Promise<WalkedEdge[]> {
    const { includeRejected } = walk;
    return walkLevels((ids, side, types, limit) => this.#ask((pool) => hopsIn(pool, ids, side, types, { includeRejected, limit })), walk);
  }

  stats(): Promise<GraphStats> {
    return this.#ask(statsIn);
  }

  /** Waits for a process that writes. */
  review(review: Review): Promise<boolean> {
    return withRetry(() => reviewIn(this.#pool, review));
  }

  allNodes(): AsyncIterable<StoredNode> {
    return allNodesIn(this.#pool);
  }

  allEdges(): AsyncIterable<StoredEdge> {
    return allEdgesIn(this.#pool);
  }

  close(): Promise<void> {
    return closeLadybug(this.#pool);
  }

  #ask<T>(question: (pool: LadybugPool) => Promise<T>): Promise<T> {
    return withRetry(() => question(this.#pool), SOON);
  }
}
