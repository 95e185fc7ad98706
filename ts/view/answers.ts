import { graphAround } from '../exports/index.js';
import type { StoredEdge, StoredNode } from '../graph/model.js';
import type { GraphQueries } from '../graph/sink.js';
import type { WireDetails, WireEdge, WireGraph, WireNode, WireStats } from './page/wire.js';

/** Objects of an overview; with more, a picture says nothing. */
export const OVERVIEW_NODES = 20_000;
const OBJECT_KINDS = ['Table', 'View', 'MaterializedView', 'DataAsset', 'FunctionOrProcedure', 'Trigger', 'Synonym'];
const OBJECT_EDGES = ['READS_FROM', 'DERIVES', 'WRITES_TO', 'ALIAS_OF', 'ATTACHED_TO', 'CALLS', 'DEPENDS_ON'];
/** What is drawn; the rest are details. */
const HIDDEN_KINDS = ['Transformation', 'File'];
const HIDDEN_EDGES = ['CONTAINS', 'INPUT_TO', 'GENERATES', 'DEFINES', 'MENTIONS'];

/** What a walk may look like. */
export interface AroundQuestion {
  id: string;
  direction: 'upstream' | 'downstream' | 'both';
  depth: number;
  includeRejected: boolean;
}

/** All objects with the edges between them, columns left out; the first 20,000 by id. */
export async function overview(queries: GraphQueries): Promise<WireGraph> {
  const nodes = new Map<string, WireNode>();
  let isCut = false;
  for await (const node of queries.allNodes()) {
    if (!OBJECT_KINDS.includes(node.kind)) continue;
    isCut = nodes.size === OVERVIEW_NODES;
    if (isCut) break;
    nodes.set(node.id, wireNode(node, null));
  }
  const edges: WireEdge[] = [];
  for await (const edge of queries.allEdges()) {
    if (OBJECT_EDGES.includes(edge.type) && nodes.has(edge.from) && nodes.has(edge.to)) edges.push(wireEdge(edge));
  }
  return { start: null, nodes: [...nodes.values()], edges, isCut };
}

/** What feeds a node and what it feeds; null where there is no such node. */
export async function around(queries: GraphQueries, { id, ...options }: AroundQuestion): Promise<WireGraph | null> {
  const [start] = await queries.byIds([id]);
  if (!start) return null;
  const part = await graphAround(queries, id, options);
  const owners = new Map<string, string>();
  const edges: WireEdge[] = [];
  for await (const edge of part.edges()) {
    if (edge.type === 'CONTAINS') owners.set(edge.to, edge.from);
    else if (!HIDDEN_EDGES.includes(edge.type)) edges.push(wireEdge(edge));
  }
  const nodes: WireNode[] = [];
  for await (const node of part.nodes())
    if (node.id === id || !HIDDEN_KINDS.includes(node.kind)) nodes.push(wireNode(node, owners.get(node.id) ?? null));
  return { start: id, nodes, edges, isCut: part.isCut };
}

/** What is known of one node; null where there is no such node. */
export async function details(queries: GraphQueries, id: string): Promise<WireDetails | null> {
  const [node] = await queries.byIds([id]);
  if (!node) return null;
  const [owner] = await queries.edgesAt([id], 'dst', ['CONTAINS']);
  const files = await queries.edgesAt([node.kind === 'Column' && owner ? owner.from : id], 'dst', ['DEFINES', 'MENTIONS']);
  const names = new Map((await queries.byIds(files.map(({ from }) => from))).map((file) => [file.id, file.fullName]));
  const filesBy = (type: string): string[] => files.flatMap((edge) => (edge.type === type ? (names.get(edge.from) ?? []) : [])).sort();
  return {
    node: wireNode(node, owner?.from ?? null),
    properties: node.properties,
    columns: (await queries.columnsOf(id)).map((column) => wireNode(column, id)),
    definedIn: filesBy('DEFINES'),
    mentionedIn: filesBy('MENTIONS'),
  };
}

/** Nodes by words of their names. */
export async function search(queries: GraphQueries, text: string): Promise<WireNode[]> {
  const found = (await queries.search(text, 50)).filter(({ kind }) => !HIDDEN_KINDS.includes(kind));
  const columns = found.filter(({ kind }) => kind === 'Column').map(({ id }) => id);
  const owners = new Map((await queries.edgesAt(columns, 'dst', ['CONTAINS'])).map(({ from, to }) => [to, from]));
  const named = await exactly(queries, text.trim());
  const nodes = [...named, ...found.filter(({ id }) => !named.some((node) => node.id === id))];
  return nodes.map((node) => wireNode(node, owners.get(node.id) ?? null));
}

/** What is called just so comes first: `sales.orders.total` has its words nowhere in one name. */
async function exactly(queries: GraphQueries, text: string): Promise<StoredNode[]> {
  return text === '' ? [] : (await queries.named(text)).filter(({ kind }) => !HIDDEN_KINDS.includes(kind));
}

export async function stats(queries: GraphQueries): Promise<WireStats> {
  const { nodes, edges, nodesByKind, edgesByStatus } = await queries.stats();
  return { nodes, edges, nodesByKind, edgesByStatus };
}

function wireNode({ id, kind, name, fullName }: StoredNode, owner: string | null): WireNode {
  return { id, kind, name, fullName, owner };
}

function wireEdge({ from, type, to, source, confidence, status, properties }: StoredEdge): WireEdge {
  const text = (key: string): string | null => (typeof properties[key] === 'string' ? properties[key] : null);
  return { from, type, to, source, confidence, status, kind: text('kind'), expressionId: text('expr_id'), notes: text('reviewer_notes') };
}
