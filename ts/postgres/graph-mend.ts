import type { GraphEdge, GraphFile } from '../graph/model.js';
import { ask, type Connection, change } from './connect.js';
import { quoted } from './names.js';

/** Says that a file, of which a part was written before, is held whole. */
export async function finishFile(connection: Connection, schema: string, { name, sha256, digest }: GraphFile): Promise<void> {
  const text = `UPDATE ${quoted(schema)}.lineage_file SET sha256 = $2, digest = $3, processed_at = now() WHERE name = $1`;
  await change(connection, 'writing the lineage graph', text, [name, sha256, digest]);
}

/** How many ends of these edges are no node of the graph; an end counts as often as it is named. */
export async function unmatchedEnds(connection: Connection, schema: string, edges: readonly GraphEdge[]): Promise<number> {
  if (edges.length === 0) return 0;
  const text = `SELECT count(*)::int AS unmatched FROM unnest($1::bytea[]) w (id)
    WHERE NOT EXISTS (SELECT FROM ${quoted(schema)}.lineage_node_told n WHERE n.id = w.id)`;
  const ends = edges.flatMap(({ from, to }) => [Buffer.from(from, 'hex'), Buffer.from(to, 'hex')]);
  const [row] = await ask<{ unmatched: number }>(connection, 'counting ends that are no node', text, [ends]);
  return row?.unmatched ?? 0;
}
