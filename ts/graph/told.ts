import type { Deltas } from './facts.js';
import { jsonText } from './merge.js';

/** How many files say each thing of a node or an edge: what its property `told` holds, as `2 ["Table", ...]` each. */
export type Told = Map<string, number>;

/** What a property `told` says; nothing where there is none. */
export function readTold(told: readonly string[] | null | undefined): Told {
  return new Map((told ?? []).map((each) => [each.slice(each.indexOf(' ') + 1), Number.parseInt(each, 10)]));
}

/** The property of it, in an order that does not depend on that of the files. */
export function writeTold(told: Told): string[] {
  return [...told.keys()].sort().map((text) => `${told.get(text)} ${text}`);
}

/** After these files more, or fewer, said these things. */
function changeTold(told: Told, deltas: ReadonlyMap<string, number>): Told {
  const changed = new Map(told);
  for (const [text, by] of deltas) {
    const times = (changed.get(text) ?? 0) + by;
    if (times > 0) changed.set(text, times);
    else changed.delete(text);
  }
  return changed;
}

/** A node or an edge of which files say something else than before. */
export interface ToldChange {
  key: string;
  before: Told;
  after: Told;
}

/** What has to be made, what becomes something else, and what nobody tells of any more. */
export interface ToldChanges {
  fresh: ToldChange[];
  changed: ToldChange[];
  gone: ToldChange[];
}

/**
 * Adds up what files say of these nodes or edges now.
 *
 * @param held what is kept of them, by key; those that are not kept are not in it
 */
export function changesOf(keys: Iterable<string>, deltas: Deltas, held: ReadonlyMap<string, readonly string[] | null>): ToldChanges {
  const changes: ToldChanges = { fresh: [], changed: [], gone: [] };
  for (const key of keys) {
    const before = readTold(held.get(key));
    const change = { key, before, after: changeTold(before, deltas.get(key) ?? new Map()) };
    if (change.after.size > 0) changes[held.has(key) ? 'changed' : 'fresh'].push(change);
    else if (held.has(key)) changes.gone.push(change);
  }
  return changes;
}

export type FlatValue = string | number | bigint | boolean;

/**
 * Properties as Neo4j can hold them: what is nested is JSON text, nothing is left out, and a name that we use ourselves gets `own_` before it. For those
 * who ask in Cypher; what is exact is in `told`.
 */
export function flatProperties(properties: Record<string, unknown>, reserved: ReadonlySet<string>): Record<string, FlatValue> {
  const entries = Object.entries(properties).filter(([key, value]) => key !== '' && value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [flatName(key, reserved), flatValue(value)]));
}

/** Names of properties that one version has and the next has not, with nothing as their values. */
export function cleared(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, null> {
  return Object.fromEntries(
    Object.keys(before)
      .filter((key) => !(key in after))
      .map((key) => [key, null]),
  );
}

function flatName(key: string, reserved: ReadonlySet<string>): string {
  const plain = key.replaceAll('\0', '');
  return reserved.has(plain) ? `own_${plain}` : plain;
}

/** The driver sends a number as a float, and a bigint as an integer. */
function flatValue(value: unknown): FlatValue {
  if (typeof value === 'string') return value.replaceAll('\0', '');
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  return typeof value === 'boolean' ? value : jsonText(value);
}
