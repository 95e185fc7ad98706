import { createHash } from 'node:crypto';
import { MemoryGraph } from '#ts/graph/memory.js';
import type { GraphEdge, GraphNode } from '#ts/graph/model.js';
import { PostgresSink } from '#ts/graph/postgres-sink.js';

/** Names that each form of export could stumble over. */
export const ODD_NAMES = [
  'say "hello"',
  'two\nlines',
  'carriage\r\nreturn',
  '[brackets] and {braces} (all) | pipes',
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  'a & b &lt; c &amp; d',
  'back\\slash \\n \\"',
  'comma, semicolon; #hash #35; `tick`',
  ' spaces around ',
  "O'Brien -- comment /* */",
  'größe 表 🦀',
  '--> end subgraph %% x',
] as const;

/** A made-up id. */
export function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function node(kind: string, name: string, properties: Record<string, string> = {}, id = idOf(`${kind} ${name}`)): GraphNode {
  return { file: 'odd.sql', id, kind, name, properties };
}

export function edge(from: string, type: string, to: string, properties: Record<string, string> = {}): GraphEdge {
  return { file: 'odd.sql', from, type, to, source: 'parser', confidence: 1, status: 'approved', properties };
}

/** A table of each name, with a column of it, each feeding the next. */
export function oddGraph(names: readonly string[] = ODD_NAMES): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const tables = names.map((name) => node('Table', name, { note: name }));
  const columns = names.map((name) => node('Column', name));
  const edges = tables.flatMap(({ id }, at) => {
    const [column, next, nextColumn] = [columns[at]?.id ?? '', tables[at + 1]?.id, columns[at + 1]?.id];
    const own = edge(id, 'CONTAINS', column);
    if (!next || !nextColumn) return [own];
    return [own, edge(next, 'READS_FROM', id), edge(column, 'FLOWS_TO', nextColumn, { kind: 'identity', text: names[at] ?? '' })];
  });
  return { nodes: [...tables, ...columns], edges };
}

/** Puts a graph into a database. */
export async function keepGraph(url: string, { nodes, edges }: { nodes: GraphNode[]; edges: GraphEdge[] }): Promise<void> {
  const sink = new PostgresSink({ url });
  const source = new MemoryGraph({ nodes, edges }, [{ name: 'odd.sql' }]);
  try {
    await sink.open();
    await sink.write(source, 0, 1, 'test');
  } finally {
    await sink.close();
  }
}

/** Everything that comes. */
export async function all<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const held: T[] = [];
  for await (const item of items) held.push(item);
  return held;
}
