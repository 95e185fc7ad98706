import { AGAINST, type WireEdge, type WireGraph, type WireNode } from './wire.js';

/** What is drawn: columns that are not shown are part of their object. */
export interface Shown {
  nodes: ShownNode[];
  edges: ShownEdge[];
}

export interface ShownNode {
  node: WireNode;
  /** The object that it is drawn in; null for objects. */
  parent: string | null;
  /** Whether its columns are drawn in it. */
  isOpen: boolean;
}

export interface ShownEdge {
  id: string;
  /** As data goes. */
  from: string;
  to: string;
  /** What the arrow stands for. */
  edges: WireEdge[];
  /** `rejected` where all are, `pending_review` where one is, else `approved`. */
  status: string;
}

/** What is to be drawn of a graph when these objects are open. */
export function shownOf(graph: WireGraph, open: ReadonlySet<string>): Shown {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const isDrawn = (node: WireNode): boolean => node.owner === null || !byId.has(node.owner) || open.has(node.owner);
  const drawnAs = (id: string): string | null => {
    const node = byId.get(id);
    if (!node) return null;
    return isDrawn(node) ? id : node.owner;
  };
  const withColumns = new Set(graph.nodes.flatMap(({ owner }) => (owner !== null && open.has(owner) ? [owner] : [])));
  const nodes = graph.nodes.filter(isDrawn).map((node) => ({ node, parent: parentOf(node, byId), isOpen: withColumns.has(node.id) }));
  return { nodes, edges: arrows(graph.edges, drawnAs, byId) };
}

function parentOf({ owner }: WireNode, byId: ReadonlyMap<string, WireNode>): string | null {
  return owner !== null && byId.has(owner) ? owner : null;
}

/** One arrow for all edges that are drawn between the same nodes; none between objects where arrows between their columns say it better. */
function arrows(edges: readonly WireEdge[], drawnAs: (id: string) => string | null, byId: ReadonlyMap<string, WireNode>): ShownEdge[] {
  const merged = new Map<string, ShownEdge>();
  for (const edge of edges) {
    const [start, end] = AGAINST.includes(edge.type) ? [edge.to, edge.from] : [edge.from, edge.to];
    const [from, to] = [drawnAs(start), drawnAs(end)];
    if (from === null || to === null || from === to) continue;
    const id = `${from} ${to}`;
    const arrow = merged.get(id) ?? { id, from, to, edges: [], status: '' };
    arrow.edges.push(edge);
    merged.set(id, arrow);
  }
  const ownerOf = (id: string): string => byId.get(id)?.owner ?? id;
  const all = [...merged.values()];
  const told = new Set(
    all.filter(({ from, to }) => ownerOf(from) !== from || ownerOf(to) !== to).map(({ from, to }) => `${ownerOf(from)} ${ownerOf(to)}`),
  );
  return all.filter(({ id }) => !told.has(id)).map((arrow) => ({ ...arrow, status: statusOf(arrow.edges) }));
}

function statusOf(edges: readonly WireEdge[]): string {
  if (edges.every(({ status }) => status === 'rejected')) return 'rejected';
  return edges.some(({ status }) => status === 'pending_review') ? 'pending_review' : 'approved';
}

/** Objects that have columns in a graph. */
export function objectsWithColumns({ nodes }: WireGraph): string[] {
  return [...new Set(nodes.flatMap(({ owner }) => owner ?? []))];
}
