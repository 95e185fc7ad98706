/** Kinds that a node may have. An asset's kind is only raised, in the order of {@link ASSET_KINDS}. */
export const NODE_KINDS = [
  'Table',
  'View',
  'MaterializedView',
  'DataAsset',
  'Column',
  'Transformation',
  'FunctionOrProcedure',
  'Trigger',
  'Synonym',
  'File',
  'Class',
  'Function',
  'Module',
  'JsonDocument',
  'JsonKey',
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** Kinds of assets, ascending: of what several files say of one asset, the last of these counts. */
export const ASSET_KINDS = ['DataAsset', 'Table', 'View', 'MaterializedView'] as const;

/** Types that an edge may have. */
export const EDGE_TYPES = [
  'READS_FROM',
  'DERIVES',
  'WRITES_TO',
  'CONTAINS',
  'GENERATES',
  'INPUT_TO',
  'FLOWS_TO',
  'INFLUENCES',
  'ATTACHED_TO',
  'ALIAS_OF',
  'REFERENCES',
  'CALLS',
  'DEFINES',
  'MENTIONS',
  'IMPORTS',
  'CONTAINS_CONTENT',
  'HAS_KEY',
  'DEPENDS_ON',
] as const;
export type EdgeType = (typeof EDGE_TYPES)[number];

/** What a reviewer, or the parser, says of an edge. */
export type EdgeStatus = 'approved' | 'pending_review' | 'rejected';

/** A node as one file tells of it. */
export interface GraphNode {
  /** Name of the file in the graph. */
  file: string;
  /** 64 hexadecimal digits, lower case. */
  id: string;
  kind: string;
  name: string;
  properties: Record<string, unknown>;
}

/** An edge as one file tells of it. Ends and type identify it. */
export interface GraphEdge {
  file: string;
  /** Id of the node where it begins. */
  from: string;
  type: string;
  /** Id of the node where it ends. */
  to: string;
  /** `parser`, `heuristic`, `human`, ... */
  source: string;
  /** 0 to 1. */
  confidence: number;
  /** One of {@link EdgeStatus}. */
  status: string;
  properties: Record<string, unknown>;
}

/** A file whose graph is to be written. */
export interface GraphFile {
  /** Path in the graph, `/` between its parts, relative to the root of the walk. */
  name: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  sha256: string;
  /** SHA-256 of its graph, 64 hexadecimal digits: equal ones are equal graphs. */
  digest: string;
  /** Nodes and edges that it tells of. */
  nodes: number;
  edges: number;
}

/** Graphs of files, as a tree hands them out: what a sink writes. */
export interface GraphSource {
  /** In the order of their names. */
  files(): readonly GraphFile[];
  /** The graphs of files `from` to `to` (not included). */
  graph(from: number, to: number): Promise<GraphParts>;
  /** The same for PostgreSQL. The first field of a row is the key of its file: `first` for the first one, one more for each that follows. */
  copy(from: number, to: number, first: number): Promise<GraphCopy>;
}

/** Nodes and edges as bytes of binary COPYs, one for each table. What is usual is NULL. */
export interface GraphCopy {
  /** Of `file int8, id bytea, kind text, name text, props jsonb`: nodes of which neither a column nor a flow tells. */
  nodes: Buffer;
  /** Of `file int8, id bytea, asset bytea, name text`: a column, and the edge `CONTAINS` from its asset. */
  columns: Buffer;
  /** Of `file int8, src bytea, dst bytea, via bytea, kind text, logic text, confidence float8, props jsonb`: a `FLOWS_TO` and its transformation. */
  flows: Buffer;
  /** Of `file int8, src bytea, type text, dst bytea, source text, confidence float8, status text, props jsonb`: all other edges. */
  edges: Buffer;
  /** Ends of edges that are no node of these files, 32 bytes each, once for each edge. */
  strange: Buffer;
  /** Nodes that the rows tell of. */
  nodeCount: number;
  /** Edges that the rows tell of. */
  edgeCount: number;
}

export interface GraphParts {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** A node of the graph: what all files that tell of it say together. */
export interface StoredNode {
  id: string;
  kind: string;
  name: string;
  /** The name with that of its asset before it, for columns; else the name, for files the path. */
  fullName: string;
  properties: Record<string, unknown>;
}

/** An edge of the graph; a reviewer's status counts before the parser's. */
export interface StoredEdge {
  from: string;
  type: string;
  to: string;
  source: string;
  confidence: number;
  status: EdgeStatus;
  /** With `reviewed_at` and `reviewer_notes` where somebody reviewed it. */
  properties: Record<string, unknown>;
}
