import { nameAt, type ObjectName } from './names.js';
import { Depth, type Token, tokensOf } from './tokens.js';

/** What a `CREATE` makes. */
export type CreatedType = 'table' | 'view' | 'function' | 'procedure' | 'trigger' | 'index' | 'schema' | 'unknown';

/** A piece of a script without headers. */
export interface CreatedObject extends ObjectName {
  type: CreatedType;
  text: string;
  /** Line of the source on which it begins, from 1. */
  line: number;
}

const CREATE =
  /CREATE\s+(?:OR\s+(?:ALTER|REPLACE)\s+)?(?:(?:UNIQUE|CLUSTERED|NONCLUSTERED|COLUMNSTORE|TEMP|TEMPORARY|GLOBAL|LOCAL|UNLOGGED|EXTERNAL|TRANSIENT|MATERIALIZED|RECURSIVE|FORCE|CONSTRAINT)\s+)*(TABLE|VIEW|PROCEDURE|PROC|FUNCTION|TRIGGER|INDEX|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+|CONCURRENTLY\s+)*/iy;
/** What must be alone in its batch: it never stands in the body of another. */
const ALONE: readonly CreatedType[] = ['view', 'function', 'procedure', 'trigger', 'schema'];
const WITH_BODY: readonly CreatedType[] = ['function', 'procedure', 'trigger'];
/** What prepares a batch that follows it. */
const PREPARING = new Set(['SET', 'USE', 'DROP', 'IF', 'PRINT']);

interface Cut {
  at: number;
  type: CreatedType;
  name: ObjectName;
}

/** Cuts a script where its `CREATE` statements begin; all of the text is in one of the pieces. One piece of no kind where there is none. */
export function splitByStatements(text: string): CreatedObject[] {
  const cuts = cutsOf(text);
  if (cuts.length === 0) return text.trim() === '' ? [] : [{ type: 'unknown', schema: 'dbo', name: 'script', text, line: 1 }];
  let [line, from] = [1, 0];
  return cuts.map(({ at, type, name }, index) => {
    const start = index === 0 ? 0 : at;
    for (; from < start; from += 1) if (text.charCodeAt(from) === 10) line += 1;
    return { ...name, type, text: text.slice(start, cuts[index + 1]?.at ?? text.length), line };
  });
}

function cutsOf(text: string): Cut[] {
  const walk = new Walk(text);
  for (const token of tokensOf(text)) walk.take(token);
  return walk.cuts;
}

/** What is known where the walk through a script is. */
class Walk {
  readonly cuts: Cut[] = [];
  readonly #text: string;
  readonly #depth = new Depth();
  /** Where an object that begins now would take its text from: behind what belongs to the one before. */
  #free = 0;
  /** Kind of the object of this batch whose body may go on; null where there is none. */
  #body: CreatedType | null = null;
  #hasDollars = false;
  /** First word of the statement, or of the batch where statements have no ends; null where none was met. */
  #first: string | null = null;
  /** Whether something was met since `#free` that prepares what follows. */
  #isPrepared = false;

  constructor(text: string) {
    this.#text = text;
  }

  take(token: Token): void {
    const { kind, start, end } = token;
    const isTop = this.#depth.isTop;
    this.#depth.take(token, this.#text);
    if (kind === 'go') this.#endBatch(end);
    if (kind === 'comment' || kind === 'go') return;
    const word = kind === 'word' ? this.#text.slice(start, end).toUpperCase() : '';
    this.#first ??= word;
    const cut = word === 'CREATE' && isTop ? this.#created(start) : null;
    if (cut) this.#begin(cut);
    else if (kind === 'dollar') this.#hasDollars = true;
    else if (this.#text.charAt(start) === ';' && kind === 'sign' && isTop) this.#endStatement(end);
    if (PREPARING.has(this.#first ?? '')) this.#isPrepared = true;
    else if (!cut) this.#release(end);
  }

  #begin(cut: Cut): void {
    const at = lineEnd(this.#text, this.#free, cut.at);
    this.cuts.push({ ...cut, at });
    [this.#body, this.#hasDollars, this.#free, this.#first, this.#isPrepared] = [cut.type, false, cut.at, 'CREATE', false];
  }

  #endStatement(end: number): void {
    if (this.#hasDollars || !WITH_BODY.includes(this.#body ?? 'unknown')) this.#body = null;
    if (!PREPARING.has(this.#first ?? '')) {
      if (this.#body === null) this.#first = null;
      this.#release(end);
    }
  }

  #endBatch(end: number): void {
    if (!this.#isPrepared) this.#release(end);
    [this.#body, this.#hasDollars, this.#first] = [null, false, null];
  }

  /** What ends here belongs to the object before. */
  #release(end: number): void {
    [this.#free, this.#isPrepared] = [Math.max(this.#free, end), false];
  }

  #created(start: number): Cut | null {
    CREATE.lastIndex = start;
    const found = CREATE.exec(this.#text);
    const name = found ? nameAt(this.#text, CREATE.lastIndex) : null;
    if (!found || !name) return null;
    const word = (found[1] ?? '').toLowerCase();
    const type = (word === 'proc' ? 'procedure' : word) as CreatedType;
    const isInBody = this.#body !== null && WITH_BODY.includes(this.#body) && !ALONE.includes(type);
    return isInBody ? null : { at: start, type, name };
  }
}

/** Behind the line on which something ends, where that is before `limit`. */
function lineEnd(text: string, from: number, limit: number): number {
  const end = text.indexOf('\n', from);
  return from > 0 && end >= 0 && end < limit ? end + 1 : from;
}
