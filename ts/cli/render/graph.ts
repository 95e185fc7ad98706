import type { StoredEdge, StoredNode } from '../../graph/model.js';
import type { GraphStats, Impact, WalkStep } from '../../graph/sink.js';
import { count } from './quantities.js';
import { table } from './table.js';

/** What a node feeds, or is fed by, nearest first. */
export function renderWalk(start: StoredNode, steps: readonly WalkStep[], direction: 'upstream' | 'downstream'): string {
  if (steps.length === 0) return `${start.fullName}: nothing ${direction}`;
  const rows = steps.map(({ depth, edge, from, to }) => [count(depth), from.fullName, edge.type, to.fullName, kindOf(edge), sureness(edge)]);
  return `${start.kind} ${start.fullName}, ${direction}\n${table([['depth', 'from', 'edge', 'to', 'how', 'status'], ...rows], [true])}`;
}

/** What a change of a node reaches. */
export function renderImpact({ start, reached, assets, files, isCut }: Impact): string {
  const rows = reached.map(({ node, depth }) => [count(depth), node.kind, node.fullName]);
  return [
    `a change of ${start.kind} ${start.fullName} reaches ${count(reached.length)} nodes${isCut ? ' and more (--limit)' : ''}`,
    ...(rows.length > 0 ? [table([['depth', 'kind', 'name'], ...rows], [true])] : []),
    `tables and other objects: ${assets.join(', ') || 'none'}`,
    `files: ${files.join(', ') || 'none'}`,
  ].join('\n');
}

/** Nodes, one a line. */
export function renderNodes(nodes: readonly StoredNode[]): string {
  return nodes.length === 0 ? 'none' : table([['kind', 'name', 'id'], ...nodes.map(({ kind, fullName, id }) => [kind, fullName, id])], []);
}

/** Edges by the names of their ends. */
export function renderEdges(edges: readonly StoredEdge[], ends: readonly StoredNode[]): string {
  if (edges.length === 0) return 'none';
  const names = new Map(ends.map(({ id, fullName }) => [id, fullName]));
  const rows = edges.map((edge) => [names.get(edge.from) ?? edge.from, edge.type, names.get(edge.to) ?? edge.to, kindOf(edge), sureness(edge)]);
  return table([['from', 'edge', 'to', 'how', 'status'], ...rows], []);
}

/** Counts of the graph. */
export function renderStats({ nodes, edges, files, unmatched, nodesByKind, edgesByType, edgesByStatus }: GraphStats): string {
  const lines = (counts: Record<string, number>): string[] => Object.entries(counts).map(([word, times]) => `  ${word.padEnd(20)} ${count(times)}`);
  return [
    `${count(nodes)} nodes`,
    ...lines(nodesByKind),
    `${count(edges)} edges`,
    ...lines(edgesByType),
    'by status',
    ...lines(edgesByStatus),
    `${count(files)} files${unmatched > 0 ? `; ${count(unmatched)} ends of edges are no node` : ''}`,
  ].join('\n');
}

function kindOf({ properties }: StoredEdge): string {
  return typeof properties.kind === 'string' ? properties.kind : '';
}

function sureness({ status, confidence }: StoredEdge): string {
  return confidence === 1 ? status : `${status}, ${confidence}`;
}
