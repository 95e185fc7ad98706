import { mergedNode, nodeOfText } from '../graph/merge.js';
import { NODE_KINDS } from '../graph/model.js';
import { overRows, quotedName } from './connect.js';
import type { Neo4jTransaction } from './driver.js';
import type { Deltas } from './facts.js';
import { changeTold, cleared, flatProperties, readTold, type Told, writeTold } from './told.js';

/** Characters of a name that are indexed: longer ones do not fit into an index. */
export const NAME_START = 100;

/** Label of an end of an edge that no file tells of. */
export const MISSING = 'Missing';

const RESERVED = new Set(['id', 'kind', 'name', 'name_start', 'told']);
const LABELS: ReadonlySet<string> = new Set([...NODE_KINDS, MISSING]);

interface HeldNode {
  id: string;
  labels: string[];
  told: string[] | null;
}

interface NodeRow {
  id: string;
  properties: Record<string, unknown>;
}

/** Nodes that a transaction wrote, and those that nobody tells of any more. */
export interface WrittenNodes {
  told: ReadonlySet<string>;
  /** Those of them that were not there before: no edge can begin or end at them yet. */
  fresh: ReadonlySet<string>;
  untold: string[];
}

/** Adds up what files say of nodes now; nodes that nobody tells of stay until {@link dropUntold}, for edges may hold on to them. */
export async function writeNodes(transaction: Neo4jTransaction, deltas: Deltas, batchSize: number): Promise<WrittenNodes> {
  const ids = [...deltas.keys()].sort();
  const read = 'MATCH (n:Entity {id: r}) RETURN n.id AS id, labels(n) AS labels, n.told AS told';
  const held = new Map((await overRows<HeldNode>(transaction, ids, batchSize, read)).map((node) => [node.id, node]));
  const groups = new Map<string, NodeRow[]>();
  const written = { told: new Set<string>(), fresh: new Set<string>(), untold: [] as string[] };
  for (const id of ids) {
    const before = held.get(id);
    const told = changeTold(readTold(before?.told), deltas.get(id) ?? new Map());
    if (told.size === 0) {
      if (before) written.untold.push(id);
      continue;
    }
    written.told.add(id);
    if (!before) written.fresh.add(id);
    const { kind, properties } = nodeProperties(id, told, before);
    const clause = labelClause(kind, before?.labels ?? []);
    const group = groups.get(clause);
    if (group) group.push({ id, properties });
    else groups.set(clause, [{ id, properties }]);
  }
  for (const [clause, rows] of groups) {
    await overRows(transaction, rows, batchSize, `MERGE (n:Entity {id: r.id}) SET n += r.properties${clause}`);
  }
  return written;
}

/** What a node has to be, apart from what others than us set of it. */
function nodeProperties(id: string, told: Told, before: HeldNode | undefined): { kind: string; properties: Record<string, unknown> } {
  const { kind, name, properties } = mergedNode([...told.keys()].map(nodeOfText));
  const own = { ...flatProperties(properties, RESERVED), id, kind, name, name_start: nameStart(name), told: writeTold(told) };
  const former = readTold(before?.told);
  const stale = former.size === 0 ? {} : cleared(flatProperties(mergedNode([...former.keys()].map(nodeOfText)).properties, RESERVED), own);
  return { kind, properties: { ...stale, ...own } };
}

/** The beginning of a name, as the index has it. */
export function nameStart(name: string): string {
  return [...name.toLowerCase().slice(0, 2 * NAME_START)].slice(0, NAME_START).join('');
}

/** Sets the label of a kind, and takes those of other kinds away. */
function labelClause(kind: string, labels: readonly string[]): string {
  const gone = labels.filter((label) => label !== kind && LABELS.has(label)).sort();
  const set = labels.includes(kind) ? '' : `, n:${quotedName(kind)}`;
  return `${set}${gone.length > 0 ? ` REMOVE ${gone.map((label) => `n:${quotedName(label)}`).join(', ')}` : ''}`;
}

/** Deletes nodes that nobody tells of; those that edges hold on to become ends that are missing. */
export async function dropUntold(transaction: Neo4jTransaction, ids: readonly string[], batchSize: number): Promise<void> {
  const labels = [...LABELS].map((label) => `n:${quotedName(label)}`).join(', ');
  await overRows(transaction, ids, batchSize, 'MATCH (n:Entity {id: r}) WHERE NOT (n)--() DELETE n');
  await overRows(transaction, ids, batchSize, `MATCH (n:Entity {id: r}) REMOVE ${labels} SET n = {id: r}, n:${MISSING}`);
}
