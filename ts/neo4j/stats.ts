import type { GraphStats } from '../graph/sink.js';
import { inNeo4j, type Neo4jPool, rowsOf } from './connect.js';
import type { Neo4jTransaction } from './driver.js';
import { MISSING } from './write-nodes.js';

const EDGES = 'MATCH (:Entity)-[e]->(:Entity)';

/** Counts of the whole graph; reads all of it. */
export async function statsIn(pool: Neo4jPool): Promise<GraphStats> {
  return inNeo4j(pool, 'counting the lineage graph', async (transaction) => {
    const kinds = `MATCH (n:Entity) WHERE NOT n:${MISSING} RETURN coalesce(n.kind, head([l IN labels(n) WHERE l <> 'Entity'])) AS word, count(*) AS count`;
    const nodesByKind = await countBy(transaction, kinds);
    const edgesByType = await countBy(transaction, `${EDGES} RETURN type(e) AS word, count(*) AS count`);
    const edgesByStatus = await countBy(transaction, `${EDGES} RETURN coalesce(e.status, 'approved') AS word, count(*) AS count`);
    const { files = 0 } = await countBy(transaction, "MATCH (f:SourceFile) RETURN 'files' AS word, count(*) AS count");
    const { starts = 0 } = await countBy(transaction, `MATCH (:${MISSING})-[e]->(:Entity) RETURN 'starts' AS word, count(e) AS count`);
    const { ends = 0 } = await countBy(transaction, `MATCH (:Entity)-[e]->(:${MISSING}) RETURN 'ends' AS word, count(e) AS count`);
    const unmatched = starts + ends;
    return { nodes: total(nodesByKind), edges: total(edgesByType), files, unmatched, nodesByKind, edgesByType, edgesByStatus };
  });
}

async function countBy(transaction: Neo4jTransaction, text: string): Promise<Record<string, number>> {
  const rows = await rowsOf<{ word: string; count: number }>(transaction, `${text} ORDER BY word`);
  return Object.fromEntries(rows.map(({ word, count }) => [word, count]));
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
