import { ASSET_KINDS, type EdgeStatus, type GraphEdge, type GraphNode } from './model.js';

/** What a file says of a node. */
export type NodeSaying = Pick<GraphNode, 'kind' | 'name' | 'properties'>;

/** What a file says of an edge. */
export type EdgeSaying = Pick<GraphEdge, 'source' | 'confidence' | 'status' | 'properties'>;

/** A saying as text: equal sayings are equal texts. */
export function textOfNode({ kind, name, properties }: NodeSaying): string {
  return jsonText([kind, name, properties]);
}

/** The saying that {@link textOfNode} made the text of. */
export function nodeOfText(text: string): NodeSaying {
  const [kind, name, properties] = JSON.parse(text) as [string, string, Record<string, unknown>];
  return { kind, name, properties };
}

/** A saying as text: equal sayings are equal texts. */
export function textOfEdge({ source, confidence, status, properties }: EdgeSaying): string {
  return jsonText([source, confidence, status, properties]);
}

/** The saying that {@link textOfEdge} made the text of. */
export function edgeOfText(text: string): EdgeSaying {
  const [source, confidence, status, properties] = JSON.parse(text) as [string, number, EdgeStatus, Record<string, unknown>];
  return { source, confidence, status, properties };
}

/**
 * What several files say of one node together: the highest kind, the smallest name, and of each property the smallest value. The same whatever their
 * order, and whatever the number of times that one thing is said.
 *
 * @throws TypeError where nothing is said
 */
export function mergedNode(sayings: readonly NodeSaying[]): NodeSaying {
  const [first, ...others] = sayings;
  if (!first) throw new TypeError('nothing is said of the node');
  if (others.length === 0) return first;
  const kind = sayings.map((saying) => saying.kind).reduce((left, right) => (isHigher(right, left) ? right : left));
  const name = sayings.map((saying) => saying.name).reduce((left, right) => (compareText(right, left) < 0 ? right : left));
  const smallest = new Map<string, { text: string; value: unknown }>();
  for (const [key, value] of sayings.flatMap(({ properties }) => Object.entries(properties))) {
    const text = jsonText(value);
    const held = smallest.get(key);
    if (!held || compareText(text, held.text) < 0) smallest.set(key, { text, value });
  }
  return { kind, name, properties: Object.fromEntries([...smallest].map(([key, { value }]) => [key, value])) };
}

/**
 * What several files say of one edge together: the surest of them counts.
 *
 * @throws TypeError where nothing is said
 */
export function mergedEdge(sayings: readonly EdgeSaying[]): EdgeSaying {
  const [first, ...others] = sayings;
  if (!first) throw new TypeError('nothing is said of the edge');
  return others.reduce((best, saying) => (compareEdges(saying, best) < 0 ? saying : best), first);
}

function compareEdges(left: EdgeSaying, right: EdgeSaying): number {
  return (
    right.confidence - left.confidence ||
    compareText(jsonText(left.properties), jsonText(right.properties)) ||
    compareText(left.source, right.source) ||
    compareText(left.status, right.status)
  );
}

function isHigher(kind: string, than: string): boolean {
  const [left, right] = [rankOf(kind), rankOf(than)];
  return left > right || (left === right && compareText(kind, than) < 0);
}

/** From 1 for assets, as PostgreSQL counts; 0 for all else. */
function rankOf(kind: string): number {
  return (ASSET_KINDS as readonly string[]).indexOf(kind) + 1;
}

/** By code points, as PostgreSQL's collation "C" and Neo4j do it. */
export function compareText(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/**
 * JSON as PostgreSQL prints jsonb, so that every place that keeps graphs finds the same value the smallest: keys by length, then by bytes; without NUL,
 * which cannot be stored there.
 */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    const sorted = entries.sort(([left], [right]) => Buffer.byteLength(left) - Buffer.byteLength(right) || compareText(left, right));
    return `{${sorted.map(([key, each]) => `${jsonText(key)}: ${jsonText(each)}`).join(', ')}}`;
  }
  return JSON.stringify(typeof value === 'string' ? value.replaceAll('\0', '') : (value ?? null));
}
