import { search } from './api.js';
import type { WireNode } from './wire.js';

const WAIT_MS = 120;

/** The field that finds nodes: arrows choose, Enter takes, Escape closes. */
export class SearchField {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLDivElement;
  readonly #onChoose: (node: WireNode) => void;
  #found: WireNode[] = [];
  #at = -1;
  #timer = 0;
  /** Number of the last question: answers that come late are not shown. */
  #asked = 0;

  constructor(input: HTMLInputElement, list: HTMLDivElement, onChoose: (node: WireNode) => void) {
    [this.#input, this.#list, this.#onChoose] = [input, list, onChoose];
    input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
    });
    input.addEventListener('keydown', (event) => this.#onKey(event));
    input.addEventListener('blur', () => this.#close());
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  async #ask(): Promise<WireNode[]> {
    this.#asked += 1;
    const mine = this.#asked;
    const found = await search(this.#input.value).catch(() => []);
    if (mine === this.#asked) this.#show(found);
    return found;
  }

  #show(found: WireNode[]): void {
    this.#found = found;
    this.#at = found.length > 0 ? 0 : -1;
    this.#list.replaceChildren(...found.map((node, at) => this.#line(node, at)));
    this.#list.hidden = found.length === 0;
    this.#input.setAttribute('aria-expanded', String(found.length > 0));
    this.#mark();
  }

  #line(node: WireNode, at: number): HTMLDivElement {
    const line = document.createElement('div');
    const kind = document.createElement('span');
    kind.className = 'kind';
    kind.textContent = node.kind;
    line.id = `found-${at}`;
    line.setAttribute('role', 'option');
    line.append(node.fullName, kind);
    // Before the field loses the focus, which would close the list.
    line.addEventListener('mousedown', (event) => {
      event.preventDefault();
      this.#choose(at);
    });
    return line;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#close();
    if (event.key === 'Enter') {
      clearTimeout(this.#timer);
      if (this.#list.hidden) void this.#ask().then((found) => found.length > 0 && this.#choose(0));
      else this.#choose(this.#at);
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const step = event.key === 'ArrowDown' ? 1 : -1;
    this.#at = (this.#at + step + this.#found.length) % Math.max(1, this.#found.length);
    this.#mark();
  }

  #mark(): void {
    for (const [at, line] of [...this.#list.children].entries()) {
      line.setAttribute('aria-selected', String(at === this.#at));
      if (at === this.#at) line.scrollIntoView({ block: 'nearest' });
    }
    this.#input.setAttribute('aria-activedescendant', this.#at < 0 ? '' : `found-${this.#at}`);
  }

  #choose(at: number): void {
    const node = this.#found[at];
    if (!node) return;
    this.#input.value = node.fullName;
    this.#close();
    this.#onChoose(node);
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
  }
}
