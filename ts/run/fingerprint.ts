import { createHash } from 'node:crypto';
import type { Plan, Unit, Window } from '../addon.js';

/**
 * A text that changes with anything that shapes a window's rows: its files, its days, the pipeline's settings and look-ups.
 *
 * Threads, memory and mode are left out: they do not change the rows. Nor does the way files are cut into units.
 */
export function fingerprint(plan: Plan, window: Window, units: readonly Unit[]): string {
  const known = new Map(units.map(({ input, uri, size, version }) => [`${input}\n${uri}`, [input, uri, size, version]]));
  const files = [...known.values()].sort((a, b) => compareText(String(a), String(b)));
  const shape = { pipeline: plan.pipeline, account: plan.source.account, source: plan.source.id, window, options: plan.options, files };
  return createHash('sha256')
    .update(JSON.stringify(inOrder(shape)))
    .digest('hex');
}

/** The same value with the members of every object by name: a plan that comes back from the ledger has them in another order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
