import type { EdgeStatus, StoredEdge, StoredNode } from '../graph/model.js';
import { PROJECT, REPOSITORY, scopeOf } from '../graph/scope.js';
import type { EdgeFilter, GraphScope, NodeFilter, Review } from '../graph/sink.js';
import { ask, type Connection, change } from './connect.js';
import { quoted } from './names.js';

const DOING = 'reading the lineage graph';
/** Rows of a page of a read through everything. */
const PAGE = 5000;

interface NodeRow {
  id: Buffer;
  kind: string;
  name: string;
  props: Record<string, unknown>;
  owner: string | null;
}

interface EdgeRow {
  src: Buffer;
  type: string;
  dst: Buffer;
  source: string;
  confidence: number;
  status: EdgeStatus;
  props: Record<string, unknown>;
}

/** A column's name says little without its asset's: `n` is a row of `lineage_node`. */
function ownerOf(schema: string): string {
  return `CASE WHEN n.kind = 'Column' THEN (
    SELECT min(a.name COLLATE "C") FROM ${schema}.lineage_edge_told c JOIN ${schema}.lineage_node_told a ON a.id = c.src
    WHERE c.dst = n.id AND c.type = 'CONTAINS') END AS owner`;
}

function storedNode({ id, kind, name, props, owner }: NodeRow): StoredNode {
  const path = kind === 'File' && typeof props.path === 'string' ? props.path : name;
  return { id: id.toString('hex'), kind, name, fullName: owner === null ? path : `${owner}.${name}`, properties: props };
}

function storedEdge({ src, dst, props, ...rest }: EdgeRow): StoredEdge {
  return { from: src.toString('hex'), to: dst.toString('hex'), ...rest, properties: props };
}

/** Values of a statement in the making. */
class Values {
  readonly all: unknown[] = [];

  /** The placeholder of a value. */
  add(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}

async function askNodes(connection: Connection, schema: string, rest: string, values: readonly unknown[]): Promise<StoredNode[]> {
  const text = `SELECT n.*, ${ownerOf(quoted(schema))} FROM ${rest}`;
  return (await ask<NodeRow>(connection, DOING, text, [...values])).map(storedNode);
}

/** Nodes that files in scope tell of. */
function idsIn(schema: string, { under, project, repositories }: GraphScope, values: Values): string {
  const where = ['true'];
  if (under) where.push(`EXISTS (SELECT FROM unnest(${values.add(under)}::text[]) r WHERE l.name = r OR starts_with(l.name, r || '/'))`);
  const own = ["f.kind = 'File'"];
  if (project !== undefined) own.push(`f.props ->> '${PROJECT}' = ${values.add(project)}`);
  if (repositories) own.push(`f.props ->> '${REPOSITORY}' = ANY(${values.add(repositories)}::text[])`);
  if (own.length > 1) where.push(`l.key IN (SELECT f.file FROM ${schema}.lineage_node_fact f WHERE ${own.join(' AND ')})`);
  return `SELECT t.id FROM ${schema}.lineage_node_told t WHERE t.file IN (SELECT l.key FROM ${schema}.lineage_file l WHERE ${where.join(' AND ')})`;
}

/** Those of the nodes that files in scope tell of. */
export async function nodesInScope(connection: Connection, schema: string, ids: readonly string[], scope: GraphScope): Promise<Set<string>> {
  const values = new Values();
  const wanted = values.add(ids.map((id) => Buffer.from(id, 'hex')));
  const text = `SELECT encode(w.id, 'hex') AS id FROM unnest(${wanted}::bytea[]) w (id) WHERE w.id IN (${idsIn(quoted(schema), scope, values)})`;
  const rows = await ask<{ id: string }>(connection, DOING, text, values.all);
  return new Set(rows.map(({ id }) => id));
}

/** Nodes by what is asked of them, by name. */
export async function selectNodes(connection: Connection, schema: string, filter: NodeFilter, limit: number): Promise<StoredNode[]> {
  const values = new Values();
  const name = quoted(schema);
  const where = ['true'];
  if (filter.contains) where.push(`position(lower(${values.add(filter.contains)}) IN lower(f.name)) > 0`);
  if (filter.file) where.push(`f.file IN (SELECT key FROM ${name}.lineage_file WHERE name = ${values.add(filter.file)})`);
  const scope = scopeOf(filter);
  if (scope) where.push(`f.id IN (${idsIn(name, scope, values)})`);
  const kind = filter.kind ? `WHERE n.kind = ${values.add(filter.kind)}` : '';
  const facts = where.length > 1 ? `WHERE id IN (SELECT f.id FROM ${name}.lineage_node_told f WHERE ${where.join(' AND ')})` : '';
  const chosen = `(SELECT * FROM ${name}.lineage_node ${facts}) n ${kind} ORDER BY n.name COLLATE "C", n.kind, n.id LIMIT ${values.add(limit)}`;
  return askNodes(connection, schema, `(SELECT * FROM ${chosen}) n ORDER BY n.name COLLATE "C", n.kind, n.id`, values.all);
}

/** Edges by what is asked of them. */
export async function selectEdges(connection: Connection, schema: string, filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
  const values = new Values();
  const where = ['true'];
  if (filter.type) where.push(`type = ${values.add(filter.type)}`);
  if (filter.status) where.push(`status = ${values.add(filter.status)}`);
  if (filter.source) where.push(`source = ${values.add(filter.source)}`);
  if (filter.minConfidence !== undefined) where.push(`confidence >= ${values.add(filter.minConfidence)}`);
  if (filter.node) {
    const end = values.add(Buffer.from(filter.node, 'hex'));
    where.push(`(src = ${end} OR dst = ${end})`);
  }
  const scope = scopeOf(filter);
  if (scope) {
    const told = idsIn(quoted(schema), scope, values);
    where.push(`src IN (${told}) AND dst IN (${told})`);
  }
  const text = `SELECT * FROM ${quoted(schema)}.lineage_edge WHERE ${where.join(' AND ')} ORDER BY src, type COLLATE "C", dst LIMIT ${values.add(limit)}`;
  return (await ask<EdgeRow>(connection, DOING, text, values.all)).map(storedEdge);
}

/** Nodes that have one of these words in their names, those with the most of them first. */
export async function searchNodes(connection: Connection, schema: string, words: readonly string[], limit: number): Promise<StoredNode[]> {
  const name = quoted(schema);
  const hits = '(SELECT count(*) FROM unnest($1::text[]) w WHERE position(w IN lower(f.name)) > 0)';
  const found = `(SELECT f.id, max(${hits}) AS hits, min(f.name COLLATE "C") AS name FROM ${name}.lineage_node_told f
    WHERE f.kind <> 'Transformation' AND EXISTS (SELECT FROM unnest($1::text[]) w WHERE position(w IN lower(f.name)) > 0)
    GROUP BY f.id ORDER BY 2 DESC, length(min(f.name)), 3, 1 LIMIT $2) h`;
  const rest = `${found} CROSS JOIN LATERAL (SELECT * FROM ${name}.lineage_node WHERE id = h.id OFFSET 0) n ORDER BY h.hits DESC, length(h.name), h.name, h.id`;
  return askNodes(connection, schema, rest, [words, limit]);
}

/** Nodes by id. `OFFSET 0` keeps the planner from joining with the whole view, which it would make first: 75 ms instead of 1 with 56,000 nodes. */
export async function nodesById(connection: Connection, schema: string, ids: readonly string[]): Promise<StoredNode[]> {
  const wanted = [...new Set(ids)].map((id) => Buffer.from(id, 'hex'));
  const rest = `unnest($1::bytea[]) w (id) CROSS JOIN LATERAL (SELECT * FROM ${quoted(schema)}.lineage_node WHERE id = w.id OFFSET 0) n`;
  return askNodes(connection, schema, rest, [wanted]);
}

/** Edges that end, or begin, at one of these nodes. */
export async function edgesAt(connection: Connection, schema: string, ids: readonly string[], side: 'src' | 'dst', types: readonly string[]) {
  const text = `SELECT e.* FROM unnest($1::bytea[]) w (id) CROSS JOIN LATERAL (
    SELECT * FROM ${quoted(schema)}.lineage_edge WHERE ${side} = w.id AND type = ANY($2) OFFSET 0) e ORDER BY src, type COLLATE "C", dst`;
  const wanted = [...new Set(ids)].map((id) => Buffer.from(id, 'hex'));
  return (await ask<EdgeRow>(connection, DOING, text, [wanted, types])).map(storedEdge);
}

/** Nodes of this name, or of a longer one that ends in a dot and this name; for files the path counts. Columns are not among them. */
export async function nodesNamed(connection: Connection, schema: string, text: string): Promise<StoredNode[]> {
  const name = quoted(schema);
  const exact = `SELECT id FROM ${name}.lineage_node_fact
    WHERE left(lower(name), 100) = left(lower($1), 100) AND lower(name) = lower($1) AND kind NOT IN ('Transformation', 'Column')
    UNION SELECT f.id FROM ${name}.lineage_file l JOIN ${name}.lineage_node_fact f ON f.file = l.key
    WHERE l.name = $1 AND f.kind = 'File'`;
  const found = await askNodes(connection, schema, `${name}.lineage_node n WHERE n.id IN (${exact}) ORDER BY n.name COLLATE "C", n.id`, [text]);
  if (found.length > 0) return found;
  const ending = `SELECT id FROM ${name}.lineage_node_fact
    WHERE kind NOT IN ('Transformation', 'Column') AND right(lower(name), length($1) + 1) = '.' || lower($1)`;
  return askNodes(connection, schema, `${name}.lineage_node n WHERE n.id IN (${ending}) ORDER BY n.name COLLATE "C", n.id`, [text]);
}

/** Columns of these assets, by name; only those of one name, in any case, where it is given. */
export async function columnsOf(connection: Connection, schema: string, assets: readonly string[], column?: string): Promise<StoredNode[]> {
  const name = quoted(schema);
  const rest = `(SELECT DISTINCT c.dst AS id FROM unnest($1::bytea[]) w (id) JOIN ${name}.lineage_edge_told c ON c.src = w.id AND c.type = 'CONTAINS') w
    CROSS JOIN LATERAL (SELECT * FROM ${name}.lineage_node WHERE id = w.id OFFSET 0) n
    WHERE n.kind = 'Column' AND ($2::text IS NULL OR lower(n.name) = lower($2)) ORDER BY n.name COLLATE "C", n.id`;
  const wanted = assets.map((id) => Buffer.from(id, 'hex'));
  return askNodes(connection, schema, rest, [wanted, column ?? null]);
}

/** Says what a person decided about an edge; false where there is no such edge. */
export async function reviewEdge(connection: Connection, schema: string, review: Review): Promise<boolean> {
  const name = quoted(schema);
  const text = `INSERT INTO ${name}.lineage_review (src, type, dst, status, notes)
    SELECT DISTINCT src, type, dst, $4, $5 FROM ${name}.lineage_edge_told WHERE src = $1 AND type = $2 AND dst = $3
    ON CONFLICT (src, type, dst) DO UPDATE SET status = excluded.status, notes = excluded.notes, reviewed_at = now()`;
  const [from, to] = [Buffer.from(review.from, 'hex'), Buffer.from(review.to, 'hex')];
  const status = review.action === 'approve' ? 'approved' : 'rejected';
  return (await change(connection, 'reviewing an edge', text, [from, review.type, to, status, review.notes ?? null])) > 0;
}

/** Begins the transaction that a read through everything needs; it ends with the session. */
export async function beginReading(connection: Connection): Promise<void> {
  await change(connection, DOING, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** Every node, ascending by id, a page at a time; the transaction that reads them is the caller's. */
export async function* everyNode(connection: Connection, schema: string): AsyncGenerator<StoredNode> {
  const text = `SELECT n.*, ${ownerOf(quoted(schema))} FROM ${quoted(schema)}.lineage_node n ORDER BY n.id`;
  for await (const row of throughCursor<NodeRow>(connection, 'rowmill_nodes', text)) yield storedNode(row);
}

/** Every edge, ascending by start, type and end. */
export async function* everyEdge(connection: Connection, schema: string): AsyncGenerator<StoredEdge> {
  const text = `SELECT * FROM ${quoted(schema)}.lineage_edge ORDER BY src, type COLLATE "C", dst`;
  for await (const row of throughCursor<EdgeRow>(connection, 'rowmill_edges', text)) yield storedEdge(row);
}

async function* throughCursor<Row extends object>(connection: Connection, cursor: string, text: string): AsyncGenerator<Row> {
  await change(connection, DOING, `DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`);
  for (;;) {
    const rows = await ask<Row>(connection, DOING, `FETCH ${PAGE} FROM ${cursor}`);
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await change(connection, DOING, `CLOSE ${cursor}`);
}
