import type { Deltas } from '../graph/facts.js';
import { mergedNode, nodeOfText } from '../graph/merge.js';
import { NODE_KINDS } from '../graph/model.js';
import { changesOf, cleared, flatProperties, type ToldChange, writeTold } from '../graph/told.js';
import { overRows, quotedName } from './connect.js';
import type { Neo4jTransaction } from './driver.js';

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
  const toldOf = new Map([...held].map(([id, { told }]) => [id, told]));
  const { fresh, changed, gone } = changesOf(ids, deltas, toldOf);
  const groups = new Map<string, NodeRow[]>();
  for (const change of [...fresh, ...changed]) {
    const { kind, properties } = nodeProperties(change);
    const clause = labelClause(kind, held.get(change.key)?.labels ?? []);
    const group = groups.get(clause);
    if (group) group.push({ id: change.key, properties });
    else groups.set(clause, [{ id: change.key, properties }]);
  }
  for (const [clause, rows] of groups) {
    await overRows(transaction, rows, batchSize, `MERGE (n:Entity {id: r.id}) SET n += r.properties${clause}`);
  }
  const idsOf = (changes: readonly ToldChange[]): string[] => changes.map(({ key }) => key);
  return { told: new Set(idsOf([...fresh, ...changed])), fresh: new Set(idsOf(fresh)), untold: idsOf(gone) };
}

/** What a node has to be, apart from what others than us set of it. */
function nodeProperties({ key: id, before, after }: ToldChange): { kind: string; properties: Record<string, unknown> } {
  const { kind, name, properties } = mergedNode([...after.keys()].map(nodeOfText));
  const own = { ...flatProperties(properties, RESERVED), id, kind, name, name_start: nameStart(name), told: writeTold(after) };
  const stale = before.size === 0 ? {} : cleared(flatProperties(mergedNode([...before.keys()].map(nodeOfText)).properties, RESERVED), own);
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
