import type { StoredEdge, StoredNode } from '../graph/model.js';
import { compare, type GraphPart } from './part.js';

/** What tells most in a small picture: between objects first, then between columns. */
const RANKS: readonly (readonly string[])[] = [
  ['READS_FROM', 'DERIVES', 'WRITES_TO', 'ALIAS_OF', 'ATTACHED_TO', 'CALLS', 'DEPENDS_ON'],
  ['FLOWS_TO', 'INFLUENCES', 'REFERENCES', 'IMPORTS'],
];

/** Edges of a picture where nothing is said. */
export const MERMAID_EDGES = 50;

/** A sample of the graph as a flowchart of Mermaid: so many edges, those between objects first, and the nodes at their ends. Holds these. */
export async function* toMermaid(part: GraphPart, limit = MERMAID_EDGES): AsyncGenerator<string> {
  const { chosen, count } = await sample(part, limit);
  const ends = new Set(chosen.flatMap(({ from, to }) => [from, to]));
  const nodes: StoredNode[] = [];
  for await (const node of part.nodes()) if (ends.has(node.id)) nodes.push(node);
  const names = new Map(nodes.toSorted((a, b) => compare(a.fullName, b.fullName) || compare(a.id, b.id)).map((node, at) => [node.id, { node, at }]));
  const drawn = chosen.filter(({ from, to }) => names.has(from) && names.has(to));
  yield `flowchart LR\n  %% ${drawn.length} of ${count} edges\n`;
  for (const { node, at } of names.values()) yield `  n${at}${box(node)}\n`;
  for (const { from, to, type, status } of drawn) {
    const arrow = status === 'rejected' ? '-.->' : '-->';
    yield `  n${names.get(from)?.at} ${arrow}|${type}| n${names.get(to)?.at}\n`;
  }
}

/** So many edges, by rank, and how many there are. */
async function sample(part: GraphPart, limit: number): Promise<{ chosen: StoredEdge[]; count: number }> {
  const held: StoredEdge[][] = [...RANKS.map(() => []), []];
  let count = 0;
  for await (const edge of part.edges()) {
    count += 1;
    const rank = RANKS.findIndex((types) => types.includes(edge.type));
    const group = held.at(rank);
    if (group && group.length < limit) group.push(edge);
  }
  return { chosen: held.flat().slice(0, limit), count };
}

function box({ kind, fullName }: StoredNode): string {
  const text = `"${escaped(fullName)}"`;
  if (kind === 'View' || kind === 'MaterializedView') return `[[${text}]]`;
  return kind === 'Column' ? `(${text})` : `[${text}]`;
}

/** Letters, digits and plain signs stay; the rest becomes `#code;`, which Mermaid shows as the character and never reads as its own language. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} _.,:/@$+=*-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
