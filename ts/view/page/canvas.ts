import type cytoscapeFunction from 'cytoscape';
import { type Box, placesOf } from './layout.js';
import type { Shown, ShownEdge, ShownNode } from './model.js';
import { colour } from './theme.js';

declare const cytoscape: typeof cytoscapeFunction;

type Core = cytoscapeFunction.Core;

/** Beyond so many elements, what costs time to draw is left out while the picture moves. */
const LARGE = 1500;
/** Elements that are added before the browser gets its turn. */
const SLICE = 2000;

export interface CanvasHandlers {
  onNode(id: string): void;
  onEdge(edge: ShownEdge): void;
  onOpen(id: string): void;
  onBackground(): void;
}

/** The picture. */
export class Canvas {
  readonly #container: HTMLElement;
  readonly #handlers: CanvasHandlers;
  #core: Core | null = null;
  #shown: Shown = { nodes: [], edges: [] };
  /** Number of the last picture: one that takes long is given up for the next. */
  #drawn = 0;

  constructor(container: HTMLElement, handlers: CanvasHandlers) {
    [this.#container, this.#handlers] = [container, handlers];
  }

  /** Draws anew, in turns with the browser where that takes long. False where another picture came meanwhile. */
  async show(shown: Shown): Promise<boolean> {
    this.#drawn += 1;
    const mine = this.#drawn;
    const places = placesOf(shown);
    await nextFrame();
    if (mine !== this.#drawn) return false;
    this.#shown = shown;
    this.#core?.destroy();
    const isLarge = shown.nodes.length + shown.edges.length > LARGE;
    const core = cytoscape({ container: this.#container, ...settings(isLarge), style: styles(isLarge) });
    this.#core = core;
    this.#listen(core);
    const elements = [...shown.nodes.map((node) => drawnNode(node, places)), ...shown.edges.map(drawnEdge)];
    core.startBatch();
    for (let from = 0; from < elements.length; from += SLICE) {
      core.add(elements.slice(from, from + SLICE));
      await nextFrame();
      if (mine !== this.#drawn) return false;
    }
    core.endBatch();
    this.fit();
    return true;
  }

  /** Marks a node, and moves the picture where it is not in sight. */
  select(id: string): void {
    const core = this.#core;
    if (!core) return;
    core.elements(':selected').unselect();
    const node = core.getElementById(id).select();
    const [box, view] = [node.renderedBoundingBox(), { x: core.width(), y: core.height() }];
    if (node.nonempty() && (box.x1 < 0 || box.y1 < 0 || box.x2 > view.x || box.y2 > view.y)) core.center(node);
  }

  get selected(): string | null {
    return this.#core?.nodes(':selected').first().id() ?? null;
  }

  /** The node beside the selected one: along the data, or the next above or below. */
  neighbour(direction: 'left' | 'right' | 'up' | 'down'): string | null {
    const { nodes, edges } = this.#shown;
    const id = this.selected;
    if (id === null) return nodes[0]?.node.id ?? null;
    if (direction === 'left') return edges.find(({ to }) => to === id)?.from ?? null;
    if (direction === 'right') return edges.find(({ from }) => from === id)?.to ?? null;
    return this.#beside(id, direction === 'up' ? -1 : 1);
  }

  #beside(id: string, sign: number): string | null {
    const here = this.#core?.getElementById(id).position();
    if (!here || !this.#core) return null;
    let best: { id: string; far: number } | null = null;
    for (const node of this.#core.nodes().toArray()) {
      const { x, y } = node.position();
      const down = (y - here.y) * sign;
      const far = down + Math.abs(x - here.x) * 3;
      if (down > 1 && (best === null || far < best.far)) best = { id: node.id(), far };
    }
    return best?.id ?? null;
  }

  fit(): void {
    this.#core?.fit(undefined, 30);
    if (this.#core && this.#core.zoom() > 1.4) {
      this.#core.zoom(1.4);
      this.#core.center();
    }
  }

  zoomBy(factor: number): void {
    const core = this.#core;
    core?.zoom({ level: core.zoom() * factor, renderedPosition: { x: core.width() / 2, y: core.height() / 2 } });
  }

  /** Takes the colours of the page again. */
  recolour(): void {
    this.#core?.style(styles(this.#shown.nodes.length + this.#shown.edges.length > LARGE));
  }

  #listen(core: Core): void {
    core.on('tap', 'node', (event) => this.#handlers.onNode(event.target.id()));
    core.on('dbltap', 'node', (event) => this.#handlers.onOpen(event.target.id()));
    core.on('tap', 'edge', (event) => {
      const edge = this.#shown.edges.find(({ id }) => id === event.target.id());
      if (edge) this.#handlers.onEdge(edge);
    });
    core.on('tap', (event) => {
      if (event.target === core) this.#handlers.onBackground();
    });
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

function settings(isLarge: boolean): Partial<cytoscapeFunction.CytoscapeOptions> {
  return {
    layout: { name: 'preset' },
    minZoom: 0.005,
    maxZoom: 4,
    boxSelectionEnabled: false,
    ...(isLarge ? { textureOnViewport: true, hideEdgesOnViewport: true, pixelRatio: 1 } : {}),
  };
}

function drawnNode({ node, parent, isOpen }: ShownNode, places: ReadonlyMap<string, Box>): cytoscapeFunction.ElementDefinition {
  const { x = 0, y = 0, width = 80, height = 30 } = places.get(node.id) ?? {};
  const label = parent === null ? node.fullName : node.name;
  const data = { id: node.id, label: label.replace(/\s+/g, ' '), width, height, ...(parent === null ? {} : { parent }) };
  return { group: 'nodes', data, position: { x, y }, classes: isOpen ? `${node.kind} open` : node.kind };
}

function drawnEdge({ id, from, to, status, edges }: ShownEdge): cytoscapeFunction.ElementDefinition {
  const isDoubtful = edges.every(({ confidence }) => confidence < 1);
  return { group: 'edges', data: { id, source: from, target: to }, classes: isDoubtful ? `${status} doubtful` : status };
}

/** Labels that would be too small to read are not drawn. */
function styles(isLarge: boolean): cytoscapeFunction.StylesheetJson {
  const fill = (kinds: string, name: string) => ({ selector: kinds, style: { 'background-color': colour(name) } });
  const line = (selector: string, name: string) => ({ selector, style: { 'line-color': colour(name), 'target-arrow-color': colour(name) } });
  return [
    {
      selector: 'node',
      style: {
        shape: isLarge ? 'rectangle' : 'round-rectangle',
        width: 'data(width)',
        height: 'data(height)',
        label: 'data(label)',
        color: colour('ink'),
        'font-family': 'system-ui, "Open Sans", sans-serif',
        'font-size': 12,
        'min-zoomed-font-size': 7,
        'text-valign': 'center',
        'text-halign': 'center',
        'text-wrap': 'ellipsis',
        'text-max-width': '236px',
        'background-color': colour('panel'),
        'border-width': isLarge ? 0 : 1,
        'border-color': colour('edge'),
      },
    },
    fill('.Table, .DataAsset', 'table'),
    fill('.View, .MaterializedView', 'view'),
    fill('.FunctionOrProcedure, .Trigger', 'code'),
    fill('.Column', 'column'),
    { selector: '.Column', style: { 'border-color': colour('line') } },
    { selector: '.open', style: { 'text-valign': 'top', 'text-margin-y': 20, padding: '6px', 'font-weight': 'bold' } },
    {
      selector: 'edge',
      style: {
        width: isLarge ? 1 : 1.5,
        'line-color': colour('edge'),
        'target-arrow-color': colour('edge'),
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.9,
        'curve-style': isLarge ? 'straight' : 'bezier',
      },
    },
    line('.pending_review', 'pending'),
    line('.rejected', 'rejected'),
    { selector: '.rejected, .doubtful', style: { 'line-style': 'dashed' } },
    { selector: 'node:selected', style: { 'border-width': 3, 'border-color': colour('accent') } },
    { selector: 'edge:selected', style: { width: 4, 'line-color': colour('accent'), 'target-arrow-color': colour('accent') } },
  ];
}
