/** What the page and its server say to each other. */

export interface WireNode {
  id: string;
  kind: string;
  name: string;
  /** The name with its object's before it, for columns. */
  fullName: string;
  /** Id of the object that a column belongs to; null for everything else, and for columns of none. */
  owner: string | null;
}

export interface WireEdge {
  from: string;
  type: string;
  to: string;
  /** `parser`, `heuristic`, ... */
  source: string;
  /** 0 to 1. */
  confidence: number;
  status: string;
  /** How the one becomes the other, and with which expression; null where that is not known. */
  kind: string | null;
  expressionId: string | null;
  /** What a reviewer noted. */
  notes: string | null;
}

export interface WireGraph {
  /** Id of the node that was asked about; null in an overview. */
  start: string | null;
  nodes: WireNode[];
  edges: WireEdge[];
  /** Whether there is more than was let through. */
  isCut: boolean;
}

export interface WireDetails {
  node: WireNode;
  properties: Record<string, unknown>;
  columns: WireNode[];
  /** Files that define it, and files that only mention it, by path. */
  definedIn: string[];
  mentionedIn: string[];
}

export interface WireStats {
  nodes: number;
  edges: number;
  nodesByKind: Record<string, number>;
  edgesByStatus: Record<string, number>;
}

export interface WireReview {
  from: string;
  type: string;
  to: string;
  action: 'approve' | 'reject';
  notes?: string;
}

export interface WireFailure {
  error: { message: string; help?: string };
}

/** Types of edges whose start depends on their end: data goes the other way. */
export const AGAINST: readonly string[] = ['READS_FROM', 'DERIVES', 'ALIAS_OF', 'CALLS', 'ATTACHED_TO', 'DEPENDS_ON', 'IMPORTS'];
