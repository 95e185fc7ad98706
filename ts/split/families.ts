import { fullName, NAME, type ScriptObject } from './script-objects.js';

/** Folders of what belongs to a table or view. */
export type ChildFolder = 'foreign_keys' | 'check_constraints' | 'defaults' | 'indexes' | 'constraints';

/** An object and, where it is part of another, which and in which folder of it. */
export interface Placed {
  object: ScriptObject;
  parent: ScriptObject | null;
  childFolder: ChildFolder | null;
}

const CHILDREN = new Set(['Index', 'Default', 'ForeignKey', 'Check', 'PrimaryKey']);
const PARENTS = new Set(['Table', 'View']);
const ON = new RegExp(String.raw`\bON\s+(${NAME})`, 'i');
const ALTER = new RegExp(String.raw`\bALTER\s+TABLE\s+(${NAME})`, 'i');

/** Finds the tables and views that indexes and constraints belong to: by full name, else by the name alone where only one has it. */
export function placed(objects: readonly ScriptObject[]): Placed[] {
  const parents = objects.filter(({ type }) => PARENTS.has(type));
  return objects.map((object) => {
    const parent = CHILDREN.has(object.type) ? parentOf(object, parents) : null;
    return { object, parent, childFolder: parent && folderOf(object) };
  });
}

function parentOf({ type, text }: ScriptObject, parents: readonly ScriptObject[]): ScriptObject | null {
  const written = (type === 'Index' ? ON.exec(text) : ALTER.exec(text))?.[1];
  if (written === undefined) return null;
  const { schema, name } = fullName(written);
  const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
  const named = parents.filter((parent) => same(parent.name, name));
  return named.find((parent) => same(parent.schema, schema)) ?? (named.length === 1 ? (named[0] ?? null) : null);
}

function folderOf({ type, text }: ScriptObject): ChildFolder {
  const has = (word: string): boolean => new RegExp(String.raw`\b${word}\b`, 'i').test(text);
  if (has('FOREIGN')) return 'foreign_keys';
  if (has('CHECK') && has('CONSTRAINT')) return 'check_constraints';
  if (has('DEFAULT')) return 'defaults';
  return type === 'Index' ? 'indexes' : 'constraints';
}
