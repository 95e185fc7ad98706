import { gunzipSync, gzipSync } from 'node:zlib';
import { textOfEdge, textOfNode } from './merge.js';
import type { GraphEdge, GraphNode } from './model.js';

/** What one file tells: sayings as text, each once, by what they are about. */
export interface FileFacts {
  /** By id of the node. */
  nodes: Map<string, Set<string>>;
  /** By {@link edgeKey}. */
  edges: Map<string, Set<string>>;
}

/** Facts of a file that are to be others than before; `after` is null for one that is to be forgotten. */
export interface FileChange {
  before: FileFacts;
  after: FileFacts | null;
}

/** How many files more, or fewer, say a thing: by what it is about, then by its text. */
export type Deltas = Map<string, Map<string, number>>;

/** What identifies an edge: its ends and type. */
export function edgeKey({ from, type, to }: { from: string; type: string; to: string }): string {
  return `${from} ${type} ${to}`;
}

/** Ends and type of an edge. */
export function edgeOfKey(key: string): { from: string; type: string; to: string } {
  const from = key.slice(0, key.indexOf(' '));
  const to = key.slice(key.lastIndexOf(' ') + 1);
  return { from, type: key.slice(from.length + 1, key.length - to.length - 1), to };
}

export function noFacts(): FileFacts {
  return { nodes: new Map(), edges: new Map() };
}

/** The facts of each file, by its name. */
export function factsOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, FileFacts> {
  const facts = new Map<string, FileFacts>();
  const of = (file: string): FileFacts => {
    const held = facts.get(file) ?? noFacts();
    facts.set(file, held);
    return held;
  };
  for (const node of nodes) say(of(node.file).nodes, node.id, textOfNode(node));
  for (const edge of edges) say(of(edge.file).edges, edgeKey(edge), textOfEdge(edge));
  return facts;
}

function say(of: Map<string, Set<string>>, key: string, text: string): void {
  const held = of.get(key);
  if (held) held.add(text);
  else of.set(key, new Set([text]));
}

/** Both together, where `more` says nothing of what `held` speaks of already. */
export function withMore(held: FileFacts, more: FileFacts): FileFacts {
  return { nodes: new Map([...more.nodes, ...held.nodes]), edges: new Map([...more.edges, ...held.edges]) };
}

/** What has to be added and taken away, all files together; what stays the same does not appear. */
export function deltasOf(changes: readonly FileChange[], what: keyof FileFacts): Deltas {
  const deltas: Deltas = new Map();
  for (const { before, after } of changes) {
    count(deltas, before[what], -1);
    if (after) count(deltas, after[what], 1);
  }
  for (const [key, texts] of deltas) {
    for (const [text, times] of texts) if (times === 0) texts.delete(text);
    if (texts.size === 0) deltas.delete(key);
  }
  return deltas;
}

function count(deltas: Deltas, facts: ReadonlyMap<string, ReadonlySet<string>>, by: number): void {
  for (const [key, sayings] of facts) {
    const texts = deltas.get(key) ?? new Map<string, number>();
    deltas.set(key, texts);
    for (const text of sayings) texts.set(text, (texts.get(text) ?? 0) + by);
  }
}

/** Keys of edges by their types, in an order that does not depend on that of the files. */
export function edgeKeysByType(deltas: Deltas): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const key of [...deltas.keys()].sort()) {
    const { type } = edgeOfKey(key);
    const keys = types.get(type);
    if (keys) keys.push(key);
    else types.set(type, [key]);
  }
  return types;
}

/** Facts as bytes: what a `SourceFile` keeps to know what to take away. */
export function packFacts({ nodes, edges }: FileFacts): Int8Array {
  const plain = { nodes: [...nodes].map(([key, texts]) => [key, ...texts]), edges: [...edges].map(([key, texts]) => [key, ...texts]) };
  const bytes = gzipSync(JSON.stringify(plain), { level: 1 });
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The facts that {@link packFacts} packed; none of nothing. */
export function unpackFacts(bytes: Int8Array | null): FileFacts {
  if (!bytes) return noFacts();
  const text = gunzipSync(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toString('utf8');
  const plain = JSON.parse(text) as { nodes: string[][]; edges: string[][] };
  const held = (rows: string[][]): Map<string, Set<string>> => new Map(rows.map(([key = '', ...texts]) => [key, new Set(texts)]));
  return { nodes: held(plain.nodes), edges: held(plain.edges) };
}
