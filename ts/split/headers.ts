import { keyOf, nameAt, type ObjectName } from './names.js';
import { Depth, tokensOf } from './tokens.js';

/** Kinds of objects, as headers of SQL Server's scripts name them. */
export const OBJECT_TYPES = [
  'Table',
  'View',
  'StoredProcedure',
  'UserDefinedFunction',
  'Index',
  'Default',
  'ForeignKey',
  'Check',
  'PrimaryKey',
  'Trigger',
  'Schema',
  'UserDefinedType',
  'XmlSchemaCollection',
  'Unknown',
] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];

/** A piece of a script that one object is made by. */
export interface ScriptObject extends ObjectName {
  type: ObjectType;
  /** Everything from the header to the next one, as it was. */
  text: string;
  /** What the header says, as it was written; empty where it says nothing. */
  scriptDate: string;
  /** Line of the source on which it begins, from 1. */
  line: number;
  /** The table or view that an index, a default, or another constraint is of. */
  parent: ObjectName | null;
}

const HEADER =
  /^\/\*{6}[ \t]+Object:[ \t]+([\p{L}_ \t]+?)[ \t]*((?:\[(?:[^\]\r\n]|\]\])+\]|"[^"\r\n]+")(?:\.(?:\[(?:[^\]\r\n]|\]\])+\]|"[^"\r\n]+"))*)?[ \t]*(?:Script Date:[ \t]*([^\r\n]*?))?[ \t]*\*{6}\/$/iu;
const INDEXED = /\bINDEX\b[\s\S]*?\bON\b/i;
const ALTERED = /\bALTER\s+TABLE\b/i;
const CHILDREN: readonly ObjectType[] = ['Index', 'Default', 'ForeignKey', 'Check', 'PrimaryKey'];

/**
 * Cuts a script at its header comments. A header in a string, in another comment, in brackets or in a block is no place to cut: what is between would not be SQL.
 *
 * @returns no objects where there is no header; `dropped` is what stands before the first
 */
export function splitByHeaders(text: string): { objects: ScriptObject[]; dropped: string } {
  const cuts = headersOf(text);
  const objects = cuts.map(({ start, line, type, name, scriptDate }, at) => {
    const own = text.slice(start, cuts[at + 1]?.start ?? text.length);
    return { ...name, type, scriptDate, line, text: own, parent: null };
  });
  const parents = parentsOf(objects);
  return {
    objects: objects.map((object) => ({ ...object, parent: parentOf(object, parents) })),
    dropped: text.slice(0, cuts[0]?.start ?? text.length),
  };
}

/** Tables and views by their whole names, and by their last parts; of equal ones the first. */
function parentsOf(objects: readonly ScriptObject[]): Map<string, ObjectName> {
  const parents = new Map<string, ObjectName>();
  for (const { type, schema, name } of objects) {
    if (type !== 'Table' && type !== 'View') continue;
    for (const key of [keyOf({ schema, name }), bareKey(name)]) if (!parents.has(key)) parents.set(key, { schema, name });
  }
  return parents;
}

/** No whole name begins like this: it has no schema. */
function bareKey(name: string): string {
  return `\0${name.toLowerCase()}`;
}

interface Header {
  start: number;
  line: number;
  type: ObjectType;
  name: ObjectName;
  scriptDate: string;
}

function headersOf(text: string): Header[] {
  const headers: Header[] = [];
  const depth = new Depth();
  let [line, counted] = [1, 0];
  for (const token of tokensOf(text)) {
    depth.take(token, text);
    if (token.kind !== 'comment' || !depth.isTop || !text.startsWith('/******', token.start)) continue;
    const found = HEADER.exec(text.slice(token.start, token.end));
    if (!found || !isLineStart(text, token.start)) continue;
    for (; counted < token.start; counted += 1) if (text.charCodeAt(counted) === 10) line += 1;
    const [, word = '', name = '', scriptDate = ''] = found;
    headers.push({ start: token.start, line, ...named(word, name), scriptDate });
  }
  return headers;
}

/** A name without brackets is the last of the words: `Schema sales`. */
function named(word: string, name: string): { type: ObjectType; name: ObjectName } {
  const known = nameAt(name);
  if (known) return { type: typeOf(word), name: known };
  const words = word.trim().split(/[ \t]+/);
  return { type: typeOf(words.slice(0, -1).join('')), name: nameAt(words.at(-1) ?? '') ?? { schema: 'dbo', name: 'unnamed' } };
}

function typeOf(word: string): ObjectType {
  const plain = word.toLowerCase().replace(/[\s_]/g, '');
  return OBJECT_TYPES.find((type) => type.toLowerCase() === plain) ?? 'Unknown';
}

function isLineStart(text: string, at: number): boolean {
  return /^[ \t\ufeff]*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));
}

/** The table or view of a child, by its whole name, else by its last part. */
function parentOf({ type, text }: ScriptObject, parents: ReadonlyMap<string, ObjectName>): ObjectName | null {
  if (!CHILDREN.includes(type)) return null;
  const code = withoutComments(text);
  const found = (type === 'Index' ? INDEXED.exec(code) : null) ?? ALTERED.exec(code);
  const parent = found ? nameAt(code, found.index + found[0].length) : null;
  if (!parent) return null;
  return parents.get(keyOf(parent)) ?? parents.get(bareKey(parent.name)) ?? parent;
}

/** A text with its comments blanked out. */
function withoutComments(text: string): string {
  let plain = '';
  let from = 0;
  for (const { kind, start, end } of tokensOf(text)) {
    if (kind !== 'comment') continue;
    plain += `${text.slice(from, start)} `;
    from = end;
  }
  return plain + text.slice(from);
}

/** Folder of a child, below that of its parent, by the words of its text. */
export function childFolder({ type, text }: ScriptObject): string {
  const words = new Set<string>();
  for (const { kind, start, end } of tokensOf(text)) if (kind === 'word') words.add(text.slice(start, end).toUpperCase());
  if (words.has('FOREIGN')) return 'foreign_keys';
  if (words.has('CHECK') && words.has('CONSTRAINT')) return 'check_constraints';
  if (words.has('DEFAULT')) return 'defaults';
  return type === 'Index' || words.has('INDEX') ? 'indexes' : 'constraints';
}
