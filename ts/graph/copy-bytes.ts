import type { GraphEdge, GraphNode } from './model.js';

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
/** Binary COPY of nothing. */
export const NO_ROWS = Buffer.concat([HEADER, TRAILER]);

/** Binary COPY of nodes; `key` is what stands for a node's file. */
export function copyOfNodes(nodes: readonly GraphNode[], key: (file: string) => number): Buffer {
  const rows = nodes.map((node) => row([bigint(key(node.file)), id(node.id), text(node.kind), text(node.name), json(node.properties)]));
  return Buffer.concat([HEADER, ...rows, TRAILER]);
}

/** Binary COPY of edges; `key` is what stands for an edge's file. */
export function copyOfEdges(edges: readonly GraphEdge[], key: (file: string) => number): Buffer {
  const rows = edges.map((edge) => {
    const ends = [id(edge.from), text(edge.type), id(edge.to)];
    return row([bigint(key(edge.file)), ...ends, text(edge.source), double(edge.confidence), text(edge.status), json(edge.properties)]);
  });
  return Buffer.concat([HEADER, ...rows, TRAILER]);
}

function row(fields: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return Buffer.concat([count, ...fields.flatMap((field) => [integer(field.length), field])]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function bigint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function id(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** NUL cannot be stored: it is left out. */
function text(value: string): Buffer {
  return Buffer.from(value.replaceAll('\0', ''), 'utf8');
}

function json(value: Record<string, unknown>): Buffer {
  const storable = (_key: string, each: unknown): unknown => (typeof each === 'string' ? each.replaceAll('\0', '') : each);
  return Buffer.from(`\u0001${JSON.stringify(value, storable)}`, 'utf8');
}
