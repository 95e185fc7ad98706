import type { Walk, WalkedEdge } from '../graph/sink.js';
import { ask, type Connection } from './connect.js';
import { quoted } from './names.js';

/**
 * Edges within reach of a node, nearest first.
 *
 * The recursion holds (node, distance) and no ways: a graph of many ways and few nodes, or with cycles, costs its nodes times the depth. Each node
 * is left once, at its smallest distance.
 */
export async function walkGraph(connection: Connection, schema: string, walk: Walk): Promise<WalkedEdge[]> {
  const edges = `${quoted(schema)}.lineage_edge_told`;
  const review = `${quoted(schema)}.lineage_review`;
  const kept = walk.includeRejected
    ? 'true'
    : `coalesce((SELECT r.status FROM ${review} r WHERE r.src = e.src AND r.type = e.type AND r.dst = e.dst), e.status) <> 'rejected'`;
  const hops = (of: string) => `SELECT e.dst AS next, e.src, e.type, e.dst FROM ${edges} e WHERE e.src = ${of}.id AND e.type = ANY($2) AND ${kept}
    UNION ALL SELECT e.src, e.src, e.type, e.dst FROM ${edges} e WHERE e.dst = ${of}.id AND e.type = ANY($3) AND ${kept}`;
  const text = `WITH RECURSIVE reached (id, depth) AS (
      SELECT $1::bytea, 0
      UNION
      SELECT h.next, w.depth + 1 FROM reached w CROSS JOIN LATERAL (${hops('w')}) h WHERE w.depth < $4 AND h.next <> $1
    ),
    nearest AS (SELECT id, min(depth) AS depth FROM reached GROUP BY id)
    SELECT encode(h.src, 'hex') AS "from", h.type, encode(h.dst, 'hex') AS "to", min(n.depth) + 1 AS depth
    FROM nearest n CROSS JOIN LATERAL (${hops('n')}) h
    WHERE n.depth < $4
    GROUP BY h.src, h.type, h.dst
    ORDER BY 4, h.src, h.type COLLATE "C", h.dst
    LIMIT $5`;
  const values = [Buffer.from(walk.start, 'hex'), walk.along, walk.against, walk.depth, walk.limit];
  return ask<WalkedEdge>(connection, 'walking through the lineage graph', text, values);
}
