import { edgeKey } from '../graph/facts.js';
import type { Review } from '../graph/sink.js';
import { inNeo4j, type Neo4jPool, quotedName, rowsOf } from './connect.js';
import { lockGraph } from './schema.js';
import { reviewProperties } from './write-edges.js';

/** Says what a person decided about an edge, and keeps it apart so that it outlives the edge; false where there is no such edge. */
export async function reviewIn(pool: Neo4jPool, { from, type, to, action, notes }: Review): Promise<boolean> {
  const decided = { status: action === 'approve' ? 'approved' : 'rejected', notes: notes ?? null, reviewed_at: new Date().toISOString() };
  return inNeo4j(pool, 'reviewing an edge', async (transaction) => {
    await lockGraph(transaction);
    const edge = `MATCH (:Entity {id: $from})-[e:${quotedName(type)}]->(:Entity {id: $to}) SET e += $properties RETURN count(e) AS count`;
    const [row] = await rowsOf<{ count: number }>(transaction, edge, { from, to, properties: reviewProperties(decided) });
    if (!row?.count) return false;
    const text = 'MERGE (v:EdgeReview {key: $key}) SET v.status = $status, v.notes = $notes, v.reviewed_at = $reviewed_at';
    await rowsOf(transaction, text, { key: edgeKey({ from, type, to }), ...decided });
    return true;
  });
}
