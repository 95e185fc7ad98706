import type { Box } from './layout.js';
import type { ShownEdge } from './model.js';
import type { Drawing, Picture } from './picture.js';
import { colour } from './theme.js';

/** Lines that are drawn at once: one path of all of them takes longer. */
const STROKE = 400;
const READABLE_PX = 7;
const FONT_PX = 12;
/** From so many pixels on, a press is a drag. */
const DRAG_PX = 4;
const NEAR_PX = 5;
const COLOURS: Readonly<Record<string, string>> = {
  Table: 'table',
  DataAsset: 'table',
  View: 'view',
  MaterializedView: 'view',
  FunctionOrProcedure: 'code',
  Trigger: 'code',
};

interface Placed extends Box {
  id: string;
  label: string;
  /** Height of the name: above the columns where these are drawn. */
  labelY: number;
  colour: string;
}

interface Line {
  edge: ShownEdge;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** A picture of tens of thousands of nodes: boxes and lines on a plain canvas, names where they can be read. Data goes from left to right. */
export function mapPicture(drawing: Drawing): Picture {
  return new MapPicture(drawing);
}

class MapPicture implements Picture {
  readonly #drawing: Drawing;
  readonly #canvas = document.createElement('canvas');
  readonly #boxes: Placed[];
  readonly #lines: Line[];
  readonly #resized: ResizeObserver;
  #view = { x: 0, y: 0, scale: 1 };
  #selected: string | null = null;
  #isAsked = false;

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
    this.#boxes = boxesOf(drawing);
    this.#lines = linesOf(drawing);
    this.#canvas.className = 'map';
    drawing.container.append(this.#canvas);
    this.#resized = new ResizeObserver(() => this.#ask());
    this.#resized.observe(drawing.container);
    this.#listen();
  }

  select(id: string): void {
    this.#selected = id;
    const box = this.#drawing.places.get(id);
    const { width, height } = this.#size();
    if (box && !isInside(this.#toScreen(box), width, height)) {
      this.#view.scale = Math.max(this.#view.scale, 0.6);
      this.#view.x = width / 2 - box.x * this.#view.scale;
      this.#view.y = height / 2 - box.y * this.#view.scale;
    }
    this.#ask();
  }

  fit(): void {
    const { width, height } = this.#size();
    const all = boundsOf(this.#boxes);
    const scale = Math.min(1.4, (width - 60) / Math.max(1, all.width), (height - 60) / Math.max(1, all.height));
    this.#view = { scale, x: width / 2 - all.x * scale, y: height / 2 - all.y * scale };
    this.#ask();
  }

  zoomBy(factor: number): void {
    const { width, height } = this.#size();
    this.#zoomAt(width / 2, height / 2, factor);
  }

  recolour(): void {
    this.#ask();
  }

  destroy(): void {
    this.#resized.disconnect();
    this.#canvas.remove();
  }

  #size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#drawing.container;
    return { width: clientWidth, height: clientHeight };
  }

  #toScreen({ x, y }: { x: number; y: number }): { x: number; y: number } {
    return { x: x * this.#view.scale + this.#view.x, y: y * this.#view.scale + this.#view.y };
  }

  #zoomAt(x: number, y: number, factor: number): void {
    const scale = Math.min(4, Math.max(0.002, this.#view.scale * factor));
    const change = scale / this.#view.scale;
    this.#view = { scale, x: x - (x - this.#view.x) * change, y: y - (y - this.#view.y) * change };
    this.#ask();
  }

  /** At most one drawing for each frame, whatever the number of changes. */
  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { width, height } = this.#size();
    const context = this.#canvas.getContext('2d');
    if (!context || !this.#canvas.isConnected) return;
    if (this.#canvas.width !== width || this.#canvas.height !== height) [this.#canvas.width, this.#canvas.height] = [width, height];
    const { x, y, scale } = this.#view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(scale, 0, 0, scale, x, y);
    const sight = { left: -x / scale, top: -y / scale, right: (width - x) / scale, bottom: (height - y) / scale };
    this.#drawLines(context, sight);
    const inSight = this.#boxes.filter((box) => touches(box, sight));
    for (const [name, boxes] of byColour(inSight)) {
      context.fillStyle = colour(name);
      for (const box of boxes) context.fillRect(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height);
    }
    this.#drawNames(context, inSight);
    this.#drawSelected(context);
  }

  #drawLines(context: CanvasRenderingContext2D, sight: Sight): void {
    context.lineWidth = 1 / this.#view.scale;
    for (const status of ['approved', 'pending_review', 'rejected']) {
      context.strokeStyle = colour({ pending_review: 'pending', rejected: 'rejected' }[status] ?? 'line');
      let held = 0;
      context.beginPath();
      for (const { edge, x1, y1, x2, y2 } of this.#lines) {
        if (edge.status !== status || isOutside(x1, y1, x2, y2, sight)) continue;
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
        held += 1;
        if (held % STROKE !== 0) continue;
        context.stroke();
        context.beginPath();
      }
      context.stroke();
    }
  }

  #drawNames(context: CanvasRenderingContext2D, boxes: readonly Placed[]): void {
    if (this.#view.scale * FONT_PX < READABLE_PX) return;
    context.fillStyle = colour('ink');
    context.font = `${FONT_PX}px system-ui, "Open Sans", sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { label, x, labelY, width } of boxes) context.fillText(label, x, labelY, width - 8);
  }

  #drawSelected(context: CanvasRenderingContext2D): void {
    const box = this.#selected === null ? undefined : this.#drawing.places.get(this.#selected);
    if (!box) return;
    context.lineWidth = 3 / Math.min(1, this.#view.scale);
    context.strokeStyle = colour('accent');
    context.strokeRect(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height);
  }

  #listen(): void {
    const canvas = this.#canvas;
    let from: { x: number; y: number; isDrag: boolean } | null = null;
    canvas.addEventListener('pointerdown', ({ offsetX: x, offsetY: y, pointerId }) => {
      canvas.setPointerCapture(pointerId);
      from = { x, y, isDrag: false };
    });
    canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
      if (!from) return;
      const [x, y] = [offsetX - from.x, offsetY - from.y];
      if (!from.isDrag && Math.hypot(x, y) < DRAG_PX) return;
      from = { x: offsetX, y: offsetY, isDrag: true };
      this.#view = { ...this.#view, x: this.#view.x + x, y: this.#view.y + y };
      this.#ask();
    });
    canvas.addEventListener('pointerup', ({ offsetX, offsetY }) => {
      if (from && !from.isDrag) this.#pick(offsetX, offsetY);
      from = null;
    });
    canvas.addEventListener('dblclick', ({ offsetX, offsetY }) => {
      const box = this.#boxAt(offsetX, offsetY);
      if (box) this.#drawing.handlers.onOpen(box.id);
    });
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.#zoomAt(event.offsetX, event.offsetY, Math.exp(-event.deltaY / 400));
      },
      { passive: false },
    );
  }

  #pick(x: number, y: number): void {
    const { handlers } = this.#drawing;
    const box = this.#boxAt(x, y);
    const edge = box ? undefined : this.#lineAt(x, y);
    if (box) handlers.onNode(box.id);
    else if (edge) handlers.onEdge(edge);
    else handlers.onBackground();
  }

  #boxAt(screenX: number, screenY: number): Placed | undefined {
    const { x, y, scale } = this.#view;
    const [left, top] = [(screenX - x) / scale, (screenY - y) / scale];
    return this.#boxes.findLast((box) => Math.abs(box.x - left) <= box.width / 2 && Math.abs(box.y - top) <= box.height / 2);
  }

  #lineAt(screenX: number, screenY: number): ShownEdge | undefined {
    const { x, y, scale } = this.#view;
    const [left, top] = [(screenX - x) / scale, (screenY - y) / scale];
    return this.#lines.find((line) => distanceTo(line, left, top) * scale < NEAR_PX)?.edge;
  }
}

interface Sight {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boxesOf({ shown, places }: Drawing): Placed[] {
  const boxes = shown.nodes.flatMap(({ node, parent, isOpen }) => {
    const box = places.get(node.id);
    if (!box) return [];
    const label = (parent === null ? node.fullName : node.name).replace(/\s+/g, ' ');
    const labelY = isOpen ? box.y - box.height / 2 + 13 : box.y;
    return [{ ...box, id: node.id, label, labelY, colour: COLOURS[node.kind] ?? 'column', depth: parent === null ? 0 : 1 }];
  });
  // What lies in others is drawn after them.
  return boxes.sort((a, b) => a.depth - b.depth);
}

function linesOf({ shown, places }: Drawing): Line[] {
  return shown.edges.flatMap((edge) => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (!from || !to) return [];
    return [{ edge, x1: from.x + from.width / 2, y1: from.y, x2: to.x - to.width / 2, y2: to.y }];
  });
}

function boundsOf(boxes: readonly Box[]): Box {
  const all = { left: Number.POSITIVE_INFINITY, top: Number.POSITIVE_INFINITY, right: Number.NEGATIVE_INFINITY, bottom: Number.NEGATIVE_INFINITY };
  for (const { x, y, width, height } of boxes) {
    all.left = Math.min(all.left, x - width / 2);
    all.right = Math.max(all.right, x + width / 2);
    all.top = Math.min(all.top, y - height / 2);
    all.bottom = Math.max(all.bottom, y + height / 2);
  }
  if (boxes.length === 0) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: (all.left + all.right) / 2, y: (all.top + all.bottom) / 2, width: all.right - all.left, height: all.bottom - all.top };
}

function touches({ x, y, width, height }: Box, { left, top, right, bottom }: Sight): boolean {
  return x + width / 2 >= left && x - width / 2 <= right && y + height / 2 >= top && y - height / 2 <= bottom;
}

function isOutside(x1: number, y1: number, x2: number, y2: number, { left, top, right, bottom }: Sight): boolean {
  return (x1 < left && x2 < left) || (x1 > right && x2 > right) || (y1 < top && y2 < top) || (y1 > bottom && y2 > bottom);
}

function isInside({ x, y }: { x: number; y: number }, width: number, height: number): boolean {
  return x > 0 && y > 0 && x < width && y < height;
}

function distanceTo({ x1, y1, x2, y2 }: Line, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / Math.max(1e-9, dx * dx + dy * dy)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

function byColour(boxes: readonly Placed[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const box of boxes) {
    const group = groups.get(box.colour);
    if (group) group.push(box);
    else groups.set(box.colour, [box]);
  }
  return groups;
}
