import { RowmillError } from '../errors.js';
import { EDGE_TYPES, NODE_KINDS, type StoredEdge, type StoredNode } from './model.js';
import { refuse } from './refuse.js';
import { scopeOf } from './scope.js';
import type { EdgeFilter, GraphQueries, GraphReader, GraphStats, Impact, NodeFilter, Review, WalkOptions, WalkStep } from './sink.js';

/** Types along which data goes from start to end. */
const ALONG = ['FLOWS_TO', 'WRITES_TO', 'INFLUENCES'];
/** Types whose start depends on their end. */
const AGAINST = ['READS_FROM', 'DERIVES', 'ALIAS_OF', 'CALLS', 'ATTACHED_TO', 'DEPENDS_ON', 'IMPORTS'];
/** The long form of `FLOWS_TO`: followed where a transformation is asked for, or the types are. */
const STEPS = ['INPUT_TO', 'GENERATES'];
/** What a way between two nodes may go along: not through a file that happens to name both. */
const WAYS = [...ALONG, ...AGAINST, ...STEPS, 'CONTAINS', 'REFERENCES'];
const MAX_ROWS = 1000;
const MAX_FOUND = 100;
const MAX_DEPTH = 100;
const MAX_WORDS = 50;
/** Nodes after which a search for a way is given up. */
const MAX_VISITED = 200_000;

/** The questions of {@link GraphQueries}, answered by whatever keeps the graph. */
export class Graph implements GraphQueries {
  readonly #reader: GraphReader;

  constructor(reader: GraphReader) {
    this.#reader = reader;
  }

  nodes(filter: NodeFilter = {}): Promise<StoredNode[]> {
    if (filter.kind !== undefined) oneOf('kind', filter.kind, NODE_KINDS);
    return this.#reader.nodes(filter, within('limit', filter.limit ?? MAX_ROWS, MAX_ROWS));
  }

  edges(filter: EdgeFilter = {}): Promise<StoredEdge[]> {
    if (filter.type !== undefined) oneOf('type', filter.type, EDGE_TYPES);
    return this.#reader.edges(filter, within('limit', filter.limit ?? MAX_ROWS, MAX_ROWS));
  }

  async search(text: string, limit = MAX_FOUND): Promise<StoredNode[]> {
    const all = text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word !== '');
    const long = all.filter((word) => word.length > 2);
    const words = (long.length > 0 ? long : all).slice(0, MAX_WORDS);
    return words.length === 0 ? [] : this.#reader.search(words, within('limit', limit, MAX_FOUND));
  }

  byIds(ids: readonly string[]): Promise<StoredNode[]> {
    return this.#reader.byIds(ids);
  }

  async named(name: string): Promise<StoredNode[]> {
    if (/^[0-9a-f]{64}$/.test(name)) return this.#reader.byIds([name]);
    const found = await this.#reader.named(name);
    if (found.length > 0) return found;
    const dot = name.lastIndexOf('.');
    const assets = dot > 0 ? await this.#reader.named(name.slice(0, dot)) : [];
    return assets.length === 0
      ? []
      : this.#reader.columnsOf(
          assets.map(({ id }) => id),
          name.slice(dot + 1),
        );
  }

  columnsOf(asset: string): Promise<StoredNode[]> {
    return this.#reader.columnsOf([asset]);
  }

  edgesAt(ids: readonly string[], side: 'src' | 'dst', types: readonly string[]): Promise<StoredEdge[]> {
    return this.#reader.edgesAt(ids, side, types);
  }

  async upstream(id: string, options: WalkOptions = {}): Promise<WalkStep[]> {
    const { along, against } = await this.#types(id, options);
    return this.#walk(id, against, along, options);
  }

  async downstream(id: string, options: WalkOptions = {}): Promise<WalkStep[]> {
    const { along, against } = await this.#types(id, options);
    return this.#walk(id, along, against, options);
  }

  async #types(id: string, options: WalkOptions): Promise<{ along: string[]; against: string[] }> {
    for (const type of options.types ?? []) oneOf('type', type, EDGE_TYPES);
    const chosen = options.types;
    if (chosen) return { along: chosen.filter((type) => !AGAINST.includes(type)), against: chosen.filter((type) => AGAINST.includes(type)) };
    const [start] = await this.#reader.byIds([id]);
    return { along: start?.kind === 'Transformation' ? [...ALONG, ...STEPS] : ALONG, against: AGAINST };
  }

  async #walk(start: string, along: readonly string[], against: readonly string[], options: WalkOptions): Promise<WalkStep[]> {
    const depth = within('depth', options.depth ?? 10, MAX_DEPTH);
    const limit = within('limit', options.limit ?? MAX_FOUND, MAX_ROWS);
    const walked = await this.#reader.walk({ start, along, against, depth, limit, includeRejected: options.includeRejected ?? false });
    const nodes = new Map((await this.#reader.byIds(walked.flatMap(({ from, to }) => [from, to]))).map((node) => [node.id, node]));
    const types = [...new Set(walked.map(({ type }) => type))];
    const stored = await this.#reader.edgesAt(
      walked.map(({ from }) => from),
      'src',
      types,
    );
    const edges = new Map(stored.map((edge) => [keyOf(edge), edge]));
    const scope = scopeOf(options);
    const told = scope ? await this.#reader.inScope([...nodes.keys()], scope) : nodes;
    return walked.flatMap((step) => {
      const [edge, from, to] = [edges.get(keyOf(step)), nodes.get(step.from), nodes.get(step.to)];
      return edge && from && to && told.has(from.id) && told.has(to.id) ? [{ edge, from, to, depth: step.depth }] : [];
    });
  }

  async impact(id: string, options: WalkOptions = {}): Promise<Impact | null> {
    const [start] = await this.#reader.byIds([id]);
    if (!start) return null;
    const limit = within('limit', options.limit ?? MAX_ROWS, MAX_ROWS);
    const columns = start.kind === 'Column' ? [] : await this.#reader.columnsOf([id]);
    const reached = new Map<string, { node: StoredNode; depth: number }>();
    let isCut = false;
    for (const from of [start, ...columns]) {
      const steps = await this.downstream(from.id, { ...options, limit });
      isCut ||= steps.length === limit;
      for (const step of steps) for (const node of [step.from, step.to]) if (node.id !== from.id) keepNearest(reached, node, step.depth);
    }
    for (const { id: own } of [start, ...columns]) reached.delete(own);
    const nodes = [...reached.values()].sort((a, b) => a.depth - b.depth || compare(a.node.fullName, b.node.fullName));
    return { start, reached: nodes.slice(0, limit), isCut: isCut || nodes.length > limit, ...(await this.#around(start, nodes)) };
  }

  /** The assets that what is reached belongs to, and the files that tell of them. */
  async #around(start: StoredNode, reached: readonly { node: StoredNode }[]): Promise<Pick<Impact, 'assets' | 'files'>> {
    const columns = reached.filter(({ node }) => node.kind === 'Column').map(({ node }) => node.id);
    const owners = await this.#reader.edgesAt(columns, 'dst', ['CONTAINS']);
    const others = reached.filter(({ node }) => node.kind !== 'Column' && node.kind !== 'Transformation').map(({ node }) => node.id);
    const assetIds = [...new Set([...owners.map(({ from }) => from), ...others])];
    const told = await this.#reader.edgesAt([start.id, ...assetIds], 'dst', ['DEFINES', 'MENTIONS']);
    const names = async (ids: readonly string[]): Promise<string[]> => (await this.#reader.byIds(ids)).map(({ fullName }) => fullName).sort(compare);
    const isFile = new Set(reached.filter(({ node }) => node.kind === 'File').map(({ node }) => node.id));
    const files = [...new Set([...told.map(({ from }) => from), ...isFile])];
    return { assets: await names(assetIds.filter((id) => id !== start.id && !isFile.has(id))), files: await names(files) };
  }

  async path(from: string, to: string, options: WalkOptions = {}): Promise<StoredNode[] | null> {
    const depth = within('depth', options.depth ?? MAX_DEPTH, MAX_DEPTH);
    const before = new Map<string, string | null>([[from, null]]);
    let frontier = [from];
    for (let step = 0; step < depth && frontier.length > 0 && !before.has(to) && before.size < MAX_VISITED; step += 1) {
      frontier = await this.#neighbours(frontier, before, options);
    }
    if (!before.has(to) && before.size >= MAX_VISITED) throw tooFar(before.size);
    if (!before.has(to)) return null;
    const ids: string[] = [];
    for (let at: string | null = to; at !== null; at = before.get(at) ?? null) ids.unshift(at);
    const nodes = new Map((await this.#reader.byIds(ids)).map((node) => [node.id, node]));
    const way = ids.flatMap((id) => nodes.get(id) ?? []);
    return way.length === ids.length ? way : null;
  }

  /** Nodes one step further that were not met before; says how each was reached. */
  async #neighbours(frontier: readonly string[], before: Map<string, string | null>, options: WalkOptions): Promise<string[]> {
    const types = options.types ?? WAYS;
    const out = await this.#reader.edgesAt(frontier, 'src', types);
    const back = await this.#reader.edgesAt(frontier, 'dst', types);
    const hops = [...out.map((edge) => [edge, edge.from, edge.to] as const), ...back.map((edge) => [edge, edge.to, edge.from] as const)];
    const next: string[] = [];
    for (const [edge, at, to] of hops) {
      if (before.has(to) || (edge.status === 'rejected' && !options.includeRejected)) continue;
      before.set(to, at);
      next.push(to);
    }
    return next;
  }

  stats(): Promise<GraphStats> {
    return this.#reader.stats();
  }

  review(review: Review): Promise<boolean> {
    return this.#reader.review(review);
  }

  allNodes(): AsyncIterable<StoredNode> {
    return this.#reader.allNodes();
  }

  allEdges(): AsyncIterable<StoredEdge> {
    return this.#reader.allEdges();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

function keyOf({ from, type, to }: { from: string; type: string; to: string }): string {
  return `${from} ${type} ${to}`;
}

function tooFar(visited: number): RowmillError {
  const message = `no way was found among the ${visited} nodes nearest to the start, and there are more`;
  const help = 'Give a smaller depth, types of edges to follow, or a node that is nearer.';
  return new RowmillError({ code: 'BUDGET_EXCEEDED', message, help, retryable: false, place: {} });
}

function keepNearest(reached: Map<string, { node: StoredNode; depth: number }>, node: StoredNode, depth: number): void {
  const held = reached.get(node.id);
  if (!held || held.depth > depth) reached.set(node.id, { node, depth });
}

/** By code points, so that every machine sorts alike. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function within(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw refuse(`${name} is ${value}`, `Use a whole number from 1 to ${most}.`, name, String(value));
}

function oneOf(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw refuse(`there is no ${name} '${value}'`, `Known: ${known.join(', ')}.`, name, value);
}
