// What rowmill makes of texts: statements that bear lineage, those that yield structure, and column edges as pairs of full names in lower case.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { treeOptions } from '../../../dist/lineage/options.js';
import { LineageTree } from '../../../dist/lineage/tree.js';

export const OPTIONS = treeOptions({ threads: 1, maxFileBytes: 1 << 26, cache: null });

/** Texts that share what they say of columns, by dialect. */
export async function treeEdges(texts) {
  const found = {};
  for (const dialect of new Set(texts.map((text) => text.dialect))) {
    const tree = await LineageTree.open({ ...OPTIONS, dialect });
    await tree.read(texts.filter((text) => text.dialect === dialect).map(({ name, path }) => ({ name, path })));
    Object.assign(found, await edgesOf(tree));
  }
  return found;
}

/** Texts that each have a catalogue of their own. */
export async function caseEdges(cases, folder) {
  const found = {};
  for (const { name, dialect, text, known } of cases) {
    const tables = Object.entries(known).map(([table, columns]) => [table, Object.fromEntries(columns.map((column) => [column, 'text']))]);
    const schemaFile = tables.length > 0 ? join(folder, 'known.json') : null;
    if (schemaFile) writeFileSync(schemaFile, JSON.stringify(Object.fromEntries(tables)));
    const tree = await LineageTree.open({ ...OPTIONS, dialect, schemaFile });
    await tree.readText(name, text);
    Object.assign(found, await edgesOf(tree));
  }
  return found;
}

async function edgesOf(tree) {
  const found = {};
  for (;;) {
    const some = await tree.resolve(250);
    const files = some.files();
    if (files.length === 0) return found;
    const { nodes, edges } = await some.graph(0, files.length);
    for (const { name, bearing, structured, problems } of files) found[name] = { bearing, structured, problems, edges: [] };
    const names = new Map(nodes.map(({ id, name }) => [id, name]));
    const assets = new Map(edges.filter(({ type }) => type === 'CONTAINS').map(({ from, to }) => [to, names.get(from)]));
    const column = (id) => `${assets.get(id)}.${names.get(id)}`.toLowerCase();
    for (const { file, type, from, to } of edges) if (type === 'FLOWS_TO') found[file].edges.push([column(from), column(to)]);
  }
}
