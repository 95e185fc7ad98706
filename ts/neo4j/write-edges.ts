import { type Deltas, edgeKeysByType, edgeOfKey } from '../graph/facts.js';
import { edgeOfText, mergedEdge } from '../graph/merge.js';
import { changesOf, cleared, flatProperties, type ToldChange, writeTold } from '../graph/told.js';
import { overRows, quotedName, rowsOf } from './connect.js';
import type { Neo4jTransaction } from './driver.js';
import { MISSING, type WrittenNodes } from './write-nodes.js';

const RESERVED = new Set(['source', 'confidence', 'status', 'told', 'reviewed_at', 'reviewer_notes']);

/** An edge by its ends. */
interface EdgeEnds {
  from: string;
  to: string;
}

interface EdgeRow extends EdgeEnds {
  properties: Record<string, unknown>;
}

/** What a person decided about an edge. */
export interface HeldReview {
  key: string;
  status: string;
  notes: string | null;
  reviewed_at: string;
}

/** Adds up what files say of edges now, type by type. Answers the ends that lost an edge. */
export async function writeEdges(transaction: Neo4jTransaction, deltas: Deltas, nodes: WrittenNodes, batchSize: number): Promise<Set<string>> {
  const loose = new Set<string>();
  const reviews = await reviewsOf(transaction, [...deltas.keys()], batchSize);
  for (const [type, keys] of edgeKeysByType(deltas)) {
    const isFresh = (key: string): boolean => {
      const { from, to } = edgeOfKey(key);
      return nodes.fresh.has(from) || nodes.fresh.has(to);
    };
    const held = await toldOf(
      transaction,
      type,
      keys.filter((key) => !isFresh(key)),
      batchSize,
    );
    const changes = changesOf(keys, deltas, held);
    const rowOf = (change: ToldChange): EdgeRow => ({ ...edgeOfKey(change.key), properties: edgeProperties(change, reviews.get(change.key)) });
    const [fresh, rows] = [changes.fresh.map(rowOf), changes.changed.map(rowOf)];
    const gone = changes.gone.map(({ key }): EdgeEnds => edgeOfKey(key));
    await makeEnds(transaction, [...fresh, ...rows], nodes.told, batchSize);
    const ends = 'MATCH (a:Entity {id: r.from}) MATCH (b:Entity {id: r.to})';
    // The graph is locked, so what was not there a moment ago is not there now: looking again would cost as much as writing.
    await overRows(transaction, fresh, batchSize, `${ends} CREATE (a)-[e:${quotedName(type)}]->(b) SET e = r.properties`);
    await overRows(transaction, rows, batchSize, `${ends} MATCH (a)-[e:${quotedName(type)}]->(b) SET e += r.properties`);
    await overRows(transaction, gone, batchSize, `${ends} MATCH (a)-[e:${quotedName(type)}]->(b) DELETE e`);
    for (const { from, to } of gone) loose.add(from).add(to);
  }
  return loose;
}

async function toldOf(
  transaction: Neo4jTransaction,
  type: string,
  keys: readonly string[],
  batchSize: number,
): Promise<Map<string, string[] | null>> {
  const text = `MATCH (:Entity {id: r.from})-[e:${quotedName(type)}]->(:Entity {id: r.to}) RETURN r.key AS key, e.told AS told`;
  const rows = keys.map((key) => ({ key, ...edgeOfKey(key) }));
  const held = await overRows<{ key: string; told: string[] | null }>(transaction, rows, batchSize, text);
  return new Map(held.map(({ key, told }) => [key, told]));
}

/** What an edge has to be; a review counts before what files say. */
function edgeProperties({ before, after }: ToldChange, review: HeldReview | undefined): Record<string, unknown> {
  const { source, confidence, status, properties } = mergedEdge([...after.keys()].map(edgeOfText));
  const own = { ...flatProperties(properties, RESERVED), source, confidence, status, told: writeTold(after) };
  const former = before.size === 0 ? {} : flatProperties(mergedEdge([...before.keys()].map(edgeOfText)).properties, RESERVED);
  return { ...cleared(former, own), ...own, ...reviewProperties(review) };
}

/** What a review sets of an edge. */
export function reviewProperties(review: Omit<HeldReview, 'key'> | undefined): Record<string, unknown> {
  return review ? { status: review.status, reviewed_at: review.reviewed_at, reviewer_notes: review.notes } : {};
}

/** Most graphs have few reviews, or none: then the edges need not be looked up one by one. */
async function reviewsOf(transaction: Neo4jTransaction, keys: readonly string[], batchSize: number): Promise<Map<string, HeldReview>> {
  const [any] = await rowsOf<{ count: number }>(transaction, 'MATCH (v:EdgeReview) RETURN count(v) AS count');
  if (!any?.count) return new Map();
  const text = 'MATCH (v:EdgeReview {key: r}) RETURN v.key AS key, v.status AS status, v.notes AS notes, v.reviewed_at AS reviewed_at';
  return new Map((await overRows<HeldReview>(transaction, keys, batchSize, text)).map((review) => [review.key, review]));
}

/** An end that no file tells of is held as an entity without a kind, so that the edge is not lost and a later file may tell of it. */
async function makeEnds(transaction: Neo4jTransaction, rows: readonly EdgeEnds[], told: ReadonlySet<string>, batchSize: number): Promise<void> {
  const ends = [...new Set(rows.flatMap(({ from, to }) => [from, to]))].filter((id) => !told.has(id)).sort();
  await overRows(transaction, ends, batchSize, `MERGE (n:Entity {id: r}) ON CREATE SET n:${MISSING}`);
}

/** Deletes missing ends that no edge needs any more. */
export async function dropMissing(transaction: Neo4jTransaction, ids: Iterable<string>, batchSize: number): Promise<void> {
  await overRows(transaction, [...ids], batchSize, `MATCH (n:Entity {id: r}) WHERE n:${MISSING} AND NOT (n)--() DELETE n`);
}

/** How many of these ends no file tells of; an end counts as often as it is named. */
export async function countMissing(transaction: Neo4jTransaction, ends: readonly string[], batchSize: number): Promise<number> {
  const [any] = await rowsOf<{ count: number }>(transaction, `MATCH (n:${MISSING}) RETURN count(n) AS count`);
  if (!any?.count) return 0;
  const text = `MATCH (n:Entity {id: r}) WHERE n:${MISSING} RETURN n.id AS id`;
  const missing = new Set((await overRows<{ id: string }>(transaction, [...new Set(ends)], batchSize, text)).map(({ id }) => id));
  return ends.filter((id) => missing.has(id)).length;
}
