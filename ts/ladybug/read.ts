import { edgeOfText, mergedEdge, mergedNode, nodeOfText } from '../graph/merge.js';
import type { EdgeStatus, StoredEdge, StoredNode } from '../graph/model.js';
import { idsToldIn, isUnder, scopeOf } from '../graph/scope.js';
import type { EdgeFilter, GraphScope, NodeFilter, WalkedEdge } from '../graph/sink.js';
import { readTold } from '../graph/told.js';
import { inLadybug, type LadybugPool, plainName, quotedName } from './connect.js';
import { factsOfText } from './write.js';

const DOING = 'reading the lineage graph';

interface NodeRow {
  id: string;
  told: string[];
  /** Smallest name of what contains a column. */
  owner: string | null;
}

interface EdgeRow {
  src: string;
  label: string;
  dst: string;
  told: string[];
  status: string;
  reviewed: string | null;
  notes: string | null;
}

/** A node that files tell of; not a missing end. */
const REAL = 'n.kind IS NOT NULL';
const BY_NAME = 'ORDER BY n.name, n.kind, n.id';

/** What is asked of `e`, which goes from `a` to `b`. */
const EDGE = 'a.id AS src, label(e) AS label, b.id AS dst, e.told AS told, e.status AS status, e.reviewed_at AS reviewed, e.reviewer_notes AS notes';
const BY_ENDS = 'ORDER BY src, label, dst';

function storedNode({ id, told, owner }: NodeRow): StoredNode {
  const { kind, name, properties } = mergedNode([...readTold(told).keys()].map(nodeOfText));
  const path = kind === 'File' && typeof properties.path === 'string' ? properties.path : name;
  return { id, kind, name, fullName: owner === null ? path : `${owner}.${name}`, properties };
}

function storedEdge({ src, label, dst, told, status, reviewed, notes }: EdgeRow): StoredEdge {
  const said = mergedEdge([...readTold(told).keys()].map(edgeOfText));
  const review = { ...(reviewed === null ? {} : { reviewed_at: reviewed }), ...(notes === null ? {} : { reviewer_notes: notes }) };
  const properties = { ...said.properties, ...review };
  return { from: src, type: plainName(label), to: dst, ...said, status: status as EdgeStatus, properties };
}

/** Nodes of which `text` answers the ids, in its order. A column's name says little without its asset's. */
async function askNodes(pool: LadybugPool, text: string, values: Record<string, unknown>): Promise<StoredNode[]> {
  const owners = "MATCH (n:Entity {id: r}) WHERE n.kind = 'Column' MATCH (o:Entity)-[:CONTAINS]->(n) RETURN n.id AS id, min(o.name) AS owner";
  return inLadybug(pool, DOING, async (transaction) => {
    const found = await transaction.rows<Pick<NodeRow, 'id' | 'told'>>(text, values);
    const rows = await transaction.over<{ id: string; owner: string }>(
      found.map(({ id }) => id),
      owners,
    );
    const ownerOf = new Map(rows.map(({ id, owner }) => [id, owner]));
    return found.map(({ id, told }) => storedNode({ id, told, owner: ownerOf.get(id) ?? null }));
  });
}

async function askEdges(pool: LadybugPool, text: string, values: Record<string, unknown>): Promise<StoredEdge[]> {
  return (await inLadybug(pool, DOING, (transaction) => transaction.rows<EdgeRow>(text, values))).map(storedEdge);
}

/** Only those of the values that the text speaks of: the engine refuses others. */
interface Conditions {
  where: string[];
  values: Record<string, unknown>;
}

function add({ where, values }: Conditions, condition: string, name: string, value: unknown): void {
  if (value === undefined) return;
  where.push(condition);
  values[name] = value;
}

/** Nodes by what is asked of them, by name. */
export async function nodesIn(pool: LadybugPool, filter: NodeFilter, limit: number): Promise<StoredNode[]> {
  const conditions: Conditions = { where: [REAL], values: { limit } };
  add(conditions, 'n.kind = $kind', 'kind', filter.kind);
  add(conditions, 'n.lower_name CONTAINS $part', 'part', filter.contains?.toLowerCase());
  if (filter.file !== undefined) add(conditions, 'n.id IN $ids', 'ids', await idsToldBy(pool, (name) => name === filter.file, {}));
  const scope = scopeOf(filter);
  if (scope) add(conditions, 'n.id IN $told', 'told', await idsInScope(pool, scope));
  const text = `MATCH (n:Entity) WHERE ${conditions.where.join(' AND ')} RETURN n.id AS id, n.told AS told ${BY_NAME} LIMIT $limit`;
  return askNodes(pool, text, conditions.values);
}

/** Ids of the nodes that files of these names tell of. */
async function idsToldBy(pool: LadybugPool, isWanted: (name: string) => boolean, scope: GraphScope): Promise<string[]> {
  const facts = await inLadybug(pool, DOING, async (transaction) => {
    const files = await transaction.rows<{ name: string }>('MATCH (f:SourceFile) RETURN f.name AS name');
    const names = files.map(({ name }) => name).filter(isWanted);
    return transaction.over<{ facts: string }>(names, 'MATCH (f:SourceFile {name: r}) RETURN f.facts AS facts');
  });
  return idsToldIn(
    facts.map(({ facts }) => factsOfText(facts)),
    scope,
  );
}

function idsInScope(pool: LadybugPool, scope: GraphScope): Promise<string[]> {
  return idsToldBy(pool, (name) => isUnder(name, scope), scope);
}

/** Those of the nodes that files in scope tell of. */
export async function inScopeIn(pool: LadybugPool, ids: readonly string[], scope: GraphScope): Promise<Set<string>> {
  const told = new Set(await idsInScope(pool, scope));
  return new Set(ids.filter((id) => told.has(id)));
}

/** Edges by what is asked of them, by start, type and end. */
export async function edgesIn(pool: LadybugPool, filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
  const conditions: Conditions = { where: ['a.id IS NOT NULL'], values: { limit } };
  add(conditions, 'e.status = $status', 'status', filter.status);
  add(conditions, 'e.source = $source', 'source', filter.source);
  add(conditions, 'e.confidence >= CAST($least AS DOUBLE)', 'least', filter.minConfidence === undefined ? undefined : String(filter.minConfidence));
  add(conditions, '(a.id = $node OR b.id = $node)', 'node', filter.node);
  const scope = scopeOf(filter);
  if (scope) add(conditions, 'a.id IN $told AND b.id IN $told', 'told', await idsInScope(pool, scope));
  const text = `${edgePattern(filter.type === undefined ? [] : [filter.type])} WHERE ${conditions.where.join(' AND ')} RETURN ${EDGE} ${BY_ENDS} LIMIT $limit`;
  return askEdges(pool, text, conditions.values);
}

function edgePattern(types: readonly string[]): string {
  return `MATCH (a:Entity)-[e${types.length > 0 ? `:${types.map(quotedName).join('|')}` : ''}]->(b:Entity)`;
}

/** Nodes that have one of these words in their names, those with the most of them first. */
export async function searchIn(pool: LadybugPool, words: readonly string[], limit: number): Promise<StoredNode[]> {
  const hits = words.map((_, at) => `CASE WHEN n.lower_name CONTAINS $w${at} THEN 1 ELSE 0 END`).join(' + ');
  const values = Object.fromEntries(words.map((word, at) => [`w${at}`, word]));
  const text = `MATCH (n:Entity) WHERE ${REAL} AND n.kind <> 'Transformation' WITH n, ${hits} AS hits WHERE hits > 0
    RETURN n.id AS id, n.told AS told ORDER BY hits DESC, size(n.name), n.name, n.id LIMIT $limit`;
  return words.length === 0 ? [] : askNodes(pool, text, { ...values, limit });
}

/** Nodes by id; those that no file tells of are left out. */
export async function byIdsIn(pool: LadybugPool, ids: readonly string[]): Promise<StoredNode[]> {
  const text = `UNWIND $wanted AS id MATCH (n:Entity {id: id}) WHERE ${REAL} RETURN n.id AS id, n.told AS told`;
  return askNodes(pool, text, { wanted: [...new Set(ids)] });
}

/** Nodes of this name, or of a longer one that ends in a dot and this name; for files the path counts. Columns are not among them. */
export async function namedIn(pool: LadybugPool, name: string): Promise<StoredNode[]> {
  const few = `${REAL} AND NOT n.kind IN ['Transformation', 'Column']`;
  const ask = (condition: string): Promise<StoredNode[]> =>
    askNodes(pool, `MATCH (n:Entity) WHERE ${condition} AND ${few} RETURN n.id AS id, n.told AS told ${BY_NAME}`, { name: name.toLowerCase() });
  const found = await ask('n.lower_name = $name');
  const files = (await nodesIn(pool, { kind: 'File', file: name }, 1000)).filter(({ id }) => found.every((node) => node.id !== id));
  return found.length + files.length > 0 ? [...found, ...files] : ask("n.lower_name ENDS WITH concat('.', $name)");
}

/** Columns of these assets, by name; only those of one name, in any case, where it is given. */
export async function columnsIn(pool: LadybugPool, assets: readonly string[], column?: string): Promise<StoredNode[]> {
  const conditions: Conditions = { where: ["n.kind = 'Column'"], values: { assets: [...assets] } };
  add(conditions, 'n.lower_name = $wanted', 'wanted', column?.toLowerCase());
  const text = `UNWIND $assets AS asset MATCH (a:Entity {id: asset})-[:CONTAINS]->(n:Entity) WHERE ${conditions.where.join(' AND ')}
    WITH DISTINCT n RETURN n.id AS id, n.told AS told ${BY_NAME}`;
  return askNodes(pool, text, conditions.values);
}

/** Edges that begin (`src`) or end (`dst`) at one of these nodes. */
export async function edgesAtIn(pool: LadybugPool, ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
  if (types.length === 0) return [];
  const text = `UNWIND $ids AS id MATCH (${side === 'src' ? 'a' : 'b'}:Entity {id: id}) ${edgePattern(types)} RETURN ${EDGE} ${BY_ENDS}`;
  return askEdges(pool, text, { ids: [...new Set(ids)] });
}

/** Edges of these types that begin or end at these nodes, by start, type and end, as many as asked. */
export async function hopsIn(
  pool: LadybugPool,
  ids: readonly string[],
  side: 'src' | 'dst',
  types: readonly string[],
  { includeRejected, limit }: { includeRejected: boolean; limit: number },
): Promise<Pick<WalkedEdge, 'from' | 'type' | 'to'>[]> {
  if (types.length === 0 || ids.length === 0) return [];
  const kept = includeRejected ? '' : "WHERE e.status <> 'rejected'";
  const text = `UNWIND $ids AS id MATCH (${side === 'src' ? 'a' : 'b'}:Entity {id: id}) ${edgePattern(types)} ${kept}
    RETURN a.id AS src, label(e) AS label, b.id AS dst ${BY_ENDS} LIMIT $limit`;
  const rows = await inLadybug(pool, 'walking through the lineage graph', (transaction) =>
    transaction.rows<Pick<EdgeRow, 'src' | 'label' | 'dst'>>(text, { ids: [...ids], limit }),
  );
  return rows.map(({ src, label, dst }) => ({ from: src, type: plainName(label), to: dst }));
}

/** Rows of a page of a read through everything. */
const PAGE = 5000;
/** Starts of edges of a page; each may have many. */
const STARTS = 5000;

/** Every node, ascending by id, a page at a time; what is written meanwhile may be among them or not. */
export async function* allNodesIn(pool: LadybugPool): AsyncGenerator<StoredNode> {
  const text = `MATCH (n:Entity) WHERE n.id > $after AND ${REAL} RETURN n.id AS id, n.told AS told ORDER BY id LIMIT $page`;
  for (let after = ''; ; ) {
    const nodes = await askNodes(pool, text, { after, page: PAGE });
    yield* nodes;
    const last = nodes.at(-1);
    if (!last || nodes.length < PAGE) return;
    after = last.id;
  }
}

/** Every edge, ascending by start, type and end. */
export async function* allEdgesIn(pool: LadybugPool): AsyncGenerator<StoredEdge> {
  const starts = 'MATCH (a:Entity) WHERE a.id > $after WITH a.id AS id ORDER BY id LIMIT $page RETURN max(id) AS last';
  const text = `MATCH (a:Entity)-[e]->(b:Entity) WHERE a.id > $after AND a.id <= $last RETURN ${EDGE} ${BY_ENDS}`;
  for (let after = ''; ; ) {
    const values = { after, page: STARTS };
    const [row] = await inLadybug(pool, DOING, (transaction) => transaction.rows<{ last: string | null }>(starts, values));
    if (!row?.last) return;
    yield* await askEdges(pool, text, { after, last: row.last });
    after = row.last;
  }
}
