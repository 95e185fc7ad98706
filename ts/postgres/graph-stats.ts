import type { GraphStats } from '../graph/sink.js';
import { ask, type Connection } from './connect.js';
import { quoted } from './names.js';

const DOING = 'counting the lineage graph';

/** Counts of the whole graph; reads all of it. */
export async function graphStats(connection: Connection, schema: string): Promise<GraphStats> {
  const name = quoted(schema);
  const nodesByKind = await countBy(connection, `SELECT kind AS word, count(*)::int AS count FROM ${name}.lineage_node GROUP BY 1`);
  const edgesByType = await countBy(connection, `SELECT type AS word, count(*)::int AS count FROM ${name}.lineage_edge GROUP BY 1`);
  const edgesByStatus = await countBy(connection, `SELECT status AS word, count(*)::int AS count FROM ${name}.lineage_edge GROUP BY 1`);
  const rest = `SELECT 'files' AS word, count(*)::int AS count FROM ${name}.lineage_file
    UNION ALL SELECT 'unmatched', count(*)::int
    FROM (SELECT src AS id FROM ${name}.lineage_edge UNION ALL SELECT dst FROM ${name}.lineage_edge) ends
    WHERE NOT EXISTS (SELECT FROM ${name}.lineage_node_told n WHERE n.id = ends.id)`;
  const { files = 0, unmatched = 0 } = await countBy(connection, rest);
  return { nodes: total(nodesByKind), edges: total(edgesByType), files, unmatched, nodesByKind, edgesByType, edgesByStatus };
}

async function countBy(connection: Connection, text: string): Promise<Record<string, number>> {
  const rows = await ask<{ word: string; count: number }>(connection, DOING, `${text} ORDER BY 1`);
  return Object.fromEntries(rows.map(({ word, count }) => [word, count]));
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
