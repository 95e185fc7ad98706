import type { GraphFile, GraphSource } from '../graph/model.js';
import type { KnownFile } from '../graph/sink.js';
import { ask, type Connection, change, inTransaction } from './connect.js';
import { quoted, type TableName } from './names.js';
import { copyIn } from './statements/copy-in.js';

const DOING = 'writing the lineage graph';
const NODE_COLUMNS = ['file', 'id', 'kind', 'name', 'props'];
const EDGE_COLUMNS = ['file', 'src', 'type', 'dst', 'source', 'confidence', 'status', 'props'];

/** Some files of a source, and the run that writes them. */
export interface GraphPart {
  schema: string;
  source: GraphSource;
  /** Places among the source's files; `to` is not included. */
  from: number;
  to: number;
  run: string;
  /** Whether to count ends of edges that are no node. */
  checkEnds: boolean;
  /** Names of files of which only a part is written: their digest stays empty, so that they are written again. */
  incomplete?: ReadonlySet<string>;
}

export interface WrittenPart {
  nodes: number;
  edges: number;
  unmatched: number;
}

/** Replaces the graphs of some files, in one transaction: the old ones stay whatever fails. */
export async function writeGraph(connection: Connection, part: GraphPart): Promise<WrittenPart> {
  const { source, from, to, schema } = part;
  const files = source.files().slice(from, to);
  if (files.length === 0) return { nodes: 0, edges: 0, unmatched: 0 };
  return inTransaction(connection, DOING, async () => {
    const load = await nextLoad(connection, schema);
    await replaceFiles(connection, part, files, load);
    const bytes = await source.copy(from, to);
    const nodes = await copyIn(connection, factTable(schema, 'node'), NODE_COLUMNS, once(bytes.nodes));
    const edges = await copyIn(connection, factTable(schema, 'edge'), EDGE_COLUMNS, once(bytes.edges));
    return { nodes, edges, unmatched: part.checkEnds ? await countUnmatched(connection, schema, load) : 0 };
  });
}

/** Takes the rows of these files' former graphs away and says whose the rows of this load are. */
async function replaceFiles(connection: Connection, part: GraphPart, files: readonly GraphFile[], load: string): Promise<void> {
  const values = files.map((file, at) => ({ at, ...file, digest: part.incomplete?.has(file.name) ? '' : file.digest }));
  // In the order of names, so that two writers of the same files wait for each other instead of locking each other out.
  const text = `INSERT INTO ${quoted(part.schema)}.lineage_file AS f (name, load, file, sha256, digest, nodes, edges, first_run, last_run)
    SELECT name, $2::bigint, at, sha256, digest, nodes, edges, $3, $3
    FROM jsonb_to_recordset($1::jsonb) AS t (at integer, name text, sha256 text, digest text, nodes integer, edges integer)
    ORDER BY name COLLATE "C"
    ON CONFLICT (name) DO UPDATE SET previous_load = f.load, previous_file = f.file, load = excluded.load, file = excluded.file,
      sha256 = excluded.sha256, digest = excluded.digest, nodes = excluded.nodes, edges = excluded.edges,
      last_run = excluded.last_run, processed_at = now()
    RETURNING f.previous_load AS load, f.previous_file AS file`;
  const replaced = await ask<Place>(connection, DOING, text, [JSON.stringify(values), load, part.run]);
  await deleteFacts(
    connection,
    part.schema,
    replaced.filter((place) => place.load !== null),
  );
}

/** Where the rows of a file are; both null for a file that is new. */
interface Place {
  load: string | null;
  file: number | null;
}

async function deleteFacts(connection: Connection, schema: string, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  const values = [places.map(({ load }) => load), places.map(({ file }) => file)];
  for (const what of ['node', 'edge']) {
    const text = `DELETE FROM ${quoted(schema)}.lineage_${what}_fact f USING unnest($1::bigint[], $2::integer[]) AS o (load, file)
      WHERE f.load = o.load AND f.file = o.file`;
    await change(connection, DOING, text, values);
  }
}

async function nextLoad(connection: Connection, schema: string): Promise<string> {
  const [row] = await ask<{ load: string }>(connection, DOING, 'SELECT nextval($1::regclass) AS load', [`${quoted(schema)}.lineage_load`]);
  return row?.load ?? '';
}

async function countUnmatched(connection: Connection, schema: string, load: string): Promise<number> {
  const name = quoted(schema);
  // Nearly always both ends are nodes of the same load: a hash of it answers, and the index only what is left.
  const text = `WITH own AS MATERIALIZED (SELECT DISTINCT id FROM ${name}.lineage_node_fact WHERE load = $1),
    ends AS (SELECT src AS id FROM ${name}.lineage_edge_fact WHERE load = $1 UNION ALL SELECT dst FROM ${name}.lineage_edge_fact WHERE load = $1),
    strange AS MATERIALIZED (SELECT id FROM ends WHERE NOT EXISTS (SELECT FROM own WHERE own.id = ends.id))
    SELECT count(*)::int AS unmatched FROM strange s WHERE NOT EXISTS (SELECT FROM ${name}.lineage_node_fact n WHERE n.id = s.id)`;
  const [row] = await ask<{ unmatched: number }>(connection, DOING, text, [load]);
  return row?.unmatched ?? 0;
}

/** Adds rows to the graphs of files that are held already; those that are not begin with these rows, and count as incomplete. */
export async function addToGraph(connection: Connection, part: GraphPart): Promise<WrittenPart> {
  const held = await knownFiles(
    connection,
    part.schema,
    part.source.files().map(({ name }) => name),
  );
  const { nodes, edges } = await part.source.graph(part.from, part.to);
  return inTransaction(connection, DOING, async () => {
    const missing = part.source.files().filter(({ name }) => !held.has(name));
    if (missing.length > 0) {
      const load = await nextLoad(connection, part.schema);
      await replaceFiles(connection, { ...part, incomplete: new Set(missing.map(({ name }) => name)) }, missing, load);
    }
    const at = `SELECT load, file FROM ${quoted(part.schema)}.lineage_file f WHERE f.name = t.owner`;
    const facts = `${quoted(part.schema)}.lineage`;
    const node = `INSERT INTO ${facts}_node_fact (load, file, id, kind, name, props)
      SELECT p.load, p.file, decode(t.id, 'hex'), t.kind, t.name, t.properties
      FROM jsonb_to_recordset($1::jsonb) AS t (owner text, id text, kind text, name text, properties jsonb) CROSS JOIN LATERAL (${at}) p
      WHERE NOT EXISTS (SELECT FROM ${facts}_node_fact n WHERE n.id = decode(t.id, 'hex') AND n.load = p.load AND n.file = p.file)`;
    const edge = `INSERT INTO ${facts}_edge_fact (load, file, src, type, dst, source, confidence, status, props)
      SELECT p.load, p.file, decode(t.start, 'hex'), t.type, decode(t.finish, 'hex'), t.source, t.confidence, t.status, t.properties
      FROM jsonb_to_recordset($1::jsonb)
        AS t (owner text, start text, type text, finish text, source text, confidence double precision, status text, properties jsonb)
      CROSS JOIN LATERAL (${at}) p
      WHERE NOT EXISTS (SELECT FROM ${facts}_edge_fact e
        WHERE e.src = decode(t.start, 'hex') AND e.type = t.type AND e.dst = decode(t.finish, 'hex') AND e.load = p.load AND e.file = p.file)`;
    const nodeRows = nodes.map(({ file: owner, ...rest }) => ({ owner, ...rest }));
    const edgeRows = edges.map(({ file: owner, from: start, to: finish, ...rest }) => ({ owner, start, finish, ...rest }));
    const counts = { nodes: await change(connection, DOING, node, [JSON.stringify(nodeRows)]), edges: 0, unmatched: 0 };
    return { ...counts, edges: await change(connection, DOING, edge, [JSON.stringify(edgeRows)]) };
  });
}

/** Forgets files; names that are not held are left alone. Answers how many were. */
export async function removeFromGraph(connection: Connection, schema: string, names: readonly string[]): Promise<number> {
  return inTransaction(connection, DOING, async () => {
    const text = `DELETE FROM ${quoted(schema)}.lineage_file WHERE name = ANY($1) RETURNING load, file`;
    const gone = await ask<Place>(connection, DOING, text, [names]);
    await deleteFacts(connection, schema, gone);
    return gone.length;
  });
}

/** Empties the graph, with its reviews. */
export async function clearGraph(connection: Connection, schema: string): Promise<void> {
  const names = ['lineage_file', 'lineage_node_fact', 'lineage_edge_fact', 'lineage_review'].map((name) => `${quoted(schema)}.${name}`);
  await change(connection, 'emptying the lineage graph', `TRUNCATE ${names.join(', ')}`);
}

/** What is held of files: of all, or of those named. */
export async function knownFiles(connection: Connection, schema: string, names?: readonly string[]): Promise<Map<string, KnownFile>> {
  const where = names ? 'WHERE name = ANY($1)' : '';
  const text = `SELECT name, sha256, digest, processed_at AS "processedAt" FROM ${quoted(schema)}.lineage_file ${where}`;
  const rows = await ask<KnownFile & { name: string }>(connection, 'reading the files of the lineage graph', text, names ? [names] : []);
  return new Map(rows.map(({ name, ...known }) => [name, known]));
}

function factTable(schema: string, what: 'node' | 'edge'): TableName {
  return { schema, name: `lineage_${what}_fact` };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
