import {
  allEdgesIn,
  allNodesIn,
  byIdsIn,
  closeNeo4j,
  columnsIn,
  edgesAtIn,
  edgesIn,
  hopsIn,
  inScopeIn,
  type Neo4jPlace,
  type Neo4jPool,
  namedIn,
  nodesIn,
  openNeo4j,
  reviewIn,
  searchIn,
  statsIn,
} from '../neo4j/index.js';
import type { StoredEdge, StoredNode } from './model.js';
import type { EdgeFilter, GraphReader, GraphScope, GraphStats, NodeFilter, Review, Walk, WalkedEdge } from './sink.js';
import { walkLevels } from './walk-levels.js';

/** Reads a graph from Neo4j: one that {@link Neo4jSink} keeps, or an older one whose nodes have the label `Entity`. */
export class Neo4jReader implements GraphReader {
  readonly #pool: Neo4jPool;

  private constructor(pool: Neo4jPool) {
    this.#pool = pool;
  }

  /**
   * Connects; nothing is made or changed, so a user who may only read will do.
   *
   * @throws RowmillError where the server is away or refuses the login, or something of the place is not given
   */
  static async open(place: Neo4jPlace): Promise<Neo4jReader> {
    return new Neo4jReader(await openNeo4j(place));
  }

  nodes(filter: NodeFilter, limit: number): Promise<StoredNode[]> {
    return nodesIn(this.#pool, filter, limit);
  }

  edges(filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
    return edgesIn(this.#pool, filter, limit);
  }

  search(words: readonly string[], limit: number): Promise<StoredNode[]> {
    return searchIn(this.#pool, words, limit);
  }

  byIds(ids: readonly string[]): Promise<StoredNode[]> {
    return byIdsIn(this.#pool, ids);
  }

  named(name: string): Promise<StoredNode[]> {
    return namedIn(this.#pool, name);
  }

  columnsOf(assets: readonly string[], column?: string): Promise<StoredNode[]> {
    return columnsIn(this.#pool, assets, column);
  }

  inScope(ids: readonly string[], scope: GraphScope): Promise<ReadonlySet<string>> {
    return inScopeIn(this.#pool, ids, scope);
  }

  edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
    return edgesAtIn(this.#pool, ids, side, types);
  }

  walk(walk: Walk): Promise<WalkedEdge[]> {
    const { includeRejected } = walk;
    return walkLevels((ids, side, types, limit) => hopsIn(this.#pool, ids, side, types, { includeRejected, limit }), walk);
  }

  stats(): Promise<GraphStats> {
    return statsIn(this.#pool);
  }

  review(review: Review): Promise<boolean> {
    return reviewIn(this.#pool, review);
  }

  allNodes(): AsyncIterable<StoredNode> {
    return allNodesIn(this.#pool);
  }

  allEdges(): AsyncIterable<StoredEdge> {
    return allEdgesIn(this.#pool);
  }

  close(): Promise<void> {
    return closeNeo4j(this.#pool);
  }
}
