import { type Deltas, deltasOf, edgeKeysByType, edgeOfKey, type FileFacts, packFacts, unpackFacts } from '../graph/facts.js';
import { edgeOfText, jsonText, mergedEdge, mergedNode, nodeOfText } from '../graph/merge.js';
import type { GraphFile, GraphParts } from '../graph/model.js';
import type { KnownFile } from '../graph/sink.js';
import { changesOf, type ToldChange, writeTold } from '../graph/told.js';
import { addToFiles, removeFiles, replaceFiles, type ToldFiles, type ToldWriting, type WrittenParts } from '../graph/told-files.js';
import { inLadybug, type LadybugPool, type LadybugTransaction, quotedName } from './connect.js';
import { makeOtherEdgeTables } from './schema.js';

const DOING = 'writing the lineage graph';

/** Replaces the graphs of some files, in one transaction: the old ones stay whatever fails. Only what differs is touched. */
export async function replaceInLadybug(
  pool: LadybugPool,
  files: readonly GraphFile[],
  parts: GraphParts,
  writing: ToldWriting,
): Promise<WrittenParts> {
  return writeIn(pool, parts, writing, async (place) => {
    await replaceFiles(place, files, parts, writing.incomplete);
    return { nodes: parts.nodes.length, edges: parts.edges.length };
  });
}

/** Adds to the graphs of files that are held already; those that are not begin with this, and count as incomplete. */
export async function addToLadybug(pool: LadybugPool, files: readonly GraphFile[], parts: GraphParts, writing: ToldWriting): Promise<WrittenParts> {
  return writeIn(pool, parts, writing, (place) => addToFiles(place, files, parts));
}

async function writeIn(
  pool: LadybugPool,
  parts: GraphParts,
  writing: ToldWriting,
  work: (place: ToldFiles) => Promise<{ nodes: number; edges: number }>,
): Promise<WrittenParts> {
  // Tables are made in a transaction of their own; one that stays empty harms nobody.
  await makeOtherEdgeTables(
    pool,
    parts.edges.map(({ type }) => type),
  );
  return inLadybug(
    pool,
    DOING,
    async (transaction) => ({ ...(await work(filesIn(transaction, writing.run))), unmatched: await unmatchedOf(transaction, parts) }),
    writing.batchSize,
  );
}

/** Forgets files; names that are not held are left alone. Answers how many were. */
export async function removeFromLadybug(pool: LadybugPool, names: readonly string[], { run, batchSize }: ToldWriting): Promise<number> {
  return inLadybug(pool, DOING, (transaction) => removeFiles(filesIn(transaction, run), names), batchSize);
}

/** Says that a file is held whole. */
export async function finishInLadybug(pool: LadybugPool, { name, sha256, digest }: GraphFile): Promise<void> {
  const text = 'MATCH (f:SourceFile {name: $name}) SET f.digest = $digest, f.sha256 = $sha256';
  await inLadybug(pool, DOING, (transaction) => transaction.rows(text, { name, digest, sha256 }));
}

interface FileRowInLadybug {
  name: string;
  sha256: string;
  digest: string;
  facts: string;
}

function filesIn(transaction: LadybugTransaction, run: string): ToldFiles {
  return {
    async held(names) {
      const text = 'MATCH (f:SourceFile {name: r}) RETURN f.name AS name, f.sha256 AS sha256, f.digest AS digest, f.facts AS facts';
      const rows = await transaction.over<FileRowInLadybug>([...new Set(names)], text);
      return new Map(rows.map(({ name, facts, ...known }) => [name, { ...known, facts: factsOfText(facts) }]));
    },
    async apply(changes) {
      const nodes = await writeNodes(transaction, deltasOf(changes, 'nodes'));
      const loose = await writeEdges(transaction, deltasOf(changes, 'edges'), nodes);
      await dropLoose(transaction, nodes.gone, loose);
    },
    async write(files) {
      const rows = files.map(({ facts, ...file }) => ({
        ...file,
        nodes: facts.nodes.size,
        edges: facts.edges.size,
        facts: textOfFacts(facts),
      }));
      const text = `MERGE (f:SourceFile {name: r.name}) ON CREATE SET f.first_run = $run SET f.sha256 = r.sha256, f.digest = r.digest, f.nodes = r.nodes,
        f.edges = r.edges, f.facts = r.facts, f.last_run = $run, f.processed_at = $now`;
      await transaction.over(rows, text, { run, now: new Date().toISOString() });
    },
    async forget(names) {
      await transaction.over(names, 'MATCH (f:SourceFile {name: r}) DELETE f');
    },
  };
}

/** What a file tells, as it is kept: the engine takes no bytes. */
function textOfFacts(facts: FileFacts): string {
  const { buffer, byteOffset, byteLength } = packFacts(facts);
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** What {@link textOfFacts} made the text of. */
export function factsOfText(text: string): FileFacts {
  return unpackFacts(new Int8Array(Buffer.from(text, 'base64')));
}

/** Ids of nodes that a transaction wrote, of those that were not there before, and of those that nobody tells of any more. */
interface WrittenNodes {
  told: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  gone: readonly string[];
}

async function writeNodes(transaction: LadybugTransaction, deltas: Deltas): Promise<WrittenNodes> {
  const ids = [...deltas.keys()].sort();
  const read = 'MATCH (n:Entity {id: r}) RETURN n.id AS id, n.told AS told';
  const held = await transaction.over<{ id: string; told: string[] | null }>(ids, read);
  const { fresh, changed, gone } = changesOf(ids, deltas, new Map(held.map(({ id, told }) => [id, told])));
  const columns = 'kind: r.kind, name: r.name, lower_name: r.lower_name, properties: r.properties, told: r.told';
  await transaction.over(fresh.map(nodeRow), `CREATE (:Entity {id: r.id, ${columns}})`);
  const set = 'SET n.kind = r.kind, n.name = r.name, n.lower_name = r.lower_name, n.properties = r.properties, n.told = r.told';
  await transaction.over(changed.map(nodeRow), `MATCH (n:Entity {id: r.id}) ${set}`);
  const idsOf = (changes: readonly ToldChange[]): string[] => changes.map(({ key }) => key);
  return { told: new Set(idsOf([...fresh, ...changed])), fresh: new Set(idsOf(fresh)), gone: idsOf(gone) };
}

function nodeRow({ key: id, after }: ToldChange): Record<string, unknown> {
  const { kind, name, properties } = mergedNode([...after.keys()].map(nodeOfText));
  return { id, kind, name, lower_name: name.toLowerCase(), properties: jsonText(properties), told: writeTold(after) };
}

/** Answers the ends that lost an edge. */
async function writeEdges(transaction: LadybugTransaction, deltas: Deltas, nodes: WrittenNodes): Promise<Set<string>> {
  const loose = new Set<string>();
  const reviews = await reviewsOf(transaction, [...deltas.keys()]);
  for (const [type, keys] of edgeKeysByType(deltas)) {
    const old = keys.filter((key) => !endsOf(key).some((id) => nodes.fresh.has(id)));
    const { fresh, changed, gone } = changesOf(keys, deltas, await toldOf(transaction, type, old));
    const rowOf = (change: ToldChange): EdgeRow => edgeRow(change, reviews.get(change.key));
    await makeEnds(transaction, fresh, nodes.told);
    // Two clauses: one of both ends would make the engine pair all nodes.
    const ends = 'MATCH (a:Entity {id: r.src}) MATCH (b:Entity {id: r.dst})';
    const columns = EDGE_COLUMNS.map((column) => `${column}: ${valueFor(column)}`).join(', ');
    await transaction.over(fresh.map(rowOf), `${ends} CREATE (a)-[:${quotedName(type)} {${columns}}]->(b)`);
    const edge = `MATCH (a:Entity {id: r.src})-[e:${quotedName(type)}]->(b:Entity {id: r.dst})`;
    const set = EDGE_COLUMNS.map((column) => `e.${column} = ${valueFor(column)}`).join(', ');
    await transaction.over(changed.map(rowOf), `${edge} SET ${set}`);
    await transaction.over(gone.map(rowOf), `${edge} DELETE e`);
    for (const { key } of gone) for (const id of endsOf(key)) loose.add(id);
  }
  return loose;
}

const EDGE_COLUMNS = ['source', 'confidence', 'status', 'reviewed_at', 'reviewer_notes', 'properties', 'told'] as const;
type EdgeRow = Record<(typeof EDGE_COLUMNS)[number] | 'src' | 'dst', unknown>;

/** Whole and other numbers are no one type to the engine: a confidence is sent as text. */
function valueFor(column: (typeof EDGE_COLUMNS)[number]): string {
  return column === 'confidence' ? 'CAST(r.confidence AS DOUBLE)' : `r.${column}`;
}

function endsOf(key: string): [string, string] {
  const { from, to } = edgeOfKey(key);
  return [from, to];
}

/** What a person decided about an edge; it counts before what files say. */
export interface HeldReview {
  key: string;
  status: string;
  notes: string | null;
  reviewed_at: string;
}

function edgeRow({ key, before, after }: ToldChange, review: HeldReview | undefined): EdgeRow {
  const [src, dst] = endsOf(key);
  const said = after.size > 0 ? after : before;
  const { source, confidence, status, properties } = mergedEdge([...said.keys()].map(edgeOfText));
  return {
    src,
    dst,
    source,
    confidence: String(confidence),
    status: review?.status ?? status,
    reviewed_at: review?.reviewed_at ?? null,
    reviewer_notes: review?.notes ?? null,
    properties: jsonText(properties),
    told: writeTold(said),
  };
}

async function toldOf(transaction: LadybugTransaction, type: string, keys: readonly string[]): Promise<Map<string, string[]>> {
  const text = `MATCH (:Entity {id: r.src})-[e:${quotedName(type)}]->(:Entity {id: r.dst}) RETURN r.key AS key, e.told AS told`;
  const rows = keys.map((key) => ({ key, src: endsOf(key)[0], dst: endsOf(key)[1] }));
  return new Map((await transaction.over<{ key: string; told: string[] }>(rows, text)).map(({ key, told }) => [key, told]));
}

/** Most graphs have few reviews, or none: then the edges need not be looked up one by one. */
async function reviewsOf(transaction: LadybugTransaction, keys: readonly string[]): Promise<Map<string, HeldReview>> {
  const [any] = await transaction.rows<{ count: number }>('MATCH (v:EdgeReview) RETURN count(*) AS count');
  if (!any?.count) return new Map();
  const text = 'MATCH (v:EdgeReview {key: r}) RETURN v.key AS key, v.status AS status, v.notes AS notes, v.reviewed_at AS reviewed_at';
  return new Map((await transaction.over<HeldReview>(keys, text)).map((review) => [review.key, review]));
}

/** An end that no file tells of is held as a node without a kind, so that the edge is not lost and a later file may tell of it. */
async function makeEnds(transaction: LadybugTransaction, edges: readonly ToldChange[], told: ReadonlySet<string>): Promise<void> {
  const ends = [...new Set(edges.flatMap(({ key }) => endsOf(key)))].filter((id) => !told.has(id)).sort();
  await transaction.over(ends, 'MERGE (:Entity {id: r})');
}

/** Deletes what nobody tells of and no edge needs; a node that nobody tells of any more and edges hold on to becomes an end that is missing. */
async function dropLoose(transaction: LadybugTransaction, gone: readonly string[], loose: ReadonlySet<string>): Promise<void> {
  const nothing = 'SET n.kind = NULL, n.name = NULL, n.lower_name = NULL, n.properties = NULL, n.told = NULL';
  await transaction.over(gone, `MATCH (n:Entity {id: r}) ${nothing}`);
  const alone = 'WHERE n.kind IS NULL AND NOT EXISTS { MATCH (n)-[]-(:Entity) }';
  await transaction.over([...new Set([...gone, ...loose])], `MATCH (n:Entity {id: r}) ${alone} DELETE n`);
}

/** How many ends of these edges no file tells of; an end counts as often as it is named. */
async function unmatchedOf(transaction: LadybugTransaction, { nodes, edges }: GraphParts): Promise<number> {
  const own = new Set(nodes.map(({ id }) => id));
  const strange = edges.flatMap(({ from, to }) => [from, to]).filter((id) => !own.has(id));
  const text = 'MATCH (n:Entity {id: r}) WHERE n.kind IS NULL RETURN n.id AS id';
  const missing = new Set((await transaction.over<{ id: string }>([...new Set(strange)], text)).map(({ id }) => id));
  return strange.filter((id) => missing.has(id)).length;
}

/** What is held of all files. */
export async function filesInLadybug(pool: LadybugPool): Promise<Map<string, KnownFile>> {
  const text = 'MATCH (f:SourceFile) RETURN f.name AS name, f.sha256 AS sha256, f.digest AS digest, f.processed_at AS processed';
  const rows = await inLadybug(pool, 'reading the files of the lineage graph', (transaction) =>
    transaction.rows<{ name: string; sha256: string; digest: string; processed: string }>(text),
  );
  return new Map(rows.map(({ name, sha256, digest, processed }) => [name, { sha256, digest, processedAt: new Date(processed) }]));
}

/** Nodes that one transaction deletes: it has to fit into memory. */
const CLEARED_AT_ONCE = 20_000;

/** Empties the graph, with its reviews, a portion at a time; what others keep in the file stays. */
export async function clearLadybug(pool: LadybugPool): Promise<void> {
  for (const table of ['SourceFile', 'Entity', 'EdgeReview']) {
    const text = `MATCH (n:${table}) WITH n LIMIT ${CLEARED_AT_ONCE} DETACH DELETE n`;
    for (let left = 1; left > 0; ) {
      left = await inLadybug(pool, 'emptying the lineage graph', async (transaction) => {
        await transaction.rows(text);
        const [row] = await transaction.rows<{ count: number }>(`MATCH (n:${table}) RETURN count(*) AS count`);
        return row?.count ?? 0;
      });
    }
  }
}
