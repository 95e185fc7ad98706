import type { StoredEdge, StoredNode } from '../graph/model.js';
import type { GraphQueries, GraphStats } from '../graph/sink.js';

/** A graph, or a part of one, that can be read several times. */
export interface GraphPart {
  /** Ascending by id. */
  nodes(): AsyncIterable<StoredNode>;
  /** Ascending by start, type and end. */
  edges(): AsyncIterable<StoredEdge>;
  stats(): Promise<PartStats>;
}

/** Counts of what is exported. */
export type PartStats = Pick<GraphStats, 'nodes' | 'edges' | 'nodesByKind' | 'edgesByType' | 'edgesByStatus'>;

export interface AroundOptions {
  /** Edges between the node and the last one, 1 to 100. Default: 10. */
  depth?: number;
  direction?: 'upstream' | 'downstream' | 'both';
  includeRejected?: boolean;
}

/** A part around a node, and whether there is more than the 1,000 edges of a walk. */
export interface Neighbourhood extends GraphPart {
  isCut: boolean;
}

const MAX_EDGES = 1000;

/** All of a graph, in constant memory. */
export function wholeGraph(queries: GraphQueries): GraphPart {
  return {
    nodes: () => queries.allNodes(),
    edges: () => queries.allEdges(),
    stats: async () => {
      const { nodes, edges, nodesByKind, edgesByType, edgesByStatus } = await queries.stats();
      return { nodes, edges, nodesByKind, edgesByType, edgesByStatus };
    },
  };
}

/**
 * What feeds a node and what it feeds: for an object its columns, too. Columns come with the objects that they belong to.
 *
 * @throws RowmillError `PLAN_INVALID` for a depth that is out of range
 */
export async function graphAround(queries: GraphQueries, id: string, options: AroundOptions = {}): Promise<Neighbourhood> {
  const { direction = 'both', depth = 10, includeRejected = false } = options;
  const [start, columns] = [await queries.byIds([id]), await queries.columnsOf(id)];
  const nodes = new Map([...start, ...columns].map((node) => [node.id, node]));
  const edges = new Map<string, StoredEdge>();
  let isCut = false;
  for (const way of direction === 'both' ? (['upstream', 'downstream'] as const) : [direction]) {
    for (const from of [...start.map(({ id }) => id), ...(await flowing(queries, columns, way))]) {
      const steps = await queries[way](from, { depth, limit: MAX_EDGES, includeRejected });
      isCut ||= steps.length === MAX_EDGES;
      for (const { edge, from, to } of steps) {
        edges.set(keyOf(edge), edge);
        nodes.set(from.id, from).set(to.id, to);
      }
    }
  }
  await addOwners(queries, nodes, edges);
  return { ...fixedPart([...nodes.values()], [...edges.values()]), isCut };
}

/** Columns from which a walk gets anywhere: a table may have a thousand, and each walk is a question of its own. */
async function flowing(queries: GraphQueries, columns: readonly StoredNode[], way: 'upstream' | 'downstream'): Promise<Set<string>> {
  const ids = columns.map(({ id }) => id);
  const edges = await queries.edgesAt(ids, way === 'upstream' ? 'dst' : 'src', ['FLOWS_TO', 'INFLUENCES']);
  return new Set(edges.map(({ from, to }) => (way === 'upstream' ? to : from)));
}

/** Objects that columns belong to, with the edges that say so. */
async function addOwners(queries: GraphQueries, nodes: Map<string, StoredNode>, edges: Map<string, StoredEdge>): Promise<void> {
  const columns = [...nodes.values()].filter(({ kind }) => kind === 'Column').map(({ id }) => id);
  const owned = await queries.edgesAt(columns, 'dst', ['CONTAINS']);
  for (const edge of owned) edges.set(keyOf(edge), edge);
  const missing = owned.map(({ from }) => from).filter((from) => !nodes.has(from));
  for (const node of await queries.byIds(missing)) nodes.set(node.id, node);
}

/** A part that is held in memory. */
export function fixedPart(nodes: readonly StoredNode[], edges: readonly StoredEdge[]): GraphPart {
  const sortedNodes = nodes.toSorted((a, b) => compare(a.id, b.id));
  const sortedEdges = edges.toSorted((a, b) => compare(a.from, b.from) || compare(a.type, b.type) || compare(a.to, b.to));
  return {
    nodes: () => each(sortedNodes),
    edges: () => each(sortedEdges),
    stats: async () => ({
      nodes: nodes.length,
      edges: edges.length,
      nodesByKind: countBy(nodes.map(({ kind }) => kind)),
      edgesByType: countBy(edges.map(({ type }) => type)),
      edgesByStatus: countBy(edges.map(({ status }) => status)),
    }),
  };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted(compare)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function keyOf({ from, type, to }: StoredEdge): string {
  return `${from} ${type} ${to}`;
}

/** By code units, so that every machine sorts alike. */
export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
