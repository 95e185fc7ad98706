import { around, overview, review } from './api.js';
import { Canvas } from './canvas.js';
import { objectsWithColumns, type Shown, shownOf } from './model.js';
import { Panel } from './panel.js';
import { SearchField } from './search.js';
import { startTheme } from './theme.js';
import type { WireEdge, WireGraph } from './wire.js';

const direction = part('direction', HTMLSelectElement);
const depth = part('depth', HTMLInputElement);
const rejected = part('rejected', HTMLInputElement);
const status = part('status', HTMLParagraphElement);
const stage = part('canvas', HTMLDivElement);

let graph: WireGraph = { start: null, nodes: [], edges: [], isCut: false };
let open = new Set<string>();
let shown: Shown = { nodes: [], edges: [] };
/** Number of the last question: answers that come late are not shown. */
let asked = 0;

const canvas = new Canvas(stage, {
  onNode: (id) => void say(() => select(id)),
  onEdge: (edge) => void say(() => panel.showEdge(edge, nameOf)),
  onOpen: (id) => void say(() => toggle(id)),
  onBackground: () => panel.showList(shown),
});
const panel = new Panel(part('panel', HTMLElement), { onFollow: follow, onSelect: (id) => void say(() => select(id)), onReview });
const field = new SearchField(part('search', HTMLInputElement), part('found', HTMLDivElement), ({ id }) => follow(id));

startTheme(part('theme', HTMLButtonElement), () => canvas.recolour());
part('overview', HTMLButtonElement).addEventListener('click', () => {
  location.hash = '';
  void load();
});
part('expand', HTMLButtonElement).addEventListener('click', () => void say(() => openOnly(objectsWithColumns(graph))));
part('collapse', HTMLButtonElement).addEventListener('click', () => void say(() => openOnly([])));
part('fit', HTMLButtonElement).addEventListener('click', () => canvas.fit());
for (const input of [direction, depth, rejected]) input.addEventListener('change', () => void load());
stage.tabIndex = 0;
stage.addEventListener('keydown', onKey);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  field.focus();
});
addEventListener('hashchange', () => void load());
void load();

/** The page's address says which node it is about. */
function startOf(): string | null {
  return /^#([0-9a-f]{64})$/.exec(location.hash)?.[1] ?? null;
}

function follow(id: string): void {
  if (startOf() === id) void load();
  else location.hash = id;
}

/** Asks for what the address and the fields say, and draws it. */
async function load(): Promise<void> {
  await say(async () => {
    asked += 1;
    const mine = asked;
    document.body.dataset.state = 'loading';
    status.textContent = 'Loading …';
    const id = startOf();
    const question = { direction: direction.value, depth: depth.value, includeRejected: rejected.checked };
    const found = await (id === null ? overview() : around({ id, ...question }));
    if (mine !== asked) return;
    graph = found;
    const start = graph.nodes.find((node) => node.id === id);
    // A column says little without those that it is made of; a table is asked about as a whole.
    openOnly(start?.owner == null ? [] : objectsWithColumns(graph));
    if (id !== null && mine === asked) await select(id);
  });
}

function openOnly(ids: readonly string[]): void {
  open = new Set(ids);
  draw();
}

function toggle(id: string): void {
  const object = graph.nodes.find((node) => node.id === id)?.owner ?? id;
  if (!open.delete(object)) open.add(object);
  draw();
}

function draw(): void {
  shown = shownOf(graph, open);
  canvas.show(shown);
  panel.showList(shown);
  const cut = graph.isCut ? ', and there is more than is shown' : '';
  status.textContent = `${shown.nodes.length} nodes, ${shown.edges.length} arrows${cut}`;
  document.body.dataset.state = 'ready';
}

async function select(id: string): Promise<void> {
  canvas.select(id);
  await panel.showNode(id, shown);
}

async function onReview(edge: WireEdge, action: 'approve' | 'reject', notes: string): Promise<void> {
  await say(async () => {
    const { from, type, to } = edge;
    const isDone = await review({ from, type, to, action, ...(notes === '' ? {} : { notes }) });
    if (!isDone) throw new Error('the graph has no such edge any more');
    edge.status = action === 'approve' ? 'approved' : 'rejected';
    edge.notes = notes === '' ? null : notes;
    draw();
    const arrow = shown.edges.find(({ edges }) => edges.includes(edge));
    if (arrow) await panel.showEdge(arrow, nameOf);
  });
}

function onKey(event: KeyboardEvent): void {
  const ways: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = {
    ArrowLeft: 'left',
    ArrowRight: 'right',
    ArrowUp: 'up',
    ArrowDown: 'down',
  };
  const way = ways[event.key];
  const id = canvas.selected;
  if (way) {
    const next = canvas.neighbour(way);
    if (next !== null) void say(() => select(next));
  } else if (event.key === 'Enter' && id !== null) follow(id);
  else if (event.key === 'e' && id !== null) void say(() => toggle(id));
  else if (event.key === '+' || event.key === '=') canvas.zoomBy(1.3);
  else if (event.key === '-') canvas.zoomBy(1 / 1.3);
  else if (event.key === '0') canvas.fit();
  else if (event.key === 'Escape') panel.showList(shown);
  else return;
  event.preventDefault();
}

/** Does something, and says so where it fails. */
async function say(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
    status.classList.remove('failed');
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
    status.classList.add('failed');
    document.body.dataset.state = 'failed';
  }
}

function nameOf(id: string): string {
  return graph.nodes.find((node) => node.id === id)?.fullName ?? id.slice(0, 12);
}

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${id}`);
}
