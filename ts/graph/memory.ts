import { createHash } from 'node:crypto';
import { copyOfEdges, copyOfNodes, NO_ROWS } from './copy-bytes.js';
import type { GraphCopy, GraphEdge, GraphFile, GraphNode, GraphParts, GraphSource } from './model.js';

/** A graph that is held in memory, as plugins and dead-letter files give it. */
export class MemoryGraph implements GraphSource {
  readonly #files: readonly GraphFile[];
  readonly #nodes: Map<string, GraphNode[]>;
  readonly #edges: Map<string, GraphEdge[]>;

  /** Files that nothing is known of but their name get a digest of their parts. */
  constructor(parts: GraphParts, files: readonly (Partial<GraphFile> & { name: string })[]) {
    this.#nodes = byFile(parts.nodes);
    this.#edges = byFile(parts.edges);
    this.#files = files.map((file) => this.#described(file)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #described(file: Partial<GraphFile> & { name: string }): GraphFile {
    const [nodes, edges] = [this.#nodes.get(file.name) ?? [], this.#edges.get(file.name) ?? []];
    const digest = createHash('sha256')
      .update(JSON.stringify([nodes, edges]))
      .digest('hex');
    return { sha256: digest, digest, nodes: nodes.length, edges: edges.length, ...file };
  }

  files(): readonly GraphFile[] {
    return this.#files;
  }

  async graph(from = 0, to = this.#files.length): Promise<GraphParts> {
    const names = this.#files.slice(from, to).map(({ name }) => name);
    return { nodes: names.flatMap((name) => this.#nodes.get(name) ?? []), edges: names.flatMap((name) => this.#edges.get(name) ?? []) };
  }

  /** Every node and every edge is a row of its own. */
  async copy(from: number, to: number, first: number): Promise<GraphCopy> {
    const keys = new Map(this.#files.slice(from, to).map(({ name }, at) => [name, first + at]));
    const key = (name: string): number => keys.get(name) ?? first;
    const { nodes, edges } = await this.graph(from, to);
    const own = new Set(nodes.map(({ id }) => id));
    const strange = edges.flatMap((edge) => [edge.from, edge.to]).filter((id) => !own.has(id));
    return {
      nodes: copyOfNodes(nodes, key),
      columns: NO_ROWS,
      flows: NO_ROWS,
      edges: copyOfEdges(edges, key),
      strange: Buffer.from(strange.join(''), 'hex'),
      nodeCount: nodes.length,
      edgeCount: edges.length,
    };
  }
}

/** Items by the files that tell them. */
export function byFile<T extends { file: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.file);
    if (group) group.push(item);
    else groups.set(item.file, [item]);
  }
  return groups;
}
