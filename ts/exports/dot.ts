import type { StoredNode } from '../graph/model.js';
import type { GraphPart } from './part.js';

const SHAPES: Readonly<Record<string, string>> = {
  Table: 'box',
  DataAsset: 'box',
  View: 'component',
  MaterializedView: 'component',
  Column: 'plaintext',
  Transformation: 'diamond',
  File: 'note',
};

/** The graph in the language of Graphviz. Holds nothing. Edges that a reviewer rejected are dashed. */
export async function* toDot(part: GraphPart): AsyncGenerator<string> {
  yield 'digraph lineage {\n  rankdir=LR;\n  node [fontname="sans-serif"];\n';
  for await (const node of part.nodes()) yield `  ${quoted(node.id)} [${attributesOf(node)}];\n`;
  for await (const { from, to, type, status } of part.edges()) {
    const style = status === 'rejected' ? ', style=dashed' : '';
    yield `  ${quoted(from)} -> ${quoted(to)} [label=${label(type)}${style}];\n`;
  }
  yield '}\n';
}

function attributesOf({ kind, fullName }: StoredNode): string {
  return `label=${label(fullName)}, shape=${SHAPES[kind] ?? 'ellipse'}, class=${quoted(kind)}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A text that is shown as it is: Graphviz reads backslashes and entities of HTML in labels. */
function label(text: string): string {
  return quoted(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')).replaceAll('\r', '').replaceAll('\n', '\\n');
}
