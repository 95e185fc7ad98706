import { compareText } from './merge.js';
import type { MergedGraph } from './merged-graph.js';
import type { StoredEdge, StoredNode } from './model.js';
import { scopeOf } from './scope.js';
import type { EdgeFilter, GraphReader, GraphScope, GraphStats, NodeFilter, Review, Walk, WalkedEdge } from './sink.js';
import { walkLevels } from './walk-levels.js';

/** What a review has to do where the graph is kept; false where there is no such edge. */
export type ReviewEdge = (review: Review) => Promise<boolean>;

/** Answers from a graph in memory. */
export class MemoryReader implements GraphReader {
  readonly #graph: MergedGraph;
  readonly #files: number;
  readonly #review: ReviewEdge;

  constructor(graph: MergedGraph, files: number, review: ReviewEdge) {
    this.#graph = graph;
    this.#files = files;
    this.#review = review;
  }

  async nodes({ kind, contains, file, ...rest }: NodeFilter, limit: number): Promise<StoredNode[]> {
    const part = contains?.toLowerCase();
    const scope = scopeOf(rest);
    const told = scope ? this.#graph.idsIn(scope) : undefined;
    const found = this.#stored(file === undefined ? this.#graph.ids() : this.#graph.idsOf(file)).filter(
      (node) =>
        (kind === undefined || node.kind === kind) &&
        (told === undefined || told.has(node.id)) &&
        (part === undefined || node.name.toLowerCase().includes(part)),
    );
    return found.sort(byName).slice(0, limit);
  }

  async edges(filter: EdgeFilter, limit: number): Promise<StoredEdge[]> {
    const found: StoredEdge[] = [];
    const scope = scopeOf(filter);
    const told = scope ? this.#graph.idsIn(scope) : undefined;
    for (const edge of this.#graph.edges()) {
      if (found.length === limit) break;
      if (isWanted(edge, filter) && (told === undefined || (told.has(edge.from) && told.has(edge.to)))) found.push(edge);
    }
    return found;
  }

  async search(words: readonly string[], limit: number): Promise<StoredNode[]> {
    const hitsOf = ({ name }: StoredNode): number => words.filter((word) => name.toLowerCase().includes(word)).length;
    return this.#stored(this.#graph.ids())
      .filter(({ kind }) => kind !== 'Transformation')
      .map((node) => ({ node, hits: hitsOf(node) }))
      .filter(({ hits }) => hits > 0)
      .sort(
        (a, b) =>
          b.hits - a.hits ||
          [...a.node.name].length - [...b.node.name].length ||
          compareText(a.node.name, b.node.name) ||
          compareText(a.node.id, b.node.id),
      )
      .slice(0, limit)
      .map(({ node }) => node);
  }

  async byIds(ids: readonly string[]): Promise<StoredNode[]> {
    return this.#stored([...new Set(ids)]);
  }

  async named(name: string): Promise<StoredNode[]> {
    const wanted = name.toLowerCase();
    const all = this.#stored(this.#graph.ids()).filter(({ kind }) => kind !== 'Transformation' && kind !== 'Column');
    const ofFile = new Set(this.#graph.idsOf(name));
    const exact = all.filter((node) => node.name.toLowerCase() === wanted || (node.kind === 'File' && ofFile.has(node.id)));
    return (exact.length > 0 ? exact : all.filter((node) => node.name.toLowerCase().endsWith(`.${wanted}`))).sort(byName);
  }

  async columnsOf(assets: readonly string[], column?: string): Promise<StoredNode[]> {
    const ids = new Set(assets.flatMap((asset) => this.#at(asset, 'src', ['CONTAINS']).map(({ to }) => to)));
    const columns = this.#stored([...ids]).filter(({ kind }) => kind === 'Column');
    return columns.filter(({ name }) => column === undefined || name.toLowerCase() === column.toLowerCase()).sort(byName);
  }

  async inScope(ids: readonly string[], scope: GraphScope): Promise<ReadonlySet<string>> {
    const told = this.#graph.idsIn(scope);
    return new Set(ids.filter((id) => told.has(id)));
  }

  async edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
    return [...new Set(ids)].flatMap((id) => this.#at(id, side, types)).sort(byEnds);
  }

  walk(walk: Walk): Promise<WalkedEdge[]> {
    const isKept = (edge: StoredEdge): boolean => walk.includeRejected || edge.status !== 'rejected';
    return walkLevels(
      (ids, side, types, limit) =>
        ids
          .flatMap((id) => this.#at(id, side, types).filter(isKept))
          .sort(byEnds)
          .slice(0, limit)
          .map(({ from, type, to }) => ({ from, type, to })),
      walk,
    );
  }

  async stats(): Promise<GraphStats> {
    const counts = {
      nodesByKind: {} as Record<string, number>,
      edgesByType: {} as Record<string, number>,
      edgesByStatus: {} as Record<string, number>,
    };
    const stats = { nodes: 0, edges: 0, files: this.#files, unmatched: 0 };
    for (const { kind } of this.#stored(this.#graph.ids())) {
      stats.nodes += 1;
      count(counts.nodesByKind, kind);
    }
    for (const { from, type, to, status } of this.#graph.edges()) {
      stats.edges += 1;
      stats.unmatched += [from, to].filter((id) => !this.#graph.hasNode(id)).length;
      count(counts.edgesByType, type);
      count(counts.edgesByStatus, status);
    }
    return {
      ...stats,
      nodesByKind: inOrder(counts.nodesByKind),
      edgesByType: inOrder(counts.edgesByType),
      edgesByStatus: inOrder(counts.edgesByStatus),
    };
  }

  review(review: Review): Promise<boolean> {
    return this.#review(review);
  }

  async *allNodes(): AsyncGenerator<StoredNode> {
    for (const id of this.#graph.ids()) yield* this.#stored([id]);
  }

  async *allEdges(): AsyncGenerator<StoredEdge> {
    yield* this.#graph.edges();
  }

  async close(): Promise<void> {
    // Nothing is held but memory.
  }

  #at(id: string, side: 'src' | 'dst', types: readonly string[]): StoredEdge[] {
    return this.#graph.edgesAt(id, side).filter(({ type }) => types.includes(type));
  }

  #stored(ids: readonly string[]): StoredNode[] {
    return ids.flatMap((id) => this.#graph.node(id) ?? []);
  }
}

function isWanted(edge: StoredEdge, { type, status, source, minConfidence, node }: EdgeFilter): boolean {
  return (
    (type === undefined || edge.type === type) &&
    (status === undefined || edge.status === status) &&
    (source === undefined || edge.source === source) &&
    (minConfidence === undefined || edge.confidence >= minConfidence) &&
    (node === undefined || edge.from === node || edge.to === node)
  );
}

function byName(left: StoredNode, right: StoredNode): number {
  return compareText(left.name, right.name) || compareText(left.kind, right.kind) || compareText(left.id, right.id);
}

function byEnds(left: StoredEdge, right: StoredEdge): number {
  return compareText(left.from, right.from) || compareText(left.type, right.type) || compareText(left.to, right.to);
}

function count(counts: Record<string, number>, word: string): void {
  counts[word] = (counts[word] ?? 0) + 1;
}

function inOrder(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([left], [right]) => compareText(left, right)));
}
