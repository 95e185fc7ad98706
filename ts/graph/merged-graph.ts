import { compareText, type EdgeSaying, mergedEdge, mergedNode, type NodeSaying, textOfEdge, textOfNode } from './merge.js';
import type { EdgeStatus, GraphEdge, GraphNode, StoredEdge, StoredNode } from './model.js';
import { isOfNames, isOfScope, isUnder } from './scope.js';
import type { GraphScope } from './sink.js';

/** What a person decided about an edge. */
export interface HeldReview {
  from: string;
  type: string;
  to: string;
  status: 'approved' | 'rejected';
  notes: string | null;
  /** ISO 8601 in UTC. */
  reviewedAt: string;
}

interface HeldEdge extends EdgeSaying {
  from: string;
  type: string;
  to: string;
}

/** The graph in memory: what all files say together, whatever their order. */
export class MergedGraph {
  readonly #nodes = new Map<string, NodeSaying>();
  readonly #edges = new Map<string, HeldEdge>();
  readonly #reviews = new Map<string, HeldReview>();
  readonly #idsOfFile = new Map<string, Set<string>>();
  readonly #out = new Map<string, Set<string>>();
  readonly #in = new Map<string, Set<string>>();

  addNode({ file, id, kind, name, properties }: GraphNode): void {
    const saying = { kind, name: name.replaceAll('\0', ''), properties };
    const held = this.#nodes.get(id);
    if (!held) this.#nodes.set(id, saying);
    else if (textOfNode(held) !== textOfNode(saying)) this.#nodes.set(id, mergedNode([held, saying]));
    addTo(this.#idsOfFile, file, id);
  }

  addEdge({ from, type, to, source, confidence, status, properties }: GraphEdge): void {
    const edge = { from, type, to, source, confidence, status, properties };
    const key = edgeKey(edge);
    const held = this.#edges.get(key);
    if (!held) this.#edges.set(key, edge);
    else if (textOfEdge(held) !== textOfEdge(edge)) this.#edges.set(key, { from, type, to, ...mergedEdge([held, edge]) });
    addTo(this.#out, from, key);
    addTo(this.#in, to, key);
  }

  /** Nodes that files in scope tell of. */
  idsIn(scope: GraphScope): Set<string> {
    const ids = new Set<string>();
    for (const [file, own] of this.#idsOfFile) {
      if (isUnder(file, scope) && (isOfNames(scope) || this.#isOf(own, scope))) for (const id of own) ids.add(id);
    }
    return ids;
  }

  #isOf(ids: ReadonlySet<string>, scope: GraphScope): boolean {
    return [...ids].some((id) => {
      const node = this.#nodes.get(id);
      return node !== undefined && isOfScope(node, scope);
    });
  }

  addReview(review: HeldReview): void {
    this.#reviews.set(edgeKey(review), review);
  }

  reviews(): HeldReview[] {
    return [...this.#reviews.values()];
  }

  hasNode(id: string): boolean {
    return this.#nodes.has(id);
  }

  hasEdge(ends: { from: string; type: string; to: string }): boolean {
    return this.#edges.has(edgeKey(ends));
  }

  /** Null for an id that no file tells of. */
  node(id: string): StoredNode | null {
    const held = this.#nodes.get(id);
    if (!held) return null;
    const { kind, name, properties } = held;
    const owner = kind === 'Column' ? this.#ownerOf(id) : null;
    const path = kind === 'File' && typeof properties.path === 'string' ? properties.path : name;
    return { id, kind, name, fullName: owner === null ? path : `${owner}.${name}`, properties };
  }

  /** The smallest name of what contains a column. */
  #ownerOf(id: string): string | null {
    const keys = [...(this.#in.get(id) ?? [])];
    const names = keys.flatMap((key) => {
      const edge = this.#edges.get(key);
      return edge?.type === 'CONTAINS' ? (this.#nodes.get(edge.from)?.name ?? []) : [];
    });
    return names.length === 0 ? null : names.reduce((least, name) => (compareText(name, least) < 0 ? name : least));
  }

  /** Edges that begin (`src`) or end (`dst`) at a node. */
  edgesAt(id: string, side: 'src' | 'dst'): StoredEdge[] {
    const keys = (side === 'src' ? this.#out : this.#in).get(id) ?? [];
    return [...keys].flatMap((key) => this.#stored(key) ?? []);
  }

  #stored(key: string): StoredEdge | null {
    const held = this.#edges.get(key);
    if (!held) return null;
    const review = this.#reviews.get(key);
    if (!review) return { ...held, status: held.status as EdgeStatus };
    const notes = review.notes === null ? {} : { reviewer_notes: review.notes };
    return { ...held, status: review.status, properties: { ...held.properties, reviewed_at: review.reviewedAt, ...notes } };
  }

  /** Ids of the nodes that a file tells of. */
  idsOf(file: string): string[] {
    return [...(this.#idsOfFile.get(file) ?? [])];
  }

  files(): number {
    return this.#idsOfFile.size;
  }

  /** Ascending. */
  ids(): string[] {
    return [...this.#nodes.keys()].sort();
  }

  /** Every edge, ascending by start, type and end. */
  *edges(): Generator<StoredEdge> {
    for (const key of [...this.#edges.keys()].sort()) {
      const edge = this.#stored(key);
      if (edge) yield edge;
    }
  }
}

function edgeKey({ from, type, to }: { from: string; type: string; to: string }): string {
  return `${from} ${type} ${to}`;
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const held = sets.get(key);
  if (held) held.add(value);
  else sets.set(key, new Set([value]));
}
