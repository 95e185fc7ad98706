import { createHash } from 'node:crypto';
import { MemoryGraph } from '#ts/graph/memory.js';
import type { GraphEdge, GraphNode } from '#ts/graph/model.js';

/** An id of these parts, made as the kernel makes it. */
export function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\u001f')).digest('hex');
}

export const asset = (name: string): string => idOf('data_asset', name);
export const columnId = (of: string, name: string): string => idOf('column', of, name);

export function node(file: string, id: string, kind: string, name: string, properties: Record<string, string> = {}): GraphNode {
  return { file, id, kind, name, properties };
}

export function edge(file: string, from: string, type: string, to: string, more: Partial<GraphEdge> = {}): GraphEdge {
  return { file, from, type, to, source: 'parser', confidence: 1, status: 'approved', properties: {}, ...more };
}

/** What a file tells that makes `target` of `sources`, column by column; `of` is the kind of the target. */
export function derives(file: string, target: string, of: string, sources: readonly string[], columns: readonly string[]): MemoryGraph {
  const own = idOf('file', file);
  const nodes = [node(file, own, 'File', file, { path: file }), node(file, asset(target), of, target, { source_file: file })];
  const edges = [edge(file, own, 'DEFINES', asset(target))];
  for (const source of sources) {
    nodes.push(node(file, asset(source), 'DataAsset', source));
    edges.push(edge(file, asset(target), of === 'View' ? 'DERIVES' : 'READS_FROM', asset(source)), edge(file, own, 'MENTIONS', asset(source)));
  }
  for (const column of columns) {
    for (const of of [target, ...sources]) {
      nodes.push(node(file, columnId(of, column), 'Column', column));
      edges.push(edge(file, asset(of), 'CONTAINS', columnId(of, column)));
    }
    for (const source of sources)
      edges.push(edge(file, columnId(source, column), 'FLOWS_TO', columnId(target, column), { properties: { kind: 'identity' } }));
  }
  return new MemoryGraph({ nodes, edges }, [{ name: file }]);
}

/** Several sources as one. */
export async function together(...sources: MemoryGraph[]): Promise<MemoryGraph> {
  const parts = await Promise.all(sources.map((source) => source.graph()));
  return new MemoryGraph(
    { nodes: parts.flatMap(({ nodes }) => nodes), edges: parts.flatMap(({ edges }) => edges) },
    sources.flatMap((source) => source.files().map((file) => ({ ...file }))),
  );
}

/** A graph of this many files, each of as many nodes and edges as asked, all of its own. */
export function wide(files: number, nodesEach: number, edgesEach: number): MemoryGraph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const names = Array.from({ length: files }, (_, at) => `file_${String(at).padStart(6, '0')}.sql`);
  for (const name of names) {
    const ids = Array.from({ length: nodesEach }, (_, at) => idOf(name, String(at)));
    for (const [at, id] of ids.entries()) nodes.push(node(name, id, 'Column', `column_${at}`));
    for (let at = 0; at < edgesEach; at += 1) {
      const to = ids[(at * 7 + 1 + Math.floor(at / nodesEach)) % nodesEach] ?? '';
      edges.push(edge(name, ids[at % nodesEach] ?? '', 'FLOWS_TO', to, { properties: { kind: 'identity', expr_id: idOf(name, 'e', String(at)) } }));
    }
  }
  return new MemoryGraph(
    { nodes, edges },
    names.map((name) => ({ name })),
  );
}

export const LONG_FILES = 6;

/** Files that tell of a view each, with texts of up to 200 KB. */
export function longTexts(): MemoryGraph {
  const names = Array.from({ length: LONG_FILES }, (_, at) => `long_${at}.sql`);
  const nodes = names.map((file, at) => node(file, asset(file), 'View', file, { note: 'é'.repeat(10 ** at) }));
  return new MemoryGraph(
    { nodes, edges: [] },
    names.map((name) => ({ name })),
  );
}
