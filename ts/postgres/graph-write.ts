import type { GraphCopy, GraphFile, GraphSource } from '../graph/model.js';
import type { KnownFile } from '../graph/sink.js';
import { ask, type Connection, change, inTransaction } from './connect.js';
import { dropIndexes, FACT_TABLES } from './graph-indexes.js';
import { quoted } from './names.js';
import { copyIn } from './statements/copy-in.js';

const DOING = 'writing the lineage graph';
/** The tables that a copy fills, and its fields. */
const COPIED = [
  { part: 'nodes', name: 'lineage_node_fact', columns: ['file', 'id', 'kind', 'name', 'props'] },
  { part: 'columns', name: 'lineage_column_fact', columns: ['file', 'id', 'asset', 'name'] },
  { part: 'flows', name: 'lineage_flow_fact', columns: ['file', 'src', 'dst', 'via', 'kind', 'logic', 'confidence', 'props'] },
  { part: 'edges', name: 'lineage_edge_fact', columns: ['file', 'src', 'type', 'dst', 'source', 'confidence', 'status', 'props'] },
] as const;
/** Bytes of a binary COPY without rows. */
const EMPTY_COPY_BYTES = 21;
const ID_BYTES = 32;

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
    const first = await nextKey(connection, schema);
    // The rows are made while the server is busy with those of the files. Should that fail, it is met below, when no statement is under way.
    const copying = source.copy(from, to, first);
    copying.catch(() => undefined);
    await replaceFiles(connection, part, files, first);
    const copy = await copying;
    for (const { part: of, name, columns } of COPIED) {
      if (copy[of].length > EMPTY_COPY_BYTES) await copyIn(connection, { schema, name }, columns, once(copy[of]));
    }
    const unmatched = part.checkEnds ? await countUnmatched(connection, schema, copy) : 0;
    return { nodes: copy.nodeCount, edges: copy.edgeCount, unmatched };
  });
}

/** Takes the rows of these files' former graphs away and says whose the rows with the keys from `first` on are. */
async function replaceFiles(connection: Connection, part: GraphPart, files: readonly GraphFile[], first: number): Promise<void> {
  const values = files.map(({ name, sha256, digest, nodes, edges }, at) => {
    return { key: first + at, name, sha256, digest: part.incomplete?.has(name) ? '' : digest, nodes, edges };
  });
  // In the order of names, so that two writers of the same files wait for each other instead of locking each other out.
  const text = `INSERT INTO ${quoted(part.schema)}.lineage_file AS f (name, key, sha256, digest, nodes, edges, first_run, last_run)
    SELECT name, key, sha256, digest, nodes, edges, $2, $2
    FROM jsonb_to_recordset($1::jsonb) AS t (key bigint, name text, sha256 text, digest text, nodes integer, edges integer)
    ORDER BY name COLLATE "C"
    ON CONFLICT (name) DO UPDATE SET previous_key = f.key, key = excluded.key,
      sha256 = excluded.sha256, digest = excluded.digest, nodes = excluded.nodes, edges = excluded.edges,
      last_run = excluded.last_run, processed_at = now()
    RETURNING f.previous_key AS key`;
  const replaced = await ask<{ key: string | null }>(connection, DOING, text, [JSON.stringify(values), part.run]);
  await deleteFacts(
    connection,
    part.schema,
    replaced.flatMap(({ key }) => key ?? []),
  );
}

async function deleteFacts(connection: Connection, schema: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  for (const table of FACT_TABLES) await change(connection, DOING, `DELETE FROM ${quoted(schema)}.${table} WHERE file = ANY($1::bigint[])`, [keys]);
}

async function nextKey(connection: Connection, schema: string): Promise<number> {
  const [row] = await ask<{ key: string }>(connection, DOING, 'SELECT nextval($1::regclass) AS key', [`${quoted(schema)}.lineage_key`]);
  return Number(row?.key);
}

/** Nearly always both ends of an edge are nodes of the same files, and the server is asked for nothing. */
async function countUnmatched(connection: Connection, schema: string, { strange }: GraphCopy): Promise<number> {
  if (strange.length === 0) return 0;
  const ids = Array.from({ length: strange.length / ID_BYTES }, (_, at) => strange.subarray(at * ID_BYTES, (at + 1) * ID_BYTES));
  const text = `SELECT count(*)::int AS unmatched FROM unnest($1::bytea[]) s (id)
    WHERE NOT EXISTS (SELECT FROM ${quoted(schema)}.lineage_node_told n WHERE n.id = s.id)`;
  const [row] = await ask<{ unmatched: number }>(connection, DOING, text, [ids]);
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
      const first = await nextKey(connection, part.schema);
      await replaceFiles(connection, { ...part, incomplete: new Set(missing.map(({ name }) => name)) }, missing, first);
    }
    const key = `SELECT key FROM ${quoted(part.schema)}.lineage_file f WHERE f.name = t.owner`;
    const lineage = `${quoted(part.schema)}.lineage`;
    const node = `INSERT INTO ${lineage}_node_fact (file, id, kind, name, props)
      SELECT p.key, decode(t.id, 'hex'), t.kind, t.name, t.properties
      FROM jsonb_to_recordset($1::jsonb) AS t (owner text, id text, kind text, name text, properties jsonb) CROSS JOIN LATERAL (${key}) p
      WHERE NOT EXISTS (SELECT FROM ${lineage}_node_told n WHERE n.id = decode(t.id, 'hex') AND n.file = p.key)`;
    const edge = `INSERT INTO ${lineage}_edge_fact (file, src, type, dst, source, confidence, status, props)
      SELECT p.key, decode(t.start, 'hex'), t.type, decode(t.finish, 'hex'), t.source, t.confidence, t.status, t.properties
      FROM jsonb_to_recordset($1::jsonb)
        AS t (owner text, start text, type text, finish text, source text, confidence double precision, status text, properties jsonb)
      CROSS JOIN LATERAL (${key}) p
      WHERE NOT EXISTS (SELECT FROM ${lineage}_edge_told e
        WHERE e.src = decode(t.start, 'hex') AND e.type = t.type AND e.dst = decode(t.finish, 'hex') AND e.file = p.key)`;
    const nodeRows = nodes.map(({ file: owner, ...rest }) => ({ owner, ...rest }));
    const edgeRows = edges.map(({ file: owner, from: start, to: finish, ...rest }) => ({ owner, start, finish, ...rest }));
    const counts = { nodes: await change(connection, DOING, node, [JSON.stringify(nodeRows)]), edges: 0, unmatched: 0 };
    return { ...counts, edges: await change(connection, DOING, edge, [JSON.stringify(edgeRows)]) };
  });
}

/** Forgets files; names that are not held are left alone. Answers how many were. */
export async function removeFromGraph(connection: Connection, schema: string, names: readonly string[]): Promise<number> {
  return inTransaction(connection, DOING, async () => {
    const text = `DELETE FROM ${quoted(schema)}.lineage_file WHERE name = ANY($1) RETURNING key`;
    const gone = await ask<{ key: string }>(connection, DOING, text, [names]);
    await deleteFacts(
      connection,
      schema,
      gone.map(({ key }) => key),
    );
    return gone.length;
  });
}

/** Empties the graph, with its reviews. */
export async function clearGraph(connection: Connection, schema: string): Promise<void> {
  const doing = 'emptying the lineage graph';
  await inTransaction(connection, doing, async () => {
    const names = ['lineage_file', ...FACT_TABLES, 'lineage_review'].map((name) => `${quoted(schema)}.${name}`);
    await change(connection, doing, `TRUNCATE ${names.join(', ')}`);
    await dropIndexes(connection, schema);
  });
}

/** Files of one answer's row: rows of a column each would take twice as long to take apart. */
const KNOWN_AT_ONCE = 8192;

/** What is held of files: of all, or of those named. */
export async function knownFiles(connection: Connection, schema: string, names?: readonly string[]): Promise<Map<string, KnownFile>> {
  const where = names ? 'WHERE name = ANY($1)' : '';
  const text = `SELECT json_agg(json_build_array(name, sha256, digest, processed_at)) AS files
    FROM ${quoted(schema)}.lineage_file ${where} GROUP BY key / ${KNOWN_AT_ONCE}`;
  type Row = { files: [name: string, sha256: string, digest: string, processedAt: string][] };
  const rows = await ask<Row>(connection, 'reading the files of the lineage graph', text, names ? [names] : []);
  const known = new Map<string, KnownFile>();
  for (const { files } of rows) {
    for (const [name, sha256, digest, processedAt] of files) known.set(name, { sha256, digest, processedAt: new Date(processedAt) });
  }
  return known;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
