import type { GraphFile, GraphParts } from '../graph/model.js';
import type { KnownFile } from '../graph/sink.js';
import { inNeo4j, type Neo4jPool, overRows, rowsOf } from './connect.js';
import type { Neo4jTransaction } from './driver.js';
import { deltasOf, type FileChange, type FileFacts, factsOf, noFacts, packFacts, unpackFacts, withMore } from './facts.js';
import { lockGraph } from './schema.js';
import { countMissing, dropMissing, writeEdges } from './write-edges.js';
import { dropUntold, writeNodes } from './write-nodes.js';

const DOING = 'writing the lineage graph';

/** How a transaction writes. */
export interface Neo4jWriting {
  run: string;
  /** Rows of one statement. */
  batchSize: number;
  /** Names of files of which only a part is written: their digest stays empty, so that they are written again. */
  incomplete?: ReadonlySet<string> | undefined;
}

export interface WrittenParts {
  nodes: number;
  edges: number;
  unmatched: number;
}

/** Replaces the graphs of some files, in one transaction: the old ones stay whatever fails. Only what differs is touched. */
export async function replaceInNeo4j(pool: Neo4jPool, files: readonly GraphFile[], parts: GraphParts, writing: Neo4jWriting): Promise<WrittenParts> {
  const told = factsOf(parts.nodes, parts.edges);
  await inNeo4j(pool, DOING, async (transaction) => {
    const held = await heldFacts(transaction, files, writing.batchSize);
    const changes = files.map(
      (file): FileChange => ({ file, before: held.get(file.name)?.facts ?? noFacts(), after: told.get(file.name) ?? noFacts() }),
    );
    await applyChanges(transaction, changes, writing.batchSize);
    const rows = changes.map(({ file, after }) => fileRow(file, after, writing.incomplete?.has(file.name) ? '' : file.digest));
    await writeFiles(transaction, rows, writing);
  });
  return { nodes: parts.nodes.length, edges: parts.edges.length, unmatched: await unmatchedOf(pool, parts, writing.batchSize) };
}

/** Adds to the graphs of files that are held already; those that are not begin with this, and count as incomplete. */
export async function addToNeo4j(pool: Neo4jPool, files: readonly GraphFile[], parts: GraphParts, writing: Neo4jWriting): Promise<WrittenParts> {
  const told = factsOf(parts.nodes, parts.edges);
  const counts = await inNeo4j(pool, DOING, async (transaction) => {
    const held = await heldFacts(transaction, files, writing.batchSize);
    const changes = files.map((file): FileChange => {
      const before = held.get(file.name)?.facts ?? noFacts();
      return { file, before, after: withMore(before, told.get(file.name) ?? noFacts()) };
    });
    await applyChanges(transaction, changes, writing.batchSize);
    const rows = changes.map(({ file, after }) =>
      fileRow({ ...file, ...held.get(file.name)?.known }, after, held.get(file.name)?.known.digest ?? ''),
    );
    await writeFiles(transaction, rows, writing);
    return { nodes: added(changes, 'nodes'), edges: added(changes, 'edges') };
  });
  return { ...counts, unmatched: await unmatchedOf(pool, parts, writing.batchSize) };
}

function added(changes: readonly FileChange[], what: keyof FileFacts): number {
  return changes.reduce((sum, { before, after }) => sum + (after?.[what].size ?? 0) - before[what].size, 0);
}

/** Forgets files; names that are not held are left alone. Answers how many were. */
export async function removeFromNeo4j(pool: Neo4jPool, names: readonly string[], batchSize: number): Promise<number> {
  return inNeo4j(pool, DOING, async (transaction) => {
    const held = await heldFacts(
      transaction,
      names.map((name) => ({ name })),
      batchSize,
    );
    const changes = [...held].map(([name, { facts }]): FileChange => ({ file: { name, ...NO_FILE }, before: facts, after: null }));
    await applyChanges(transaction, changes, batchSize);
    await overRows(transaction, [...held.keys()], batchSize, 'MATCH (f:SourceFile {name: r}) DELETE f');
    return held.size;
  });
}

const NO_FILE = { sha256: '', digest: '', nodes: 0, edges: 0 };

/** Says that a file is held whole. */
export async function finishInNeo4j(pool: Neo4jPool, file: GraphFile): Promise<void> {
  const text = 'MATCH (f:SourceFile {name: $name}) SET f.digest = $digest, f.sha256 = $sha256';
  await inNeo4j(pool, DOING, (transaction) => rowsOf(transaction, text, { name: file.name, digest: file.digest, sha256: file.sha256 }));
}

interface HeldFile {
  known: { sha256: string; digest: string };
  facts: FileFacts;
}

/** What is held of files, after nobody else may change it. */
async function heldFacts(transaction: Neo4jTransaction, files: readonly { name: string }[], batchSize: number): Promise<Map<string, HeldFile>> {
  await lockGraph(transaction);
  const names = [...new Set(files.map(({ name }) => name))];
  const text = 'MATCH (f:SourceFile {name: r}) RETURN f.name AS name, f.sha256 AS sha256, f.digest AS digest, f.facts AS facts';
  const rows = await overRows<{ name: string; sha256: string; digest: string; facts: Int8Array | null }>(transaction, names, batchSize, text);
  return new Map(rows.map(({ name, sha256, digest, facts }) => [name, { known: { sha256, digest }, facts: unpackFacts(facts) }]));
}

/** Nodes before edges, and what nobody tells of any more last. */
async function applyChanges(transaction: Neo4jTransaction, changes: readonly FileChange[], batchSize: number): Promise<void> {
  const nodes = await writeNodes(transaction, deltasOf(changes, 'nodes'), batchSize);
  const loose = await writeEdges(transaction, deltasOf(changes, 'edges'), nodes, batchSize);
  await dropUntold(transaction, nodes.untold, batchSize);
  await dropMissing(transaction, loose, batchSize);
}

function fileRow({ name, sha256 }: { name: string; sha256: string }, facts: FileFacts | null, digest: string) {
  const held = facts ?? noFacts();
  return { name, sha256, digest, nodes: BigInt(held.nodes.size), edges: BigInt(held.edges.size), facts: packFacts(held) };
}

async function writeFiles(transaction: Neo4jTransaction, rows: readonly object[], { run, batchSize }: Neo4jWriting): Promise<void> {
  const text = `MERGE (f:SourceFile {name: r.name}) ON CREATE SET f.first_run = $run SET f.sha256 = r.sha256, f.digest = r.digest, f.nodes = r.nodes,
    f.edges = r.edges, f.facts = r.facts, f.last_run = $run, f.processed_at = $now`;
  await overRows(transaction, rows, batchSize, text, { run, now: new Date().toISOString() });
}

async function unmatchedOf(pool: Neo4jPool, { nodes, edges }: GraphParts, batchSize: number): Promise<number> {
  const own = new Set(nodes.map(({ id }) => id));
  const strange = edges.flatMap(({ from, to }) => [from, to]).filter((id) => !own.has(id));
  if (strange.length === 0) return 0;
  return inNeo4j(pool, 'counting ends that are no node', (transaction) => countMissing(transaction, strange, batchSize));
}

/** What is held of all files. */
export async function filesInNeo4j(pool: Neo4jPool): Promise<Map<string, KnownFile>> {
  const text = 'MATCH (f:SourceFile) RETURN f.name AS name, f.sha256 AS sha256, f.digest AS digest, f.processed_at AS at';
  const rows = await inNeo4j(pool, 'reading the files of the lineage graph', (transaction) =>
    rowsOf<{ name: string; sha256: string; digest: string; at: string }>(transaction, text),
  );
  return new Map(rows.map(({ name, sha256, digest, at }) => [name, { sha256, digest, processedAt: new Date(at) }]));
}

/** Nodes that one transaction deletes: what a transaction holds has to fit into the server's memory. */
const CLEARED_AT_ONCE = 5000;

/** Empties the graph, with its reviews, a portion at a time; what others keep in the database stays. */
export async function clearNeo4j(pool: Neo4jPool): Promise<void> {
  for (const label of ['SourceFile', 'Entity', 'EdgeReview']) {
    const text = `MATCH (n:${label}) WITH n LIMIT ${CLEARED_AT_ONCE} DETACH DELETE n RETURN count(*) AS count`;
    for (;;) {
      const [row] = await inNeo4j(pool, 'emptying the lineage graph', (transaction) => rowsOf<{ count: number }>(transaction, text));
      if (!row || row.count < CLEARED_AT_ONCE) break;
    }
  }
}
