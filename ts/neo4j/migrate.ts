import { ASSET_KINDS, EDGE_TYPES, NODE_KINDS } from '../graph/model.js';
import { inNeo4j, type Neo4jPool, overRows, quotedName, rowsOf } from './connect.js';
import type { Neo4jTransaction } from './driver.js';
import { type NewId, newIds, type OldNode } from './legacy-ids.js';
import { lockGraph, makeSchema } from './schema.js';
import { MISSING, nameStart } from './write-nodes.js';

/** What a migration changed; what it would change, where it is a dry run. Nothing, for a graph that was migrated before. */
export interface MigrationReport {
  isDryRun: boolean;
  /** Edges that got a source, a status or a confidence. */
  edgesCompleted: number;
  /** Edges of which the ids of their ends, which older graphs repeated, were taken. */
  edgesCleared: number;
  nodes: {
    /** Nodes of older graphs. */
    old: number;
    /** That got another id. */
    renamed: number;
    /** That had the same id as another one and became one with it. */
    joined: number;
    /** Whose parts are not known: they keep their ids. */
    unknown: number;
  };
  /** The first 20 of those whose parts are not known. */
  unknown: { id: string; kind: string; name: string }[];
}

export interface MigrationOptions {
  /** Whether only to say what would be changed. Default: false. */
  isDryRun?: boolean;
  /** Whether names that differ in case are different ones, as in the dialect of the files. Default: false. */
  isCaseSensitive?: boolean;
}

const VERSION = 'hybrid_lineage_v1';
const DOING = 'migrating the lineage graph';
const EDGES_AT_ONCE = 10_000;
const NODES_AT_ONCE = 500;
const UNKNOWN_SHOWN = 20;
const TYPES = EDGE_TYPES.map(quotedName).join('|');
const INCOMPLETE = 'e.source IS NULL OR e.status IS NULL OR e.confidence IS NULL';
const REPEATED = 'e.source_id IS NOT NULL OR e.target_id IS NOT NULL';

/** Brings a graph that was made before up to what this version keeps; one that was killed is made up for by doing it again. */
export async function migrateNeo4j(pool: Neo4jPool, { isDryRun = false, isCaseSensitive = false }: MigrationOptions = {}): Promise<MigrationReport> {
  const found = newIds(await oldNodes(pool), isCaseSensitive);
  const groups = groupsOf(found);
  const unknown = found.filter(({ id }) => id === null).map(({ node: { id, kind, name } }) => ({ id, kind, name }));
  const renamed = found.filter(({ node, id }) => id !== null && id !== node.id).length;
  const nodes = { old: found.length, renamed, joined: await joinedIn(pool, groups), unknown: unknown.length };
  const counts = isDryRun ? await countEdges(pool) : await change(pool, groups);
  return { isDryRun, ...counts, nodes, unknown: unknown.slice(0, UNKNOWN_SHOWN) };
}

/** Nodes that are to have one id, by that id. */
type Groups = Map<string, OldNode[]>;

function groupsOf(found: readonly NewId[]): Groups {
  const groups: Groups = new Map();
  for (const { node, id } of found) {
    const group = groups.get(id ?? node.id);
    if (group) group.push(node);
    else groups.set(id ?? node.id, [node]);
  }
  return groups;
}

async function oldNodes(pool: Neo4jPool): Promise<OldNode[]> {
  const text = `MATCH (n) WHERE n.told IS NULL AND n.id IS NOT NULL AND any(l IN labels(n) WHERE l IN $kinds)
    RETURN elementId(n) AS element, n.id AS id, [l IN labels(n) WHERE l IN $kinds] AS kinds, coalesce(n.name, '') AS name, n.path AS path,
      n.source_file AS sourceFile, n.logic AS logic, [(a)-[:CONTAINS]->(n) | a.name] AS owners, [(n)-[:GENERATES]->(c) | elementId(c)] AS targets`;
  const rows = await inNeo4j(pool, DOING, (transaction) => rowsOf<OldNode & { kinds: string[] }>(transaction, text, { kinds: NODE_KINDS }));
  return rows.map(({ kinds, ...node }) => ({ ...node, kind: highest(kinds) }));
}

/** Of several kinds of one thing, the one that says most. */
function highest(kinds: readonly string[]): string {
  const ranked = [...kinds].sort((left, right) => rankOf(right) - rankOf(left));
  return ranked[0] ?? 'DataAsset';
}

function rankOf(kind: string): number {
  return (ASSET_KINDS as readonly string[]).indexOf(kind) + 1;
}

/** Nodes that will be gone: all but one of each group, and that one where the graph has the id already. */
async function joinedIn(pool: Neo4jPool, groups: Groups): Promise<number> {
  const held = await inNeo4j(pool, DOING, (transaction) => heldIds(transaction, [...groups.keys()]));
  return [...groups].reduce((sum, [id, nodes]) => sum + nodes.length - (held.get(id)?.isTold ? 0 : 1), 0);
}

/** A node of the graph that has an id already: one that files tell of, or an end of an edge that none tells of. */
interface HeldId {
  element: string;
  isTold: boolean;
}

async function heldIds(transaction: Neo4jTransaction, ids: readonly string[]): Promise<Map<string, HeldId>> {
  const text = `MATCH (n:Entity {id: r}) WHERE n.told IS NOT NULL OR n:${MISSING} RETURN n.id AS id, elementId(n) AS element, n.told IS NOT NULL AS isTold`;
  const rows = await overRows<HeldId & { id: string }>(transaction, ids, NODES_AT_ONCE, text);
  return new Map(rows.map(({ id, ...held }) => [id, held]));
}

async function countEdges(pool: Neo4jPool): Promise<{ edgesCompleted: number; edgesCleared: number }> {
  const of = async (where: string): Promise<number> => {
    const text = `MATCH ()-[e:${TYPES}]->() WHERE ${where} RETURN count(e) AS count`;
    const [row] = await inNeo4j(pool, DOING, (transaction) => rowsOf<{ count: number }>(transaction, text));
    return row?.count ?? 0;
  };
  return { edgesCompleted: await of(INCOMPLETE), edgesCleared: await of(REPEATED) };
}

async function change(pool: Neo4jPool, groups: Groups): Promise<{ edgesCompleted: number; edgesCleared: number }> {
  await makeSchema(pool);
  const filled = "SET e.source = coalesce(e.source, 'parser'), e.status = coalesce(e.status, 'approved'), e.confidence = coalesce(e.confidence, 1.0)";
  const edgesCompleted = await changeEdges(pool, INCOMPLETE, filled);
  const edgesCleared = await changeEdges(pool, REPEATED, 'REMOVE e.source_id, e.target_id');
  const all = [...groups];
  for (let at = 0; at < all.length; at += NODES_AT_ONCE) {
    await inNeo4j(pool, DOING, (transaction) => settle(transaction, all.slice(at, at + NODES_AT_ONCE)));
  }
  await noteVersion(pool);
  return { edgesCompleted, edgesCleared };
}

async function changeEdges(pool: Neo4jPool, where: string, set: string): Promise<number> {
  const text = `MATCH ()-[e:${TYPES}]->() WHERE ${where} WITH e LIMIT ${EDGES_AT_ONCE} ${set} RETURN count(e) AS count`;
  for (let sum = 0; ; ) {
    const [row] = await inNeo4j(pool, DOING, (transaction) => rowsOf<{ count: number }>(transaction, text));
    sum += row?.count ?? 0;
    if ((row?.count ?? 0) < EDGES_AT_ONCE) return sum;
  }
}

/** Gives the nodes of some groups their ids, each group one node. */
async function settle(transaction: Neo4jTransaction, groups: readonly (readonly [string, readonly OldNode[]])[]): Promise<void> {
  await lockGraph(transaction);
  const held = await heldIds(
    transaction,
    groups.map(([id]) => id),
  );
  const pairs: Pair[] = [];
  const rows: { element: string; id: string; kind: string; start: string }[] = [];
  for (const [id, nodes] of groups) {
    const kind = highest(nodes.map((node) => node.kind));
    const there = held.get(id);
    const survivor = there?.isTold ? there.element : (nodes.find((node) => node.kind === kind)?.element ?? '');
    for (const { element } of [...nodes, ...(there ? [there] : [])]) if (element !== survivor) pairs.push({ other: element, survivor });
    if (!there?.isTold) rows.push({ element: survivor, id, kind, start: nameStart(nodes[0]?.name ?? '') });
  }
  await join(transaction, pairs);
  for (const kind of new Set(rows.map((row) => row.kind))) {
    const others = ASSET_KINDS.filter((each) => each !== kind).map((each) => `n:${quotedName(each)}`);
    const text = `MATCH (n) WHERE elementId(n) = r.element REMOVE ${others.join(', ')}
      SET n:Entity, n:${quotedName(kind)}, n.id = r.id, n.kind = r.kind, n.name_start = r.start`;
    await overRows(
      transaction,
      rows.filter((row) => row.kind === kind),
      NODES_AT_ONCE,
      text,
    );
  }
}

/** A node that goes, and the one that takes its edges. */
interface Pair {
  other: string;
  survivor: string;
}

async function join(transaction: Neo4jTransaction, pairs: readonly Pair[]): Promise<void> {
  if (pairs.length === 0) return;
  const ends = 'MATCH (o) WHERE elementId(o) = r.other MATCH (s) WHERE elementId(s) = r.survivor';
  const found = await overRows<{ type: string }>(
    transaction,
    pairs,
    NODES_AT_ONCE,
    'MATCH (o)-[e]-() WHERE elementId(o) = r.other RETURN DISTINCT type(e) AS type',
  );
  for (const type of new Set(found.map((row) => row.type))) {
    const name = quotedName(type);
    const moved = 'ON CREATE SET n = properties(e) DELETE e';
    await overRows(transaction, pairs, NODES_AT_ONCE, `${ends} MATCH (o)-[e:${name}]->(b) MERGE (s)-[n:${name}]->(b) ${moved}`);
    await overRows(transaction, pairs, NODES_AT_ONCE, `${ends} MATCH (b)-[e:${name}]->(o) MERGE (b)-[n:${name}]->(s) ${moved}`);
  }
  await overRows(transaction, pairs, NODES_AT_ONCE, 'MATCH (o) WHERE elementId(o) = r.other DETACH DELETE o');
}

/** The node that says which properties edges have; a second migration leaves it as it is. */
async function noteVersion(pool: Neo4jPool): Promise<void> {
  const text = `MERGE (m:SchemaMetadata {version: $version})
    ON CREATE SET m.edge_properties = ['source', 'confidence', 'status', 'evidence', 'reviewed_at', 'reviewer_notes'], m.updated_at = $now`;
  await inNeo4j(pool, DOING, (transaction) => rowsOf(transaction, text, { version: VERSION, now: new Date().toISOString() }));
}
