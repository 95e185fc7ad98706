import type { EdgeStatus, GraphEdge, GraphFile, GraphNode, GraphSource, StoredEdge, StoredNode } from './model.js';

/** Id of a run, as text. */
export type RunId = string;

/** What writing changed. */
export interface WriteCounts {
  /** Files whose graph the sink now holds, or that were removed. */
  files: number;
  /** Nodes and edges that these files tell of. */
  nodes: number;
  edges: number;
  /** Ends of edges that are no node of the graph. */
  unmatched: number;
  /** Times that something was tried again, and halved. */
  retries: number;
  splits: number;
  /** Items that went to the dead-letter file. */
  deadLetters: number;
}

/** What the sink holds of a file. */
export interface KnownFile {
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  sha256: string;
  /** SHA-256 of its graph; empty where a part of it could not be written, so that it is written again. */
  digest: string;
  processedAt: Date;
}

/** Counts of the graph. */
export interface GraphStats {
  nodes: number;
  edges: number;
  files: number;
  /** Ends of edges that are no node. */
  unmatched: number;
  nodesByKind: Record<string, number>;
  edgesByType: Record<string, number>;
  edgesByStatus: Record<string, number>;
}

/** Where a graph is kept. The graph is what its files say together, whatever the order in which they were written. */
export interface GraphSink {
  /** What it is, in reports. */
  readonly name: string;
  /** Connects, verifies and makes what is missing. */
  open(): Promise<void>;
  /** What the sink holds, by name of file: unchanged files need not be sent. */
  known(): Promise<Map<string, KnownFile>>;
  /** Replaces what files `from` to `to` (not included) supported before. Nodes before edges; all or nothing where the sink has transactions. */
  write(source: GraphSource, from: number, to: number, run: RunId): Promise<WriteCounts>;
  /** Adds single items to what a file supports: what a dead-letter file gives back. */
  add(items: GraphItems, run: RunId): Promise<WriteCounts>;
  /** Forgets files, and with them what only they supported. */
  remove(files: readonly string[], run: RunId): Promise<WriteCounts>;
  /** Does what a first load leaves for its end. Whoever goes on writing calls it when the first files are written; closing does it, too. */
  settle?(): Promise<void>;
  stats(): Promise<GraphStats>;
  /** Empties the graph; reviews too. */
  clear(): Promise<void>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Nodes and edges of files, with what is known of these files. */
export interface GraphItems {
  files: GraphFile[];
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Whose files count: a node is in when one of them tells of it, an edge when both of its ends are. All that is said must hold. */
export interface GraphScope {
  /** Folders, or files, by their names in the graph. */
  under?: readonly string[];
  /** Project that the files were read for. */
  project?: string;
  /** Repositories that they are of: one of these. */
  repositories?: readonly string[];
}

export interface NodeFilter extends GraphScope {
  kind?: string;
  /** Part of the name, in any case. */
  contains?: string;
  /** Name of a file that tells of the node. */
  file?: string;
  /** At most 1000, which is the default. */
  limit?: number;
}

export interface EdgeFilter extends GraphScope {
  type?: string;
  status?: EdgeStatus;
  /** Where the edge comes from: `parser`, `heuristic`, ... */
  source?: string;
  minConfidence?: number;
  /** An end of the edge. */
  node?: string;
  /** At most 1000, which is the default. */
  limit?: number;
}

/** Edges out of scope are followed, and not answered; ways do not look at it. */
export interface WalkOptions extends GraphScope {
  /** Edges between the start and the last node, 1 to 100. Default: 10. */
  depth?: number;
  /** At most 1000 edges. Default: 100. */
  limit?: number;
  /** Types to follow; those that data flows along where absent. */
  types?: readonly string[];
  /** Whether to follow edges that a reviewer rejected. Default: false. */
  includeRejected?: boolean;
}

/** An edge on the way, and its distance from the start, from 1. */
export interface WalkStep {
  edge: StoredEdge;
  from: StoredNode;
  to: StoredNode;
  depth: number;
}

export interface Impact {
  start: StoredNode;
  /** What a change of the start reaches, nearest first. */
  reached: { node: StoredNode; depth: number }[];
  /** Assets reached, themselves or by one of their columns, by name. */
  assets: string[];
  /** Files that define or mention what is reached, by path. */
  files: string[];
  /** Whether there is more than the limit let through. */
  isCut: boolean;
}

export interface Review {
  from: string;
  type: string;
  to: string;
  action: 'approve' | 'reject';
  notes?: string;
}

/** Questions to a graph. Ids are 64 hexadecimal digits. */
export interface GraphQueries {
  nodes(filter?: NodeFilter): Promise<StoredNode[]>;
  edges(filter?: EdgeFilter): Promise<StoredEdge[]>;
  /** Nodes whose names contain a word of the text, in any case; words of one or two letters count only where there is no other. At most 100. */
  search(text: string, limit?: number): Promise<StoredNode[]>;
  /** Nodes by id; those that are not in the graph are left out. */
  byIds(ids: readonly string[]): Promise<StoredNode[]>;
  /** Nodes with this name, or this name with its asset's or file's before it. */
  named(name: string): Promise<StoredNode[]>;
  /** Columns of an asset, by name. */
  columnsOf(asset: string): Promise<StoredNode[]>;
  /** Edges of these types that begin (`src`) or end (`dst`) at one of the nodes. */
  edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]>;
  /** What feeds a node. */
  upstream(id: string, options?: WalkOptions): Promise<WalkStep[]>;
  /** What a node feeds. */
  downstream(id: string, options?: WalkOptions): Promise<WalkStep[]>;
  impact(id: string, options?: WalkOptions): Promise<Impact | null>;
  /** Nodes of a shortest way, edges taken in both directions; null where there is none. */
  path(from: string, to: string, options?: WalkOptions): Promise<StoredNode[] | null>;
  stats(): Promise<GraphStats>;
  /** False where there is no such edge. */
  review(review: Review): Promise<boolean>;
  /** Every node, ascending by id; holds a page of them at a time. */
  allNodes(): AsyncIterable<StoredNode>;
  /** Every edge, ascending by start, type and end. */
  allEdges(): AsyncIterable<StoredEdge>;
  close(): Promise<void>;
}

/** How to walk: which types lead from start to end, and which the other way. */
export interface Walk {
  start: string;
  /** Types that are followed from their start to their end. */
  along: readonly string[];
  /** Types that are followed from their end to their start. */
  against: readonly string[];
  depth: number;
  limit: number;
  includeRejected: boolean;
}

/** An edge that a walk took, and its distance from the start, from 1. */
export interface WalkedEdge {
  from: string;
  type: string;
  to: string;
  depth: number;
}

/** What a place that keeps graphs answers; {@link GraphQueries} are made of it. Limits are checked already. */
export interface GraphReader {
  nodes(filter: NodeFilter, limit: number): Promise<StoredNode[]>;
  edges(filter: EdgeFilter, limit: number): Promise<StoredEdge[]>;
  search(words: readonly string[], limit: number): Promise<StoredNode[]>;
  byIds(ids: readonly string[]): Promise<StoredNode[]>;
  /** Nodes of this name, or of a longer one that ends in a dot and this name; for files the path counts. No columns. */
  named(name: string): Promise<StoredNode[]>;
  columnsOf(assets: readonly string[], column?: string): Promise<StoredNode[]>;
  /** Those of the nodes that are in scope. */
  inScope(ids: readonly string[], scope: GraphScope): Promise<ReadonlySet<string>>;
  /** Edges of these types that begin (`src`) or end (`dst`) at one of the nodes. */
  edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]>;
  /** Edges within reach, nearest first; whatever the number of ways, and with cycles. */
  walk(walk: Walk): Promise<WalkedEdge[]>;
  stats(): Promise<GraphStats>;
  review(review: Review): Promise<boolean>;
  allNodes(): AsyncIterable<StoredNode>;
  allEdges(): AsyncIterable<StoredEdge>;
  close(): Promise<void>;
}

/** Where graphs may be kept. */
export const SINK_KINDS = ['postgres', 'neo4j', 'ladybug', 'jsonl'] as const;
export type SinkKind = (typeof SINK_KINDS)[number];

/** Where a graph is, and how it is written. What another kind needs may be given, too; it is not looked at. */
export interface SinkSettings {
  kind: SinkKind;
  /** URL of PostgreSQL, for `postgres`. */
  url?: string | undefined;
  /** Schema of its tables. Default: rowmill. */
  schema?: string | undefined;
  /** For `neo4j`: all but the database are needed, and nothing is taken for granted. */
  neo4j?: { uri?: string | undefined; username?: string | undefined; password?: string | undefined; database?: string | undefined } | undefined;
  /** Folder of the graph, for `jsonl`. */
  folder?: string | undefined;
  /** File of the graph, for `ladybug`. */
  file?: string | undefined;
  /** Nodes or edges of a statement of Neo4j (default: 500) and Ladybug (default: 1000), nodes and edges of a transaction of PostgreSQL (default: all that come at once); 1 to 10000. */
  batchSize?: number | undefined;
  /** Times that a write is tried where trying again may help; 0 is once, as 1 is. Default: 5; at most 10. */
  maxRetries?: number | undefined;
  /** File for nodes and edges that cannot be written; without one a write fails as a whole. */
  deadLetters?: string | undefined;
  /** False to write each node and edge on its own. Default: true. */
  isBatching?: boolean | undefined;
}
