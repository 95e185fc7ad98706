import type { StoredEdge, StoredNode } from '../graph/model.js';

const NODE_FIELDS = ['id', 'kind', 'name', 'full_name', 'properties'];
const EDGE_FIELDS = ['source', 'type', 'target', 'edge_source', 'confidence', 'status', 'properties'];

/** Nodes as CSV by RFC 4180, with a line of names; properties are JSON. */
export async function* nodesToCsv(nodes: AsyncIterable<StoredNode>): AsyncGenerator<string> {
  yield row(NODE_FIELDS);
  for await (const { id, kind, name, fullName, properties } of nodes) yield row([id, kind, name, fullName, JSON.stringify(properties)]);
}

/** Edges as CSV by RFC 4180, with a line of names; `source` and `target` are ids of nodes. */
export async function* edgesToCsv(edges: AsyncIterable<StoredEdge>): AsyncGenerator<string> {
  yield row(EDGE_FIELDS);
  for await (const { from, type, to, source, confidence, status, properties } of edges) {
    yield row([from, type, to, source, String(confidence), status, JSON.stringify(properties)]);
  }
}

function row(values: readonly string[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

/** Spaces at the ends are kept by quotes, too: some readers trim what stands without. */
function field(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
