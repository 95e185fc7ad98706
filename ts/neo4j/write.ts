import { deltasOf, packFacts, unpackFacts } from '../graph/facts.js';
import type { GraphFile, GraphParts } from '../graph/model.js';
import type { KnownFile } from '../graph/sink.js';
import { addToFiles, removeFiles, replaceFiles, type ToldFiles, type ToldWriting, type WrittenParts } from '../graph/told-files.js';
import { inNeo4j, type Neo4jPool, overRows, rowsOf } from './connect.js';
import type { Neo4jTransaction } from './driver.js';
import { lockGraph } from './schema.js';
import { countMissing, dropMissing, writeEdges } from './write-edges.js';
import { dropUntold, writeNodes } from './write-nodes.js';

const DOING = 'writing the lineage graph';

/** Replaces the graphs of some files, in one transaction: the old ones stay whatever fails. Only what differs is touched. */
export async function replaceInNeo4j(pool: Neo4jPool, files: readonly GraphFile[], parts: GraphParts, writing: ToldWriting): Promise<WrittenParts> {
  await inNeo4j(pool, DOING, (transaction) => replaceFiles(filesIn(transaction, writing), files, parts, writing.incomplete));
  return { nodes: parts.nodes.length, edges: parts.edges.length, unmatched: await unmatchedOf(pool, parts, writing.batchSize) };
}

/** Adds to the graphs of files that are held already; those that are not begin with this, and count as incomplete. */
export async function addToNeo4j(pool: Neo4jPool, files: readonly GraphFile[], parts: GraphParts, writing: ToldWriting): Promise<WrittenParts> {
  const counts = await inNeo4j(pool, DOING, (transaction) => addToFiles(filesIn(transaction, writing), files, parts));
  return { ...counts, unmatched: await unmatchedOf(pool, parts, writing.batchSize) };
}

/** Forgets files; names that are not held are left alone. Answers how many were. */
export async function removeFromNeo4j(pool: Neo4jPool, names: readonly string[], writing: ToldWriting): Promise<number> {
  return inNeo4j(pool, DOING, (transaction) => removeFiles(filesIn(transaction, writing), names));
}

/** Says that a file is held whole. */
export async function finishInNeo4j(pool: Neo4jPool, file: GraphFile): Promise<void> {
  const text = 'MATCH (f:SourceFile {name: $name}) SET f.digest = $digest, f.sha256 = $sha256';
  await inNeo4j(pool, DOING, (transaction) => rowsOf(transaction, text, { name: file.name, digest: file.digest, sha256: file.sha256 }));
}

function filesIn(transaction: Neo4jTransaction, { run, batchSize }: ToldWriting): ToldFiles {
  return {
    async held(names) {
      await lockGraph(transaction);
      const text = 'MATCH (f:SourceFile {name: r}) RETURN f.name AS name, f.sha256 AS sha256, f.digest AS digest, f.facts AS facts';
      const rows = await overRows<FileRowInNeo4j>(transaction, [...new Set(names)], batchSize, text);
      return new Map(rows.map(({ name, facts, ...known }) => [name, { ...known, facts: unpackFacts(facts) }]));
    },
    async apply(changes) {
      const nodes = await writeNodes(transaction, deltasOf(changes, 'nodes'), batchSize);
      const loose = await writeEdges(transaction, deltasOf(changes, 'edges'), nodes, batchSize);
      await dropUntold(transaction, nodes.untold, batchSize);
      await dropMissing(transaction, loose, batchSize);
    },
    async write(files) {
      const rows = files.map(({ facts, ...file }) => ({
        ...file,
        nodes: BigInt(facts.nodes.size),
        edges: BigInt(facts.edges.size),
        facts: packFacts(facts),
      }));
      const text = `MERGE (f:SourceFile {name: r.name}) ON CREATE SET f.first_run = $run SET f.sha256 = r.sha256, f.digest = r.digest, f.nodes = r.nodes,
        f.edges = r.edges, f.facts = r.facts, f.last_run = $run, f.processed_at = $now`;
      await overRows(transaction, rows, batchSize, text, { run, now: new Date().toISOString() });
    },
    async forget(names) {
      await overRows(transaction, names, batchSize, 'MATCH (f:SourceFile {name: r}) DELETE f');
    },
  };
}

interface FileRowInNeo4j {
  name: string;
  sha256: string;
  digest: string;
  facts: Int8Array | null;
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
