/** Types of objects as scripts of SQL Server call them. */
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
] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number] | 'Unknown';

/** An object of a script: what follows its header, up to the next one. */
export interface ScriptObject {
  type: ObjectType;
  schema: string;
  name: string;
  /** As the header has it; empty where it has none. */
  scriptDate: string;
  text: string;
  /** The line of its header, from 1. */
  line: number;
}

const PART = String.raw`(?:\[(?:[^\]]|\]\])*\]|[^\s.\[\](),;]+)`;
/** A name of one or more parts, with or without brackets. */
export const NAME = String.raw`${PART}(?:\s*\.\s*${PART})*`;
const HEADER = new RegExp(
  String.raw`^/\*{6}[ \t]+Object:[ \t]+([A-Za-z][A-Za-z _]*?)[ \t]+(${NAME})[ \t]+Script Date:[ \t]*(.*?)[ \t]*\*{6}/[ \t]*\r?$`,
);

/** The parts of a name, without brackets. */
export function partsOf(name: string): string[] {
  return [...name.matchAll(new RegExp(PART, 'g'))].map(([part]) => (part.startsWith('[') ? part.slice(1, -1).replaceAll(']]', ']') : part));
}

/** Schema and name; `dbo` where there is one part, the last two of more. */
export function fullName(name: string): { schema: string; name: string } {
  const parts = partsOf(name);
  return { schema: parts.at(-2) ?? 'dbo', name: parts.at(-1) ?? '' };
}

/** The objects of a script in their order; what stands before the first header is left out. Headers in comments and strings are none. */
export function scriptObjects(text: string): ScriptObject[] {
  const found: { object: Omit<ScriptObject, 'text'>; from: number; textFrom: number }[] = [];
  for (const from of commentsOf(text)) {
    const end = text.indexOf('\n', from);
    const match = HEADER.exec(text.slice(from, end < 0 ? text.length : end));
    if (!match || text.slice(text.lastIndexOf('\n', from) + 1, from).trim() !== '') continue;
    const [, word = '', name = '', scriptDate = ''] = match;
    const line = text.slice(0, from).split('\n').length;
    found.push({ object: { type: typeOf(word), ...fullName(name), scriptDate, line }, from, textFrom: end < 0 ? text.length : end + 1 });
  }
  return found.map(({ object, textFrom }, at) => ({ ...object, text: text.slice(textFrom, found[at + 1]?.from ?? text.length) }));
}

function typeOf(word: string): ObjectType {
  const plain = word.toLowerCase().replaceAll(/[\s_]/g, '');
  return OBJECT_TYPES.find((type) => type.toLowerCase() === plain) ?? 'Unknown';
}

const SKIPPED = /--[^\n]*|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\[(?:[^\]]|\]\])*(?:\]|$)|\/\*/g;
const NESTED = /\/\*|\*\//g;

/** Where block comments begin that are in nothing else. */
function* commentsOf(text: string): Generator<number> {
  SKIPPED.lastIndex = 0;
  for (let match = SKIPPED.exec(text); match; match = SKIPPED.exec(text)) {
    if (match[0] !== '/*') continue;
    yield match.index;
    SKIPPED.lastIndex = endOfComment(text, match.index);
  }
}

/** After the end of a block comment; those of SQL Server may hold others. */
function endOfComment(text: string, from: number): number {
  NESTED.lastIndex = from;
  let depth = 0;
  for (let match = NESTED.exec(text); match; match = NESTED.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return NESTED.lastIndex;
    // Stars of a header are no sign of a comment within it.
    if (match[0] === '/*' && text[NESTED.lastIndex] === '/') NESTED.lastIndex += 1;
  }
  return text.length;
}
