import { details } from './api.js';
import type { Shown, ShownEdge } from './model.js';
import type { WireDetails, WireEdge, WireNode } from './wire.js';

/** Lines of a list: more would take longer to make than to scroll past. */
const LINES = 300;

export interface PanelHandlers {
  /** Shows what is around a node. */
  onFollow(id: string): void;
  /** Selects what is drawn. */
  onSelect(id: string): void;
  onReview(edge: WireEdge, action: 'approve' | 'reject', notes: string): Promise<void>;
}

/** The side of the page that tells of what is selected. Names are always texts, whatever they hold. */
export class Panel {
  readonly #root: HTMLElement;
  readonly #handlers: PanelHandlers;
  #asked = 0;

  constructor(root: HTMLElement, handlers: PanelHandlers) {
    [this.#root, this.#handlers] = [root, handlers];
  }

  /** All that is drawn, as a list: what a picture says, for those who cannot see it. */
  showList({ nodes, edges }: Shown): void {
    this.#asked += 1;
    const sorted = nodes.toSorted((a, b) => (a.node.fullName < b.node.fullName ? -1 : 1));
    const lines = sorted.slice(0, LINES).map(({ node }) => item(this.#button(node, () => this.#handlers.onSelect(node.id))));
    const rest = nodes.length > LINES ? [element('p', {}, `and ${nodes.length - LINES} more`)] : [];
    const list = element('ul', { id: 'shown' }, ...lines);
    this.#root.replaceChildren(element('h2', {}, `${nodes.length} nodes, ${edges.length} arrows`), list, ...rest);
  }

  /** What is known of a node, with what is drawn beside it. */
  async showNode(id: string, shown: Shown): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const known = await details(id);
    if (mine !== this.#asked) return;
    const { node, properties, columns, definedIn, mentionedIn } = known;
    const follow = element('button', { className: 'primary', type: 'button' }, 'What is around it');
    follow.addEventListener('click', () => this.#handlers.onFollow(id));
    this.#root.replaceChildren(
      element('h2', {}, node.fullName),
      element('span', { className: 'kind' }, node.kind),
      element('div', { className: 'actions' }, follow),
      facts(known, properties),
      ...this.#neighbours(id, shown),
      ...this.#section('Columns', columns),
      ...texts('Defined in', definedIn),
      ...texts('Mentioned in', mentionedIn),
    );
  }

  /** What an arrow stands for, with a review for each. */
  async showEdge(arrow: ShownEdge, nameOf: (id: string) => string): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const parts = await Promise.all(arrow.edges.slice(0, LINES).map((edge) => this.#edge(edge, nameOf)));
    if (mine === this.#asked) this.#root.replaceChildren(element('h2', {}, `${nameOf(arrow.from)} → ${nameOf(arrow.to)}`), ...parts);
  }

  async #edge(edge: WireEdge, nameOf: (id: string) => string): Promise<HTMLElement> {
    const notes = element('input', { type: 'text', placeholder: 'Notes', ariaLabel: 'Notes' });
    const action = (word: 'approve' | 'reject', text: string): HTMLElement => {
      const button = element('button', { type: 'button', className: word }, text);
      button.addEventListener('click', () => void this.#handlers.onReview(edge, word, notes.value));
      return button;
    };
    const status = element('span', { className: `status ${edge.status}` }, edge.status.replace('_', ' '));
    const rows: [string, Node | string][] = [
      ['From', nameOf(edge.from)],
      ['To', nameOf(edge.to)],
      ['Status', status],
      ['Confidence', String(edge.confidence)],
      ['Found by', edge.source],
    ];
    if (edge.kind !== null) rows.push(['Kind', edge.kind]);
    if (edge.notes !== null) rows.push(['Notes', edge.notes]);
    const expression = edge.expressionId === null ? null : await expressionOf(edge.expressionId);
    return element(
      'section',
      { className: 'edge' },
      element('h3', {}, edge.type),
      listOf(rows),
      ...(expression === null ? [] : [element('pre', {}, expression)]),
      element('div', { className: 'actions' }, notes, action('approve', 'Approve'), action('reject', 'Reject')),
    );
  }

  #neighbours(id: string, { nodes, edges }: Shown): HTMLElement[] {
    const byId = new Map(nodes.map(({ node }) => [node.id, node]));
    const at = (ids: string[]): WireNode[] => ids.flatMap((other) => byId.get(other) ?? []);
    const before = edges.filter(({ to }) => to === id).map(({ from }) => from);
    const after = edges.filter(({ from }) => from === id).map(({ to }) => to);
    return [...this.#section('Comes from', at(before)), ...this.#section('Goes to', at(after))];
  }

  #section(title: string, nodes: readonly WireNode[]): HTMLElement[] {
    if (nodes.length === 0) return [];
    const lines = nodes.slice(0, LINES).map((node) => item(this.#button(node, () => this.#handlers.onFollow(node.id))));
    return [element('h3', {}, `${title} (${nodes.length})`), element('ul', {}, ...lines)];
  }

  #button(node: WireNode, onClick: () => void): HTMLElement {
    const button = element('button', { type: 'button', className: 'link' }, node.fullName);
    button.addEventListener('click', onClick);
    return button;
  }
}

/** The text of an expression that a column is made of. */
async function expressionOf(id: string): Promise<string | null> {
  const known = await details(id).catch(() => null);
  return typeof known?.properties.logic === 'string' ? known.properties.logic : (known?.node.name ?? null);
}

function facts({ node }: WireDetails, properties: Record<string, unknown>): HTMLElement {
  const rows = Object.entries(properties).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  return listOf([['id', `${node.id.slice(0, 12)}…`], ...rows]);
}

function listOf(rows: readonly (readonly [string, Node | string])[]): HTMLElement {
  return element('dl', {}, ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

function texts(title: string, lines: readonly string[]): HTMLElement[] {
  if (lines.length === 0) return [];
  return [element('h3', {}, title), element('ul', {}, ...lines.slice(0, LINES).map((line) => item(line)))];
}

function item(child: Node | string): HTMLElement {
  return element('li', {}, child);
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
