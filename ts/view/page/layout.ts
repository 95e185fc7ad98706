import type { Shown, ShownNode } from './model.js';

declare const dagre: typeof import('@dagrejs/dagre');

/** Where a node is, its middle, and how large it is. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const ROW = 24;
const HEAD = 26;
/** Beyond so many, the careful layout takes longer than people wait. */
const CAREFUL_NODES = 250;
const CAREFUL_EDGES = 800;
const GAP = { x: 90, y: 18 };

interface Block {
  id: string;
  columns: ShownNode[];
  width: number;
  height: number;
}

/** Places for all nodes: data goes from left to right. */
export function placesOf(shown: Shown): Map<string, Box> {
  const blocks = blocksOf(shown);
  const owner = new Map(blocks.flatMap(({ id, columns }) => columns.map(({ node }) => [node.id, id] as const)));
  const ends = shown.edges.map(({ from, to }) => [owner.get(from) ?? from, owner.get(to) ?? to] as const).filter(([from, to]) => from !== to);
  const isSmall = blocks.length <= CAREFUL_NODES && ends.length <= CAREFUL_EDGES;
  const places = isSmall ? careful(blocks, ends) : inLayers(blocks, ends);
  for (const { id, columns, height, width } of blocks) {
    const place = places.get(id);
    if (!place) continue;
    const top = place.y - height / 2 + HEAD;
    for (const [at, { node }] of columns.entries())
      places.set(node.id, { x: place.x, y: top + (at + 0.5) * ROW, width: width - 12, height: ROW - 4 });
  }
  return places;
}

/** Objects with their columns, these by name. */
function blocksOf({ nodes }: Shown): Block[] {
  const columns = new Map<string, ShownNode[]>();
  for (const shown of nodes) {
    if (shown.parent === null) continue;
    const own = columns.get(shown.parent);
    if (own) own.push(shown);
    else columns.set(shown.parent, [shown]);
  }
  return nodes
    .filter(({ parent }) => parent === null)
    .map(({ node }) => {
      const own = (columns.get(node.id) ?? []).sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
      const longest = Math.max(node.fullName.length, ...own.map(({ node: { name } }) => name.length));
      const height = own.length === 0 ? 30 : HEAD + own.length * ROW + 8;
      return { id: node.id, columns: own, width: Math.min(260, Math.max(80, longest * 7 + 24)), height };
    });
}

type Ends = readonly (readonly [string, string])[];

function careful(blocks: readonly Block[], ends: Ends): Map<string, Box> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: GAP.y, ranksep: GAP.x });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of blocks) graph.setNode(id, { width, height });
  for (const [from, to] of ends) graph.setEdge(from, to);
  dagre.layout(graph);
  return new Map(blocks.map(({ id, width, height }) => [id, { ...placed(graph.node(id)), width, height }]));
}

function placed({ x = 0, y = 0 }: { x?: number; y?: number }): { x: number; y: number } {
  return { x, y };
}

/** Layers by longest ways, each in the order of what feeds it, and wrapped where it is long. Takes time in proportion to nodes and edges. */
function inLayers(blocks: readonly Block[], ends: Ends): Map<string, Box> {
  const feeding = new Map<string, string[]>();
  for (const [from, to] of ends) {
    const known = feeding.get(to);
    if (known) known.push(from);
    else feeding.set(to, [from]);
  }
  const layers = new Map<number, Block[]>();
  const layerOf = layersOf(blocks, ends);
  for (const block of blocks) {
    const at = layerOf.get(block.id) ?? 0;
    const layer = layers.get(at);
    if (layer) layer.push(block);
    else layers.set(at, [block]);
  }
  const tallest = Math.ceil(Math.sqrt(blocks.length) * 1.6) * 48;
  const places = new Map<string, Box>();
  let x = 0;
  for (const [, layer] of [...layers].sort(([a], [b]) => a - b)) x = placeLayer(ordered(layer, feeding, places), x, tallest, places);
  return places;
}

/** The longest way to each node; what is on a cycle counts from where it is met first. */
function layersOf(blocks: readonly Block[], ends: Ends): Map<string, number> {
  const next = new Map<string, string[]>(blocks.map(({ id }) => [id, []]));
  const waiting = new Map<string, number>(blocks.map(({ id }) => [id, 0]));
  for (const [from, to] of ends) {
    next.get(from)?.push(to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const layer = new Map<string, number>();
  const ready = blocks.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  const done = new Set<string>();
  // Where none is ready all that is left is on cycles, or behind one: these are taken as they come.
  for (const id of inTurn(ready, blocks)) {
    if (done.has(id)) continue;
    done.add(id);
    const at = layer.get(id) ?? 0;
    layer.set(id, at);
    for (const to of next.get(id) ?? []) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (!done.has(to)) layer.set(to, Math.max(layer.get(to) ?? 0, at + 1));
      if (left === 0) ready.push(to);
    }
  }
  return layer;
}

/** What is ready, also what becomes so meanwhile, and then one of the rest at a time. */
function* inTurn(ready: readonly string[], blocks: readonly Block[]): Generator<string> {
  let at = 0;
  for (const { id } of blocks) {
    for (; at < ready.length; at += 1) yield ready[at] ?? '';
    yield id;
  }
}

/** Each beside what feeds it. */
function ordered(layer: Block[], feeding: ReadonlyMap<string, string[]>, places: ReadonlyMap<string, Box>): Block[] {
  const heights = new Map(
    layer.map(({ id }) => {
      const known = (feeding.get(id) ?? []).flatMap((from) => places.get(from)?.y ?? []);
      return [id, known.length === 0 ? Number.POSITIVE_INFINITY : known.reduce((sum, y) => sum + y, 0) / known.length];
    }),
  );
  const height = (id: string): number => heights.get(id) ?? 0;
  return layer.sort((a, b) => (height(a.id) === height(b.id) ? 0 : height(a.id) - height(b.id)));
}

/** Places a layer from `x` on; answers where the next one begins. */
function placeLayer(layer: readonly Block[], x: number, tallest: number, places: Map<string, Box>): number {
  let [left, y, widest] = [x, 0, 0];
  for (const { id, width, height } of layer) {
    if (y + height > tallest && y > 0) [left, y, widest] = [left + widest + 24, 0, 0];
    places.set(id, { x: left + width / 2, y: y + height / 2, width, height });
    y += height + GAP.y;
    widest = Math.max(widest, width);
  }
  return left + widest + GAP.x * 2;
}
