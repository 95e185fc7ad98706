/** A piece of a script that matters for cutting it. Offsets are of UTF-16 code units, from 0; `end` is not included. */
export interface Token {
  kind: 'word' | 'sign' | 'quoted' | 'string' | 'dollar' | 'comment' | 'go';
  start: number;
  end: number;
}

const WORD = /[\p{L}\p{N}_@#$]+/uy;
const GO = /go(?:[ \t]+\d+)?[ \t]*;?[ \t]*(?:--[^\r\n]*)?(?=\r?\n|$)/iy;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const CLOSING: Readonly<Record<string, string>> = { "'": "'", '"': '"', '[': ']', '`': '`' };

/** The tokens of a script, white space left out. What is never closed goes to the end. */
export function* tokensOf(text: string): Generator<Token> {
  let isLineStart = true;
  for (let at = 0; at < text.length; ) {
    const sign = text.charAt(at);
    if (sign === '\n') isLineStart = true;
    if (sign <= ' ' || sign === '\u00a0' || sign === '\ufeff') {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at, isLineStart);
    yield token;
    isLineStart = token.kind === 'comment' && text.lastIndexOf('\n', token.end - 1) >= token.start;
    at = token.end;
  }
}

function tokenAt(text: string, start: number, isLineStart: boolean): Token {
  const sign = text.charAt(start);
  if (text.startsWith('--', start)) return { kind: 'comment', start, end: until(text, '\n', start, 0) };
  if (text.startsWith('/*', start)) return { kind: 'comment', start, end: endOfComment(text, start) };
  if (sign in CLOSING) return { kind: sign === "'" ? 'string' : 'quoted', start, end: endOfQuotes(text, start, CLOSING[sign] ?? '') };
  const end = isLineStart ? matched(GO, text, start) : 0;
  if (end > 0) return { kind: 'go', start, end };
  const body = sign === '$' ? matched(DOLLAR, text, start) : 0;
  if (body > 0) return { kind: 'dollar', start, end: until(text, text.slice(start, body), body, body - start) };
  const word = matched(WORD, text, start);
  return word > 0 ? { kind: 'word', start, end: word } : { kind: 'sign', start, end: start + 1 };
}

/** Where a match ends; 0 where there is none. */
function matched(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

/** Where the next `what` is, and so many signs more. */
function until(text: string, what: string, from: number, more: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found + more;
}

/** Comments of T-SQL hold comments. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; ) {
    const [open, close] = [text.indexOf('/*', at), text.indexOf('*/', at)];
    if (close < 0) return text.length;
    const isOpening = open >= 0 && open < close;
    depth += isOpening ? 1 : -1;
    at = (isOpening ? open : close) + 2;
    if (depth === 0) return at;
  }
}

/** A closing sign that is written twice stands for itself. */
function endOfQuotes(text: string, start: number, closing: string): number {
  for (let at = start + 1; ; ) {
    const found = text.indexOf(closing, at);
    if (found < 0) return text.length;
    if (text.charAt(found + 1) !== closing) return found + 1;
    at = found + 2;
  }
}

const NOT_BLOCKS = new Set(['TRAN', 'TRANSACTION', 'DISTRIBUTED', 'DIALOG', 'CONVERSATION']);

/** How deep a place is in brackets and blocks; the end of a batch ends them all. */
export class Depth {
  #brackets = 0;
  #blocks = 0;
  /** `BEGIN` and `END`, which may go on as something else. */
  #waiting = 0;

  get isTop(): boolean {
    return this.#brackets === 0 && this.#blocks + this.#waiting <= 0;
  }

  take({ kind, start, end }: Token, text: string): void {
    if (kind === 'comment') return;
    const word = kind === 'word' ? text.slice(start, end).toUpperCase() : '';
    if (!NOT_BLOCKS.has(word)) this.#blocks = Math.max(0, this.#blocks + this.#waiting);
    this.#waiting = 0;
    if (kind === 'go') [this.#brackets, this.#blocks] = [0, 0];
    else if (word === 'BEGIN' || word === 'CASE') this.#waiting = 1;
    else if (word === 'END') this.#waiting = -1;
    else if (kind === 'sign') this.#brackets = Math.max(0, this.#brackets + ({ '(': 1, ')': -1 }[text.charAt(start)] ?? 0));
  }
}
