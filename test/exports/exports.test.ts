import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse as parseDot } from '@ts-graphviz/ast';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { parse as parseCsv } from 'csv-parse/sync';
import { EXPORT_FORMATS, exportGraph, type GraphPart, graphAround, wholeGraph } from '#ts/exports/index.js';
import type { StoredEdge, StoredNode } from '#ts/graph/model.js';
import { PostgresReader } from '#ts/graph/postgres-reader.js';
import { Graph } from '#ts/graph/queries.js';
import { rowmill } from '../cli/program.js';
import { plant, runOver, SHOP } from '../lineage/trees.js';
import { freshDatabase } from '../postgres/support.js';
import { all, keepGraph, ODD_NAMES, oddGraph } from './odd-graph.js';
import { STANDARD } from './openlineage-standard.js';

const AT = '2026-01-31T12:00:00.000Z';
let folder: string;
let url: string;
let shop: string;
let nodes: StoredNode[];
let edges: StoredEdge[];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  [url, shop] = [await freshDatabase(), await freshDatabase()];
  await keepGraph(url, oddGraph());
  await runOver(plant(join(folder, 'shop'), SHOP), shop, { influences: true });
  ({ nodes, edges } = await graphOf(url));
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function graphOf(database: string): Promise<{ nodes: StoredNode[]; edges: StoredEdge[] }> {
  const graph = new Graph(await PostgresReader.open(database));
  try {
    return { nodes: await all(graph.allNodes()), edges: await all(graph.allEdges()) };
  } finally {
    await graph.close();
  }
}

async function exported(format: string, ...more: string[]): Promise<string> {
  const { code, out, err } = await rowmill(['lineage', 'export', '--database', url, '--format', format, '--at', AT, ...more]);
  assert.equal(code, 0, err);
  return out;
}

const keyOf = ({ from, type, to }: { from: string; type: string; to: string }): string => `${from} ${type} ${to}`;
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

test('JSON holds each node and edge, and says what it is', async () => {
  const text = await exported('json', '--run-id', 'r1', '--project-id', 'p1');
  const document = JSON.parse(text);
  assert.deepEqual(
    document.nodes,
    nodes.map(({ id, kind, name, fullName, properties }) => ({
      id,
      labels: ['Entity', kind],
      properties: { ...properties, name, full_name: fullName },
    })),
  );
  assert.deepEqual(
    document.relationships.map(({ source, type, target }: Record<string, string>) => `${source} ${type} ${target}`),
    edges.map(keyOf),
  );
  const { export_timestamp, run_id, project_id, statistics } = document.metadata;
  assert.deepEqual([export_timestamp, run_id, project_id, statistics.nodes, statistics.edges], [AT, 'r1', 'p1', nodes.length, edges.length]);
  assert.equal(await exported('json', '--run-id', 'r1', '--project-id', 'p1'), text);
  assert.ok(!text.includes('postgres:'), 'the database is named without its login');
});

test('links of the visualisation name their ends by place', async () => {
  const { nodes: shown, links } = JSON.parse(await exported('visualisation'));
  assert.deepEqual(
    links.map(({ source, type, target }: { source: number; type: string; target: number }) => `${shown[source].id} ${type} ${shown[target].id}`),
    edges.map(keyOf),
  );
});

test('CSV gives every name back as it was', async () => {
  const out = join(folder, 'csv');
  await exported('csv', '--out', out);
  const read = (name: string): Record<string, string>[] =>
    parseCsv(readFileSync(join(out, name), 'utf8'), { columns: true, skip_empty_lines: false });
  assert.deepEqual(
    read('nodes.csv').map(({ id, kind, name, full_name, properties }) => ({
      id,
      kind,
      name,
      fullName: full_name,
      properties: JSON.parse(properties ?? ''),
    })),
    nodes,
  );
  assert.deepEqual(
    read('edges.csv').map(({ source = '', type = '', target = '' }) => keyOf({ from: source, type, to: target })),
    edges.map(keyOf),
  );
  const { code, err } = await rowmill(['lineage', 'export', '--database', url, '--format', 'csv']);
  assert.deepEqual([code, /csv is more than one file.*--out/.test(err)], [2, true]);
});

test('a parser of DOT finds the nodes and edges, and names come back', async () => {
  const statements = parseDot(await exported('dot')).children.find(({ type }) => type === 'Graph')?.children ?? [];
  const labels = new Map<string, string>();
  const found: string[] = [];
  for (const statement of statements) {
    const value = (name: string): string => {
      const attribute =
        'children' in statement ? statement.children.find((child) => child.type === 'Attribute' && child.key.value === name) : undefined;
      return attribute?.type === 'Attribute' ? attribute.value.value : '';
    };
    if (statement.type === 'Node') labels.set(statement.id.value, value('label'));
    if (statement.type !== 'Edge') continue;
    const [from, to] = statement.targets.map((target) => (target.type === 'NodeRef' ? target.id.value : ''));
    found.push(keyOf({ from: from ?? '', type: value('label'), to: to ?? '' }));
  }
  assert.deepEqual(found, edges.map(keyOf));
  for (const { id, fullName } of nodes) assert.equal(shownByGraphviz(labels.get(id) ?? ''), fullName.replaceAll('\r', ''));
});

/** What Graphviz shows for the text between the quotes of a label. */
function shownByGraphviz(label: string): string {
  const plain = label.replace(/\\(["\\n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
  return plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

test('Mermaid gets a sample, and no name can leave its label', async () => {
  const lines = (await exported('mermaid', '--limit', '1000')).trimEnd().split('\n');
  assert.equal(lines[0], 'flowchart LR');
  const names = new Map<string, string>();
  const found: string[] = [];
  for (const line of lines.slice(2)) {
    const node = /^ {2}(n\d+)(?:\[\[|\[|\()"([\p{L}\p{M}\p{N} _.,:/@$+=*#;-]*)"(?:\]\]|\]|\))$/u.exec(line);
    const arrow = /^ {2}(n\d+) -->\|([A-Z_]+)\| (n\d+)$/.exec(line);
    assert.ok(node || arrow, line);
    if (node)
      names.set(
        node[1] ?? '',
        (node[2] ?? '').replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
      );
    if (arrow) found.push(`${names.get(arrow[1] ?? '')} ${arrow[2]} ${names.get(arrow[3] ?? '')}`);
  }
  const nameOf = new Map(nodes.map(({ id, fullName }) => [id, fullName]));
  const expected = edges.map(({ from, type, to }) => `${nameOf.get(from)} ${type} ${nameOf.get(to)}`);
  assert.deepEqual(found.sort(byCode), expected.sort(byCode));
  assert.match((await exported('mermaid', '--limit', '3')).split('\n')[1] ?? '', /^ {2}%% 3 of \d+ edges$/);
});

test('events of OpenLineage are as the standard has them, and tell each flow between columns', async () => {
  const text = await exported('openlineage', '--namespace', 'postgres://db:5432');
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormatsModule.default(ajv);
  const isValid = ajv.compile(STANDARD);
  for (const event of events) assert.ok(isValid(event), JSON.stringify(isValid.errors));
  const flows = events.flatMap(({ dataset }) =>
    Object.entries<{ inputFields: { name: string; field: string }[] }>(dataset?.facets.columnLineage?.fields ?? {}).flatMap(
      ([column, { inputFields }]) => inputFields.map(({ name, field }) => `${name}.${field} > ${dataset.name}.${column}`),
    ),
  );
  const expected = ODD_NAMES.slice(1).map((name, at) => `${ODD_NAMES[at]}.${ODD_NAMES[at]} > ${name}.${name}`);
  assert.deepEqual(flows.sort(byCode), expected.sort(byCode));
  assert.equal(events.filter(({ job }) => job).length, ODD_NAMES.length - 1);
});

test('catalogues that take runs only get one of each job, which tells the same', async () => {
  const text = await exported('openlineage', '--events', 'runs');
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormatsModule.default(ajv);
  const isValid = ajv.compile(STANDARD);
  for (const event of events) assert.ok(isValid(event), JSON.stringify(isValid.errors));
  const complete = events.filter(({ eventType }) => eventType === 'COMPLETE');
  assert.deepEqual([events.length, complete.length], [2 * (ODD_NAMES.length - 1), ODD_NAMES.length - 1]);
  const [first] = complete.filter(({ job }) => job.name === ODD_NAMES[1]);
  assert.equal(first.outputs[0].facets.columnLineage.fields[ODD_NAMES[1]].inputFields[0].field, ODD_NAMES[0]);
  assert.equal(new Set(events.map(({ run }) => run.runId)).size, complete.length);
  assert.equal(await exported('openlineage', '--events', 'runs'), text);
});

test('OpenLineage says of views what they read, how, and on what conditions', async () => {
  const graph = new Graph(await PostgresReader.open(shop));
  try {
    const [file] = exportGraph(wholeGraph(graph), { format: 'openlineage', at: new Date(AT) });
    const events = (await all<string>(file?.pieces ?? [])).map((line) => JSON.parse(line));
    const totals = events.find(({ dataset }) => dataset?.name === 'report.totals');
    const [sum] = totals.dataset.facets.columnLineage.fields.total.inputFields.filter(({ field }: { field: string }) => field === 'total');
    assert.deepEqual([sum.name, sum.transformations[0].subtype], ['sales.orders', 'AGGREGATION']);
    const large = events.find(({ dataset }) => dataset?.name === 'sales.large');
    assert.equal(large.dataset.facets.datasetType.datasetType, 'VIEW');
    assert.match(JSON.stringify(large.dataset.facets.columnLineage), /"INDIRECT"/);
    const named = events.find(({ job }) => job?.name === 'sales.named');
    assert.deepEqual(
      [named.inputs.map(({ name }: { name: string }) => name), named.outputs[0].name],
      [['sales.customers', 'sales.large'], 'sales.named'],
    );
  } finally {
    await graph.close();
  }
});

test('what is around a node is what walks find, with the tables of its columns', async () => {
  const graph = new Graph(await PostgresReader.open(shop));
  try {
    const [total] = await graph.named('sales.large.total');
    const names = async (direction: 'upstream' | 'downstream' | 'both'): Promise<string[]> => {
      const part = await graphAround(graph, total?.id ?? '', { direction, depth: 1 });
      return (await all(part.nodes())).map(({ fullName }) => fullName).sort();
    };
    assert.deepEqual(
      await names('upstream'),
      ['sales.large', 'sales.large.total', 'sales.orders', 'sales.orders.customer', 'sales.orders.id', 'sales.orders.total'].filter(
        (name) => !/customer$|id$/.test(name),
      ),
    );
    assert.deepEqual(await names('downstream'), ['sales.large', 'sales.large.total', 'sales.named', 'sales.named.total']);
  } finally {
    await graph.close();
  }
  const { code, err } = await rowmill(['lineage', 'export', '--database', shop, '--depth', '2']);
  assert.deepEqual([code, /--node/.test(err)], [2, true]);
});

test('questions in Cypher have names, and the id of the node that is asked about', async () => {
  const text = await exported('cypher', '--node', ODD_NAMES[4], '--depth', '3');
  for (const name of ['upstream', 'downstream', 'impact', 'orphans', 'pending-reviews']) assert.match(text, new RegExp(`^// ${name}: `, 'm'));
  assert.match(text, new RegExp(`id: '${nodes.find(({ name, kind }) => name === ODD_NAMES[4] && kind === 'Table')?.id}'`));
  assert.match(text, /\*1\.\.3\]/);
});

test('the command knows every form', async () => {
  const { out } = await rowmill(['lineage', 'export', '--help']);
  for (const format of EXPORT_FORMATS) assert.match(out, new RegExp(`"${format}"`));
});

test('JSON and CSV of a graph that is larger than memory allows for are written a page at a time', async (context) => {
  async function* many(): AsyncGenerator<StoredNode> {
    for (let at = 0; at < 150_000; at += 1)
      yield { id: String(at), kind: 'Table', name: `t${at}`, fullName: `t${at}`, properties: { filler: `${at} `.repeat(70) } };
  }
  const stats = { nodes: 150_000, edges: 0, nodesByKind: {}, edgesByType: {}, edgesByStatus: {} };
  const part: GraphPart = { nodes: many, edges: async function* () {}, stats: async () => stats };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const live = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = live();
  let [bytes, pieces, most] = [0, 0, 0];
  for (const file of [...exportGraph(part, { format: 'json' }), ...exportGraph(part, { format: 'csv' })].slice(0, 2)) {
    for await (const piece of file.pieces) {
      bytes += piece.length;
      pieces += 1;
      if (pieces % 50_000 === 0) most = Math.max(most, live() - before);
    }
  }
  assert.ok(bytes > 120_000_000, String(bytes));
  context.diagnostic(`${Math.round(most / 1e6)} MB held of ${Math.round(bytes / 1e6)} MB`);
  assert.ok(most < 20_000_000, `${most} bytes held of ${bytes}`);
});

test('a file is replaced as a whole, and nothing is left beside it when reading fails', async () => {
  const out = join(folder, 'whole', 'lineage.json');
  await exported('json', '--out', out);
  assert.equal(JSON.parse(readFileSync(out, 'utf8')).nodes.length, nodes.length);
  assert.deepEqual(readdirSync(join(folder, 'whole')), ['lineage.json']);
  writeFileSync(join(folder, 'a-file'), '');
  const refused = await rowmill(['lineage', 'export', '--database', url, '--out', join(folder, 'a-file', 'x.json')]);
  assert.deepEqual([refused.code, /could not be written/.test(refused.err)], [1, true]);
  assert.ok(!existsSync(join(folder, 'a-file', 'x.json')));
});
