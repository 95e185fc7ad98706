import { unpackFacts } from '../graph/facts.js';
import { edgeOfText, mergedEdge, mergedNode, nodeOfText } from '../graph/merge.js';
import type { EdgeStatus, StoredEdge, StoredNode } from '../graph/model.js';
import { idsToldIn, scopeOf } from '../graph/scope.js';
import type { EdgeFilter, GraphScope, NodeFilter } from '../graph/sink.js';
import { readTold } from '../graph/told.js';
import { inNeo4j, type Neo4jPool, quotedName, rowsOf } from './connect.js';
import { MISSING, nameStart } from './write-nodes.js';

const DOING = 'reading the lineage graph';

interface NodeRow {
  id: string;
  told: string[] | null;
  /** Smallest name of what contains a column. */
  owner: string | null;
  /** Of a node that nobody tells of: what others than us wrote. */
  plain: Record<string, unknown> | null;
  labels: string[];
}

interface EdgeRow {
  from: string;
  type: string;
  to: string;
  told: string[] | null;
  status: EdgeStatus | null;
  reviewedAt: string | null;
  notes: string | null;
  plain: Record<string, unknown> | null;
}

/** What is asked of `n`: a column's name says little without its asset's. */
const NODE = `n.id AS id, n.told AS told, labels(n) AS labels, CASE WHEN n.told IS NULL THEN properties(n) END AS plain,
  CASE WHEN n.kind = 'Column' THEN reduce(least = null, a IN [(o:Entity)-[:CONTAINS]->(n) | o.name] | CASE WHEN least IS NULL OR a < least THEN a ELSE least END) END AS owner`;

/** What is asked of `e`, which goes from `a` to `b`. */
const EDGE = `a.id AS from, type(e) AS type, b.id AS to, e.told AS told, e.status AS status, e.reviewed_at AS reviewedAt, e.reviewer_notes AS notes,
  CASE WHEN e.told IS NULL THEN properties(e) END AS plain`;

function storedNode({ id, told, owner, plain, labels }: NodeRow): StoredNode {
  const { kind, name, properties } = told ? mergedNode([...readTold(told).keys()].map(nodeOfText)) : plainNode(plain ?? {}, labels);
  const path = kind === 'File' && typeof properties.path === 'string' ? properties.path : name;
  return { id, kind, name, fullName: owner === null ? path : `${owner}.${name}`, properties };
}

/** A node of a graph that was made before: its label and properties are all there is. */
function plainNode({ id: _id, name, kind: _kind, name_start: _start, ...properties }: Record<string, unknown>, labels: readonly string[]) {
  return { kind: labels.find((label) => label !== 'Entity') ?? 'DataAsset', name: typeof name === 'string' ? name : '', properties };
}

function storedEdge({ from, type, to, told, status, reviewedAt, notes, plain }: EdgeRow): StoredEdge {
  const said = told ? mergedEdge([...readTold(told).keys()].map(edgeOfText)) : plainEdge(plain ?? {});
  const review = { ...(reviewedAt === null ? {} : { reviewed_at: reviewedAt }), ...(notes === null ? {} : { reviewer_notes: notes }) };
  return { from, type, to, ...said, status: status ?? (said.status as EdgeStatus), properties: { ...said.properties, ...review } };
}

function plainEdge({ source, confidence, status, reviewed_at: _at, reviewer_notes: _notes, ...properties }: Record<string, unknown>) {
  const known = { source: typeof source === 'string' ? source : 'parser', confidence: typeof confidence === 'number' ? confidence : 1 };
  return { ...known, status: typeof status === 'string' ? status : 'approved', properties };
}

async function askNodes(pool: Neo4jPool, text: string, values: Record<string, unknown>): Promise<StoredNode[]> {
  return (await inNeo4j(pool, DOING, (transaction) => rowsOf<NodeRow>(transaction, text, values))).map(storedNode);
}

async function askEdges(pool: Neo4jPool, text: string, values: Record<string, unknown>): Promise<StoredEdge[]> {
  return (await inNeo4j(pool, DOING, (transaction) => rowsOf<EdgeRow>(transaction, text, values))).map(storedEdge);
}

/** A node that files tell of, or that was there before; not a missing end. */
const REAL = `NOT n:${MISSING}`;
const BY_NAME = 'ORDER BY n.name, n.kind, n.id';

/** Nodes by what is asked of them, by name. */
export async function nodesIn(pool: Neo4jPool, filter: NodeFilter, limit: number): Promise<StoredNode[]> {
  const where = [REAL];
  if (filter.kind) where.push('n.kind = $kind');
  if (filter.contains) where.push('toLower(n.name) CONTAINS toLower($contains)');
  if (filter.file) where.push('n.id IN $ids');
  const scope = scopeOf(filter);
  if (scope) where.push('n.id IN $told');
  const ids = filter.file ? await idsToldBy(pool, filter.file) : [];
  const told = scope ? await idsInScope(pool, scope) : [];
  const text = `MATCH (n:Entity) WHERE ${where.join(' AND ')} WITH n ${BY_NAME} LIMIT $limit RETURN ${NODE} ${BY_NAME}`;
  return askNodes(pool, text, { kind: filter.kind ?? null, contains: filter.contains ?? null, ids, told, limit: BigInt(limit) });
}

async function idsToldBy(pool: Neo4jPool, file: string): Promise<string[]> {
  const text = 'MATCH (f:SourceFile {name: $file}) RETURN f.facts AS facts';
  const [row] = await inNeo4j(pool, DOING, (transaction) => rowsOf<{ facts: Int8Array }>(transaction, text, { file }));
  return row ? [...unpackFacts(row.facts).nodes.keys()] : [];
}

async function idsInScope(pool: Neo4jPool, scope: GraphScope): Promise<string[]> {
  const text = "MATCH (f:SourceFile) WHERE $roots IS NULL OR any(r IN $roots WHERE f.name = r OR f.name STARTS WITH r + '/') RETURN f.facts AS facts";
  const roots = scope.under ?? null;
  const rows = await inNeo4j(pool, DOING, (transaction) => rowsOf<{ facts: Int8Array }>(transaction, text, { roots }));
  return idsToldIn(
    rows.map(({ facts }) => unpackFacts(facts)),
    scope,
  );
}

/** Those of the nodes that files in scope tell of. */
export async function inScopeIn(pool: Neo4jPool, ids: readonly string[], scope: GraphScope): Promise<Set<string>> {
  const told = new Set(await idsInScope(pool, scope));
  return new Set(ids.filter((id) => told.has(id)));
}

/** Edges by what is asked of them, by start, type and end. */
export async function edgesIn(pool: Neo4jPool, filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
  const where = ['true'];
  if (filter.status) where.push("coalesce(e.status, 'approved') = $status");
  if (filter.source) where.push("coalesce(e.source, 'parser') = $source");
  if (filter.minConfidence !== undefined) where.push('coalesce(e.confidence, 1.0) >= $least');
  if (filter.node) where.push('(a.id = $node OR b.id = $node)');
  const scope = scopeOf(filter);
  if (scope) where.push('a.id IN $told AND b.id IN $told');
  const told = scope ? await idsInScope(pool, scope) : [];
  const pattern = `MATCH (a:Entity)-[e${filter.type ? `:${quotedName(filter.type)}` : ''}]->(b:Entity)`;
  const near = filter.node
    ? `MATCH (n:Entity {id: $node}) MATCH (n)-[e${filter.type ? `:${quotedName(filter.type)}` : ''}]-(:Entity)
    WITH DISTINCT e, startNode(e) AS a, endNode(e) AS b`
    : pattern;
  const text = `${near} WHERE ${where.join(' AND ')} RETURN ${EDGE} ORDER BY from, type, to LIMIT $limit`;
  const { status = null, source = null, minConfidence: least = null, node = null } = filter;
  return askEdges(pool, text, { status, source, least, node, told, limit: BigInt(limit) });
}

/** Nodes that have one of these words in their names, those with the most of them first. */
export async function searchIn(pool: Neo4jPool, words: readonly string[], limit: number): Promise<StoredNode[]> {
  const text = `MATCH (n:Entity) WHERE ${REAL} AND coalesce(n.kind, '') <> 'Transformation'
    WITH n, size([w IN $words WHERE toLower(n.name) CONTAINS w]) AS hits WHERE hits > 0
    WITH n, hits ORDER BY hits DESC, size(n.name), n.name, n.id LIMIT $limit
    RETURN ${NODE} ORDER BY hits DESC, size(n.name), n.name, n.id`;
  return askNodes(pool, text, { words, limit: BigInt(limit) });
}

/** Nodes by id; those that no file tells of are left out. */
export async function byIdsIn(pool: Neo4jPool, ids: readonly string[]): Promise<StoredNode[]> {
  const wanted = [...new Set(ids)];
  return askNodes(pool, `UNWIND $wanted AS id MATCH (n:Entity {id: id}) WHERE ${REAL} RETURN ${NODE}`, { wanted });
}

/** Nodes of this name, or of a longer one that ends in a dot and this name; for files the path counts. Columns are not among them. */
export async function namedIn(pool: Neo4jPool, name: string): Promise<StoredNode[]> {
  const few = `${REAL} AND NOT coalesce(n.kind, '') IN ['Transformation', 'Column']`;
  const exact = `MATCH (n:Entity) WHERE n.name_start = $start AND toLower(n.name) = toLower($name) AND ${few} RETURN ${NODE} ${BY_NAME}`;
  const found = await askNodes(pool, exact, { name, start: nameStart(name) });
  const files = (await nodesIn(pool, { kind: 'File', file: name }, 1000)).filter(({ id }) => found.every((node) => node.id !== id));
  if (found.length + files.length > 0) return [...found, ...files];
  const ending = `MATCH (n:Entity) WHERE ${few} AND toLower(n.name) ENDS WITH '.' + toLower($name) RETURN ${NODE} ${BY_NAME}`;
  return askNodes(pool, ending, { name });
}

/** Columns of these assets, by name; only those of one name, in any case, where it is given. */
export async function columnsIn(pool: Neo4jPool, assets: readonly string[], column?: string): Promise<StoredNode[]> {
  const text = `UNWIND $assets AS id MATCH (:Entity {id: id})-[:CONTAINS]->(n:Entity)
    WHERE ${REAL} AND n.kind = 'Column' AND ($column IS NULL OR toLower(n.name) = toLower($column))
    WITH DISTINCT n RETURN ${NODE} ${BY_NAME}`;
  return askNodes(pool, text, { assets, column: column ?? null });
}

/** Edges that begin (`src`) or end (`dst`) at one of these nodes. */
export async function edgesAtIn(pool: Neo4jPool, ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
  if (types.length === 0) return [];
  const text = `UNWIND $wanted AS id MATCH (${side === 'src' ? 'a' : 'b'}:Entity {id: id}) MATCH (a:Entity)-[e:${types.map(quotedName).join('|')}]->(b:Entity)
    RETURN ${EDGE} ORDER BY from, type, to`;
  return askEdges(pool, text, { wanted: [...new Set(ids)] });
}

/** An edge and whether somebody rejected it: as much as a walk needs. */
export interface Hop {
  from: string;
  type: string;
  to: string;
}

/** Edges of these types that begin or end at these nodes, by start, type and end, as many as asked. */
export async function hopsIn(
  pool: Neo4jPool,
  ids: readonly string[],
  side: 'src' | 'dst',
  types: readonly string[],
  options: { includeRejected: boolean; limit: number },
): Promise<Hop[]> {
  if (types.length === 0 || ids.length === 0) return [];
  const kept = options.includeRejected ? '' : "WHERE coalesce(e.status, 'approved') <> 'rejected'";
  const text = `UNWIND $ids AS id MATCH (${side === 'src' ? 'a' : 'b'}:Entity {id: id}) MATCH (a:Entity)-[e:${types.map(quotedName).join('|')}]->(b:Entity) ${kept}
    RETURN a.id AS from, type(e) AS type, b.id AS to ORDER BY from, type, to LIMIT $limit`;
  const values = { ids, limit: BigInt(options.limit) };
  return inNeo4j(pool, 'walking through the lineage graph', (transaction) => rowsOf<Hop>(transaction, text, values));
}

/** Rows of a page of a read through everything. */
const PAGE = 5000;
/** Starts of edges of a page; each may have many. */
const STARTS = 1000;

/** Every node, ascending by id, a page at a time; what is written meanwhile may be among them or not. */
export async function* allNodesIn(pool: Neo4jPool): AsyncGenerator<StoredNode> {
  const text = `MATCH (n:Entity) WHERE n.id > $after AND ${REAL} WITH n ORDER BY n.id LIMIT $page RETURN ${NODE} ORDER BY n.id`;
  for (let after = ''; ; ) {
    const nodes = await askNodes(pool, text, { after, page: BigInt(PAGE) });
    yield* nodes;
    const last = nodes.at(-1);
    if (!last || nodes.length < PAGE) return;
    after = last.id;
  }
}

/** Every edge, ascending by start, type and end. */
export async function* allEdgesIn(pool: Neo4jPool): AsyncGenerator<StoredEdge> {
  const starts = 'MATCH (a:Entity) WHERE a.id > $after WITH a ORDER BY a.id LIMIT $page RETURN max(a.id) AS last';
  const text = `MATCH (a:Entity) WHERE a.id > $after AND a.id <= $last MATCH (a)-[e]->(b:Entity) RETURN ${EDGE} ORDER BY from, type, to`;
  for (let after = ''; ; ) {
    const values = { after, page: BigInt(STARTS) };
    const [row] = await inNeo4j(pool, DOING, (transaction) => rowsOf<{ last: string | null }>(transaction, starts, values));
    if (!row?.last) return;
    yield* await askEdges(pool, text, { after, last: row.last });
    after = row.last;
  }
}
