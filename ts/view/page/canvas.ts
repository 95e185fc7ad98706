import { detailedPicture } from './detailed.js';
import { type Box, placesOf } from './layout.js';
import { mapPicture } from './map.js';
import type { Shown } from './model.js';
import type { Picture, PictureHandlers } from './picture.js';

/** Beyond so many nodes and arrows a map is drawn: the library of the detailed picture stands still for seconds with ten thousand. */
const DETAILED = 1500;

/** Where pictures are drawn, one at a time; remembers what is selected. */
export class Canvas {
  readonly #container: HTMLElement;
  readonly #handlers: PictureHandlers;
  #picture: Picture | null = null;
  #shown: Shown = { nodes: [], edges: [] };
  #places = new Map<string, Box>();
  #selected: string | null = null;

  constructor(container: HTMLElement, handlers: PictureHandlers) {
    [this.#container, this.#handlers] = [container, handlers];
  }

  show(shown: Shown): void {
    this.#picture?.destroy();
    [this.#shown, this.#places, this.#selected] = [shown, placesOf(shown), null];
    const draw = shown.nodes.length + shown.edges.length > DETAILED ? mapPicture : detailedPicture;
    this.#picture = draw({ container: this.#container, shown, places: this.#places, handlers: this.#handlers });
    this.#picture.fit();
  }

  select(id: string): void {
    this.#selected = id;
    this.#picture?.select(id);
  }

  get selected(): string | null {
    return this.#selected;
  }

  /** The node beside the selected one: along the data, or the next above or below. The first where none is selected. */
  neighbour(direction: 'left' | 'right' | 'up' | 'down'): string | null {
    const { nodes, edges } = this.#shown;
    const id = this.#selected;
    if (id === null) return nodes[0]?.node.id ?? null;
    if (direction === 'left') return edges.find(({ to }) => to === id)?.from ?? null;
    if (direction === 'right') return edges.find(({ from }) => from === id)?.to ?? null;
    return this.#beside(id, direction === 'up' ? -1 : 1);
  }

  #beside(id: string, sign: number): string | null {
    const here = this.#places.get(id);
    if (!here) return null;
    let best: { id: string; far: number } | null = null;
    for (const [other, { x, y }] of this.#places) {
      const down = (y - here.y) * sign;
      const far = down + Math.abs(x - here.x) * 3;
      if (down > 1 && (best === null || far < best.far)) best = { id: other, far };
    }
    return best?.id ?? null;
  }

  fit(): void {
    this.#picture?.fit();
  }

  zoomBy(factor: number): void {
    this.#picture?.zoomBy(factor);
  }

  recolour(): void {
    this.#picture?.recolour();
  }
}
