import type { GraphStats } from '../graph/sink.js';
import { inLadybug, type LadybugPool, type LadybugTransaction, plainName } from './connect.js';

/** Counts of the whole graph; reads all of it. */
export async function statsIn(pool: LadybugPool): Promise<GraphStats> {
  return inLadybug(pool, 'counting the lineage graph', async (transaction) => {
    const nodesByKind = await countBy(transaction, 'MATCH (n:Entity) WHERE n.kind IS NOT NULL RETURN n.kind AS word, count(*) AS count');
    const edgesByType = await countBy(transaction, 'MATCH (:Entity)-[e]->(:Entity) RETURN label(e) AS word, count(*) AS count');
    const edgesByStatus = await countBy(transaction, 'MATCH (:Entity)-[e]->(:Entity) RETURN e.status AS word, count(*) AS count');
    const { files = 0 } = await countBy(transaction, "MATCH (f:SourceFile) RETURN 'files' AS word, count(*) AS count");
    const ends = await countBy(transaction, "MATCH (n:Entity)-[e]-(:Entity) WHERE n.kind IS NULL RETURN 'ends' AS word, count(*) AS count");
    return {
      nodes: total(nodesByKind),
      edges: total(edgesByType),
      files,
      unmatched: ends.ends ?? 0,
      nodesByKind,
      edgesByType,
      edgesByStatus,
    };
  });
}

async function countBy(transaction: LadybugTransaction, text: string): Promise<Record<string, number>> {
  const rows = await transaction.rows<{ word: string; count: number }>(`${text} ORDER BY word`);
  return Object.fromEntries(rows.map(({ word, count }) => [plainName(word), count]));
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
