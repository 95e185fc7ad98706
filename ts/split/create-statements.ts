import { NAME, partsOf } from './script-objects.js';

export const CREATED_KINDS = ['table', 'view', 'function', 'procedure', 'trigger', 'index', 'schema', 'unknown'] as const;
export type CreatedKind = (typeof CREATED_KINDS)[number];

/** What a CREATE statement makes. */
export interface CreatedObject {
  kind: CreatedKind;
  /** Its last part; `unnamed` where none is found. */
  name: string;
  text: string;
  line: number;
}

const WORDS: Readonly<Record<string, CreatedKind>> = {
  table: 'table',
  view: 'view',
  function: 'function',
  proc: 'procedure',
  procedure: 'procedure',
  trigger: 'trigger',
  index: 'index',
  schema: 'schema',
};
const CREATE = /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*CREATE\b/i;
const QUOTED = String.raw`(?:"(?:[^"]|"")*"|\x60[^\x60]*\x60|${NAME})(?:\s*\.\s*(?:"(?:[^"]|"")*"|\x60[^\x60]*\x60))*`;
/** Words between CREATE and what it makes are few: `OR REPLACE`, `TEMPORARY`, `MATERIALIZED`, `UNIQUE CLUSTERED`, a definer. */
const KIND = new RegExp(
  String.raw`^\s*(?:--[^\n]*\n\s*|/\*[\s\S]*?\*/\s*)*CREATE\s+(?:[\w=@\x60'%.]+\s+){0,6}?(TABLE|VIEW|FUNCTION|PROC|PROCEDURE|TRIGGER|INDEX|SCHEMA)\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(${QUOTED})?`,
  'i',
);

/** The objects that statements make; statements that make none are left out. */
export function createdObjects(statements: readonly { text: string; line: number }[]): CreatedObject[] {
  return statements.filter(({ text }) => CREATE.test(text)).map(({ text, line }) => ({ ...kindAndName(text), text, line }));
}

function kindAndName(text: string): { kind: CreatedKind; name: string } {
  const [, word, written] = KIND.exec(text) ?? [];
  const kind = WORDS[word?.toLowerCase() ?? ''] ?? 'unknown';
  const plain = written?.replaceAll(/["\x60]/g, '') ?? '';
  const name = plain.includes('[') ? partsOf(plain).at(-1) : plain.split('.').at(-1)?.trim();
  return { kind, name: name || 'unnamed' };
}
