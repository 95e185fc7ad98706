import {
  beginReading,
  type Connection,
  columnsOf,
  connect,
  disconnect,
  edgesAt,
  everyEdge,
  everyNode,
  graphStats,
  migrateLedger,
  nodesById,
  nodesInScope,
  nodesNamed,
  reviewEdge,
  searchNodes,
  selectEdges,
  selectNodes,
  walkGraph,
} from '../postgres/index.js';
import type { StoredEdge, StoredNode } from './model.js';
import type { EdgeFilter, GraphReader, GraphScope, GraphStats, NodeFilter, Review, Walk, WalkedEdge } from './sink.js';

/** Reads a graph from tables of PostgreSQL, over one session; questions that come together wait for each other. */
export class PostgresReader implements GraphReader {
  readonly #connection: Connection;
  readonly #url: string;
  readonly #schema: string;

  private constructor(connection: Connection, url: string, schema: string) {
    this.#connection = connection;
    this.#url = url;
    this.#schema = schema;
  }

  /** @throws RowmillError where the database is away or refuses the login */
  static async open(url: string, schema = 'rowmill'): Promise<PostgresReader> {
    const connection = await connect(url);
    try {
      await migrateLedger(connection, schema);
    } catch (error) {
      await disconnect(connection);
      throw error;
    }
    return new PostgresReader(connection, url, schema);
  }

  nodes(filter: NodeFilter, limit: number): Promise<StoredNode[]> {
    return selectNodes(this.#connection, this.#schema, filter, limit);
  }

  edges(filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
    return selectEdges(this.#connection, this.#schema, filter, limit);
  }

  search(words: readonly string[], limit: number): Promise<StoredNode[]> {
    return searchNodes(this.#connection, this.#schema, words, limit);
  }

  byIds(ids: readonly string[]): Promise<StoredNode[]> {
    return nodesById(this.#connection, this.#schema, ids);
  }

  named(name: string): Promise<StoredNode[]> {
    return nodesNamed(this.#connection, this.#schema, name);
  }

  columnsOf(assets: readonly string[], column?: string): Promise<StoredNode[]> {
    return columnsOf(this.#connection, this.#schema, assets, column);
  }

  inScope(ids: readonly string[], scope: GraphScope): Promise<ReadonlySet<string>> {
    return nodesInScope(this.#connection, this.#schema, ids, scope);
  }

  edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
    return edgesAt(this.#connection, this.#schema, ids, side, types);
  }

  walk(walk: Walk): Promise<WalkedEdge[]> {
    return walkGraph(this.#connection, this.#schema, walk);
  }

  stats(): Promise<GraphStats> {
    return graphStats(this.#connection, this.#schema);
  }

  review(review: Review): Promise<boolean> {
    return reviewEdge(this.#connection, this.#schema, review);
  }

  allNodes(): AsyncIterable<StoredNode> {
    return this.#apart(everyNode);
  }

  allEdges(): AsyncIterable<StoredEdge> {
    return this.#apart(everyEdge);
  }

  close(): Promise<void> {
    return disconnect(this.#connection);
  }

  /** A cursor needs a transaction, and its reader may ask other questions meanwhile: it gets a session of its own. */
  async *#apart<T>(read: (connection: Connection, schema: string) => AsyncGenerator<T>): AsyncGenerator<T> {
    const connection = await connect(this.#url);
    try {
      await beginReading(connection);
      yield* read(connection, this.#schema);
    } finally {
      await disconnect(connection);
    }
  }
}
