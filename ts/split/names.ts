/** Name of an object: schema and name, without what quotes them. */
export interface ObjectName {
  schema: string;
  name: string;
}

const PART = /\s*(?:\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|`([^`]*)`|([\p{L}\p{N}_@#$]+))\s*/uy;

/** The name at the beginning of a text; null where there is none. One part is in schema `dbo`; of more the last two count. */
export function nameAt(text: string, start = 0): ObjectName | null {
  const parts: string[] = [];
  for (let at = start; ; ) {
    PART.lastIndex = at;
    const found = PART.exec(text);
    if (!found) break;
    const [, bracketed, quoted, ticked, bare] = found;
    parts.push(bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? ticked ?? bare ?? '');
    at = PART.lastIndex;
    if (text.charAt(at) !== '.') break;
    at += 1;
  }
  const name = parts.at(-1);
  return name === undefined ? null : { schema: parts.at(-2) || 'dbo', name };
}

/** Names are the same in any case. */
export function keyOf({ schema, name }: ObjectName): string {
  return `${schema}.${name}`.toLowerCase();
}

/** How an object is called in a file system: its name, with its schema where that is not `dbo`. */
export function fileNameOf({ schema, name }: ObjectName): string {
  const full = schema.toLowerCase() === 'dbo' ? name : `${schema}.${name}`;
  const plain = full
    .replace(/[^\p{L}\p{M}\p{N} _.-]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100);
  return plain === '' ? 'unnamed' : plain;
}

/** `AdventureWorksLT` to `adventure-works-lt`. */
export function kebab(text: string): string {
  return text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1-$2')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}
