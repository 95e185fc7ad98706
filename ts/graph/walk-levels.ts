import type { Walk, WalkedEdge } from './sink.js';

/** An edge by its ends and type. */
export type Hop = Pick<WalkedEdge, 'from' | 'type' | 'to'>;

/** Edges of these types that begin (`src`) or end (`dst`) at these nodes, by start, type and end; no more than `limit`, and none that the walk leaves out. */
export type HopsAt = (
  ids: readonly string[],
  side: 'src' | 'dst',
  types: readonly string[],
  limit: number,
) => Promise<readonly Hop[]> | readonly Hop[];

/**
 * Edges within reach of a node, nearest first: one level after the other, each node left once. What a place that keeps graphs and has no recursion of
 * its own is asked by.
 */
export async function walkLevels(hopsAt: HopsAt, { start, along, against, depth, limit }: Walk): Promise<WalkedEdge[]> {
  const walked = new Map<string, WalkedEdge>();
  const seen = new Set([start]);
  let frontier = [start];
  for (let level = 1; level <= depth && frontier.length > 0 && walked.size < limit; level += 1) {
    const next = new Set<string>();
    for (const [side, types, far] of [['src', along, 'to'] as const, ['dst', against, 'from'] as const]) {
      // Those that were walked before may be among them: as many as are held leave room for as many new ones as are wanted.
      for (const hop of await hopsAt(frontier, side, types, limit)) {
        const key = `${hop.from} ${hop.type} ${hop.to}`;
        if (!walked.has(key)) walked.set(key, { ...hop, depth: level });
        if (!seen.has(hop[far])) next.add(hop[far]);
      }
    }
    for (const id of next) seen.add(id);
    frontier = [...next];
  }
  return [...walked.values()].sort(compare).slice(0, limit);
}

function compare(left: WalkedEdge, right: WalkedEdge): number {
  return left.depth - right.depth || order(left.from, right.from) || order(left.type, right.type) || order(left.to, right.to);
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
