import { edgeKey } from '../graph/facts.js';
import type { Review } from '../graph/sink.js';
import { inLadybug, type LadybugPool, quotedName } from './connect.js';
import { edgeTables } from './schema.js';

/** Says what a person decided about an edge, and keeps it apart so that it outlives the edge; false where there is no such edge. */
export async function reviewIn(pool: LadybugPool, { from, type, to, action, notes }: Review): Promise<boolean> {
  const decided = { status: action === 'approve' ? 'approved' : 'rejected', notes: notes ?? null, at: new Date().toISOString() };
  return inLadybug({ ...pool, mode: 'write' }, 'reviewing an edge', async (transaction) => {
    if (!(await edgeTables(transaction)).has(type)) return false;
    const edge = `MATCH (:Entity {id: $from})-[e:${quotedName(type)}]->(:Entity {id: $to})`;
    const [row] = await transaction.rows<{ count: number }>(`${edge} RETURN count(*) AS count`, { from, to });
    if (!row?.count) return false;
    await transaction.rows(`${edge} SET e.status = $status, e.reviewed_at = $at, e.reviewer_notes = $notes`, { from, to, ...decided });
    const text = 'MERGE (v:EdgeReview {key: $key}) SET v.status = $status, v.notes = $notes, v.reviewed_at = $at';
    await transaction.rows(text, { key: edgeKey({ from, type, to }), ...decided });
    return true;
  });
}
