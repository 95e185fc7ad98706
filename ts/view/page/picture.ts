import type { Box } from './layout.js';
import type { Shown, ShownEdge } from './model.js';

/** What people do in a picture. */
export interface PictureHandlers {
  onNode(id: string): void;
  onEdge(edge: ShownEdge): void;
  onOpen(id: string): void;
  onBackground(): void;
}

/** What is drawn, and where. */
export interface Drawing {
  container: HTMLElement;
  shown: Shown;
  places: ReadonlyMap<string, Box>;
  handlers: PictureHandlers;
}

/** A drawn graph. */
export interface Picture {
  /** Marks a node, and moves the picture where it is not in sight. */
  select(id: string): void;
  /** All of it in sight. */
  fit(): void;
  zoomBy(factor: number): void;
  /** Takes the colours of the page again. */
  recolour(): void;
  destroy(): void;
}
