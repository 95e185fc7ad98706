import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { MemoryGraph } from '#ts/graph/memory.js';
import type { GraphEdge, GraphNode } from '#ts/graph/model.js';
import type { Graph } from '#ts/graph/queries.js';
import type { GraphScope, GraphSink, NodeFilter } from '#ts/graph/sink.js';
import { WITHOUT_NEO4J } from '../neo4j/jars.js';
import { asset, columnId, derives, edge, idOf, node, together } from './made-up.js';
import { everything, type GraphPlace, PLACES } from './places.js';

const COLUMNS = ['id', 'total'];

/** Two layers: a view of a table, and a table that is filled from the view. */
async function shop(): Promise<MemoryGraph> {
  return together(
    derives('a.sql', 'sales.large', 'View', ['sales.orders'], COLUMNS),
    derives('b.sql', 'report.totals', 'Table', ['sales.large'], COLUMNS),
  );
}

async function write(sink: GraphSink, graph: MemoryGraph, run = 'r1') {
  return sink.write(graph, 0, graph.files().length, run);
}

function single(file: string, nodes: GraphNode[], edges: GraphEdge[] = []): MemoryGraph {
  return new MemoryGraph({ nodes, edges }, [{ name: file }]);
}

async function kindOf(graph: Graph, id: string): Promise<string | undefined> {
  return (await graph.byIds([id]))[0]?.kind;
}

for (const [name, make] of Object.entries(PLACES)) {
  describe(`a graph in ${name}`, { skip: name === 'neo4j' && WITHOUT_NEO4J }, () => {
    let place: GraphPlace | null = null;
    afterEach(async () => {
      await place?.close();
      place = null;
    });
    const begin = async (): Promise<{ place: GraphPlace; sink: GraphSink }> => {
      place = await make();
      return { place, sink: await place.sink() };
    };

    test('writing twice changes nothing', async () => {
      const { place, sink } = await begin();
      const source = await shop();
      const counts = await write(sink, source);
      const { nodes, edges } = await source.graph();
      assert.deepEqual([counts.files, counts.nodes, counts.edges, counts.unmatched], [2, nodes.length, edges.length, 0]);
      const first = await everything(await place.graph());
      const stats = await sink.stats();
      assert.deepEqual((await write(sink, source, 'r2')).edges, edges.length);
      assert.deepEqual(await everything(await place.graph()), first);
      assert.deepEqual(await sink.stats(), stats);
      assert.equal(stats.nodes, first.nodes.length);
      assert.equal(stats.edges, first.edges.length);
      assert.equal(stats.files, 2);
      assert.deepEqual(stats.nodesByKind, { Column: 6, File: 2, Table: 1, View: 1, ...(stats.nodesByKind.DataAsset ? { DataAsset: 1 } : {}) });
    });

    test('what is known of files is what was written last', async () => {
      const { sink } = await begin();
      const source = await shop();
      await write(sink, source);
      const known = await sink.known();
      assert.deepEqual(
        [...known].map(([name, { sha256, digest }]) => ({ name, sha256, digest })).sort((a, b) => (a.name < b.name ? -1 : 1)),
        source.files().map(({ name, sha256, digest }) => ({ name, sha256, digest })),
      );
      const [one] = known.values();
      assert.ok(one && Math.abs(one.processedAt.getTime() - Date.now()) < 60_000);
    });

    test('a kind is only raised, and falls back when its file goes', async () => {
      const { place, sink } = await begin();
      const id = asset('x');
      const says = (file: string, kind: string): MemoryGraph => single(file, [node(file, id, kind, 'x')]);
      await write(sink, says('1.sql', 'View'));
      await write(sink, says('2.sql', 'DataAsset'));
      assert.equal(await kindOf(await place.graph(), id), 'View');
      await write(sink, says('3.sql', 'MaterializedView'));
      assert.equal(await kindOf(await place.graph(), id), 'MaterializedView');
      await sink.remove(['3.sql', '1.sql', 'no such file'], 'r2');
      assert.equal(await kindOf(await place.graph(), id), 'DataAsset');
      assert.deepEqual((await sink.stats()).nodesByKind, { DataAsset: 1 });
    });

    test('an edge that several files tell of is one, and the surest of them counts', async () => {
      const { place, sink } = await begin();
      const [a, b] = [asset('a'), asset('b')];
      const says = (file: string, confidence: number, properties: Record<string, unknown>): MemoryGraph =>
        single(
          file,
          [node(file, a, 'Table', 'a'), node(file, b, 'Table', 'b')],
          [
            edge(file, a, 'READS_FROM', b, {
              confidence,
              source: confidence === 1 ? 'parser' : 'heuristic',
              status: confidence === 1 ? 'approved' : 'pending_review',
              properties,
            }),
          ],
        );
      await write(sink, says('1.py', 0.5, { evidence: 'text' }));
      await write(sink, says('2.sql', 1, { line: 3, deep: { list: [1, 'two', null], more: true } }));
      await write(sink, says('3.py', 0.5, {}));
      const graph = await place.graph();
      assert.deepEqual(await graph.edges(), [
        {
          from: a,
          type: 'READS_FROM',
          to: b,
          source: 'parser',
          confidence: 1,
          status: 'approved',
          properties: { line: 3, deep: { list: [1, 'two', null], more: true } },
        },
      ]);
      await sink.remove(['2.sql'], 'r2');
      const [left] = await (await place.graph()).edges();
      assert.deepEqual([left?.status, left?.confidence, left?.properties], ['pending_review', 0.5, { evidence: 'text' }]);
    });

    test('of properties the smallest values count, whatever the order of the files', async () => {
      const { place, sink } = await begin();
      const id = asset('x');
      const says = (file: string, name: string, properties: Record<string, unknown>): MemoryGraph =>
        new MemoryGraph({ nodes: [{ file, id, kind: 'Table', name, properties }], edges: [] }, [{ name: file }]);
      await write(sink, says('2.sql', 'x', { source_file: 'b.sql', size: 10, note: 'é' }));
      await write(sink, says('1.sql', 'X', { source_file: 'a.sql', size: 9, list: [2, 1] }));
      const [found] = await (await place.graph()).byIds([id]);
      assert.equal(found?.name, 'X');
      assert.deepEqual(found?.properties, { source_file: 'a.sql', size: 10, note: 'é', list: [2, 1] });
    });

    test('a file that is written again takes with it what it told before', async () => {
      const { place, sink } = await begin();
      await write(sink, await shop());
      const smaller = derives('b.sql', 'report.totals', 'Table', ['sales.large'], ['id']);
      await write(sink, smaller);
      const graph = await place.graph();
      const names = (await graph.nodes({ kind: 'Column' })).map(({ fullName }) => fullName);
      assert.deepEqual(names.sort(), ['report.totals.id', 'sales.large.id', 'sales.large.total', 'sales.orders.id', 'sales.orders.total']);
    });

    test('files that are removed take with them what only they told', async () => {
      const { place, sink } = await begin();
      await write(sink, await shop());
      assert.equal((await sink.remove(['b.sql', 'unknown.sql'], 'r2')).files, 1);
      const only = await everything(await place.graph());
      await sink.clear();
      await write(sink, derives('a.sql', 'sales.large', 'View', ['sales.orders'], COLUMNS));
      assert.deepEqual(await everything(await place.graph()), only);
      await sink.remove(['a.sql'], 'r3');
      const stats = await sink.stats();
      assert.deepEqual([stats.nodes, stats.edges, stats.files, stats.unmatched], [0, 0, 0, 0]);
    });

    test('ends that no file tells of are counted, and matched by a later file', async () => {
      const { place, sink } = await begin();
      const [a, b, c] = [asset('a'), asset('b'), asset('c')];
      const counts = await write(
        sink,
        single('1.sql', [node('1.sql', a, 'Table', 'a')], [edge('1.sql', a, 'READS_FROM', b), edge('1.sql', c, 'CALLS', b)]),
      );
      assert.equal(counts.unmatched, 3);
      const stats = await sink.stats();
      assert.deepEqual([stats.nodes, stats.edges, stats.unmatched], [1, 2, 3]);
      assert.deepEqual(await (await place.graph()).byIds([b, c]), []);
      assert.equal((await everything(await place.graph())).edges.length, 2);
      await write(sink, single('2.sql', [node('2.sql', b, 'Table', 'b')]));
      assert.equal((await sink.stats()).unmatched, 1);
      await sink.remove(['2.sql'], 'r2');
      assert.equal((await sink.stats()).unmatched, 3);
      await sink.remove(['1.sql'], 'r3');
      const empty = await sink.stats();
      assert.deepEqual([empty.nodes, empty.edges, empty.unmatched], [0, 0, 0]);
    });

    test('items are added once, and a file that nothing was known of stays to be written', async () => {
      const { place, sink } = await begin();
      const source = derives('a.sql', 'v', 'View', ['t'], ['id']);
      const { nodes, edges } = await source.graph();
      const items = { files: [...source.files()], nodes, edges };
      const added = await sink.add({ ...items, edges: [] }, 'r1');
      assert.deepEqual([added.nodes, added.edges], [nodes.length, 0]);
      assert.equal((await sink.known()).get('a.sql')?.digest, '');
      await sink.add(items, 'r1');
      const again = await sink.add(items, 'r2');
      assert.deepEqual([again.nodes, again.edges], [0, 0]);
      const first = await everything(await place.graph());
      await write(sink, source);
      assert.deepEqual(await everything(await place.graph()), first);
      assert.equal((await sink.known()).get('a.sql')?.digest, source.files()[0]?.digest);
      await sink.add(items, 'r3');
      assert.equal((await sink.known()).get('a.sql')?.digest, source.files()[0]?.digest);
    });

    test('a review counts before what files say, and survives that they are read again', async () => {
      const { place, sink } = await begin();
      const source = await shop();
      await write(sink, source);
      const graph = await place.graph();
      const flow = { from: columnId('sales.orders', 'id'), type: 'FLOWS_TO', to: columnId('sales.large', 'id') };
      assert.equal(await graph.review({ ...flow, action: 'reject', notes: 'not that' }), true);
      assert.equal(await graph.review({ ...flow, type: 'CALLS', action: 'reject' }), false);
      const of = async (): Promise<[string, unknown, string] | null> => {
        const found = (await (await place.graph()).edges({ type: 'FLOWS_TO', node: flow.from })).find(({ to }) => to === flow.to);
        return found ? [found.status, found.properties.reviewer_notes, String(found.properties.reviewed_at)] : null;
      };
      const [status, notes, at = ''] = (await of()) ?? [];
      assert.deepEqual([status, notes], ['rejected', 'not that']);
      assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual(await (await place.graph()).downstream(flow.from), []);
      assert.equal((await (await place.graph()).downstream(flow.from, { includeRejected: true })).length, 2);
      await sink.remove(['a.sql'], 'r2');
      await write(sink, source, 'r3');
      assert.deepEqual(await of(), ['rejected', 'not that', at]);
      await (await place.graph()).review({ ...flow, action: 'approve' });
      const [approved, none] = (await of()) ?? [];
      assert.deepEqual([approved, none], ['approved', undefined]);
      await sink.clear();
      await write(sink, source, 'r4');
      assert.deepEqual((await of())?.slice(0, 2), ['approved', undefined]);
      assert.equal((await of())?.[2], 'undefined');
    });

    test('walks end in cycles, and go as far as they are told', async () => {
      const { place, sink } = await begin();
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(asset) as [string, string, string, string];
      const nodes = Object.entries({ a, b, c, d }).map(([name, id]) => node('1.sql', id, 'Table', name));
      const edges = [
        edge('1.sql', a, 'FLOWS_TO', b),
        edge('1.sql', b, 'FLOWS_TO', c),
        edge('1.sql', c, 'FLOWS_TO', a),
        edge('1.sql', d, 'READS_FROM', c),
      ];
      await write(sink, single('1.sql', nodes, edges));
      const graph = await place.graph();
      const lines = async (depth: number) =>
        (await graph.downstream(a, { depth })).map(({ from, edge, to, depth }) => `${depth} ${from.name} ${edge.type} ${to.name}`);
      assert.deepEqual(await lines(1), ['1 a FLOWS_TO b']);
      assert.deepEqual((await lines(100)).sort(), ['1 a FLOWS_TO b', '2 b FLOWS_TO c', '3 c FLOWS_TO a', '3 d READS_FROM c']);
      const up = (await graph.upstream(d)).map(({ depth, edge }) => `${depth} ${edge.type}`);
      assert.deepEqual(up, ['1 READS_FROM', '2 FLOWS_TO', '3 FLOWS_TO', '4 FLOWS_TO']);
      assert.equal((await graph.downstream(a, { limit: 2 })).length, 2);
      assert.deepEqual(
        (await graph.path(a, d))?.map(({ name }) => name),
        ['a', 'c', 'd'],
      );
      assert.equal(await graph.path(a, asset('nowhere')), null);
      const impact = await graph.impact(a);
      assert.deepEqual([impact?.reached.map(({ node }) => node.name), impact?.isCut], [['b', 'c', 'd'], false]);
    });

    test('nodes are found by name, words, kind, file and asset', async () => {
      const { place, sink } = await begin();
      await write(sink, await shop());
      const graph = await place.graph();
      const names = (nodes: readonly { fullName: string }[]) => nodes.map(({ fullName }) => fullName);
      assert.deepEqual(names(await graph.named('SALES.Large')), ['sales.large']);
      assert.deepEqual(names(await graph.named('large')), ['sales.large']);
      assert.deepEqual(names(await graph.named('large.TOTAL')), ['sales.large.total']);
      assert.deepEqual(names(await graph.named('a.sql')), ['a.sql']);
      assert.deepEqual(names(await graph.named(asset('sales.orders'))), ['sales.orders']);
      assert.deepEqual(names(await graph.nodes({ contains: 'SALES' })), ['sales.large', 'sales.orders']);
      assert.deepEqual(names(await graph.nodes({ file: 'a.sql', kind: 'View' })), ['sales.large']);
      assert.deepEqual(names(await graph.nodes({ limit: 1, kind: 'File' })), ['a.sql']);
      assert.deepEqual(names(await graph.search('sales large x')), ['sales.large', 'sales.orders']);
      assert.deepEqual(names(await graph.columnsOf(asset('sales.large'))), ['sales.large.id', 'sales.large.total']);
      assert.deepEqual((await graph.edges({ type: 'DERIVES', status: 'approved', source: 'parser', minConfidence: 1 })).length, 1);
      assert.deepEqual((await graph.edges({ node: asset('sales.large') })).length, 6);
    });

    test('what is asked under folders is what their files tell of', async () => {
      const { place, sink } = await begin();
      const [one, two] = [derives('one/a.sql', 'v', 'View', ['t'], ['x']), derives('two/b.sql', 'w', 'View', ['v'], ['x'])];
      await write(sink, await together(one, two, derives('onemore/c.sql', 'z', 'View', ['t'], ['x'])));
      const graph = await place.graph();
      const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);
      assert.deepEqual(names(await graph.nodes({ under: ['one'], kind: 'View' })), ['v']);
      assert.deepEqual(names(await graph.nodes({ under: ['one', 'two/b.sql'], kind: 'View' })), ['v', 'w']);
      assert.deepEqual(names(await graph.nodes({ under: ['nosuch'] })), []);
      const edges = async (under?: string[]) => (await graph.edges({ type: 'FLOWS_TO', ...(under ? { under } : {}) })).length;
      assert.deepEqual([await edges(), await edges(['one']), await edges(['one', 'two'])], [3, 1, 2]);
      const down = async (under?: string[]) => (await graph.downstream(columnId('t', 'x'), under ? { under } : {})).length;
      assert.deepEqual([await down(), await down(['two']), await down(['one'])], [3, 1, 1]);
    });

    test('what is asked of a project and its repositories is what their files tell of', async () => {
      const { place, sink } = await begin();
      const of = (file: string, project_id: string, repository_id: string, view: string, source: string) => {
        const of = { project_id, repository_id };
        const nodes = [node(file, idOf('file', file), 'File', file, { path: file, ...of }), node(file, asset(view), 'View', view)];
        return new MemoryGraph(
          { nodes: [...nodes, node(file, asset(source), 'DataAsset', source)], edges: [edge(file, asset(view), 'DERIVES', asset(source))] },
          [{ name: file }],
        );
      };
      await write(sink, await together(of('a.sql', 'p', 'r', 'v', 't'), of('b.sql', 'p', 's', 'w', 'v'), of('c.sql', 'q', 'r', 'z', 't')));
      const graph = await place.graph();
      const assets = async (filter: NodeFilter) => {
        const found = await graph.nodes(filter);
        return found.filter(({ kind }) => kind !== 'File').map(({ name }) => name);
      };
      assert.deepEqual(await assets({ project: 'p' }), ['t', 'v', 'w']);
      assert.deepEqual(await assets({ project: 'q' }), ['t', 'z']);
      assert.deepEqual(await assets({ project: 'p', repositories: ['s'] }), ['v', 'w']);
      assert.deepEqual(await assets({ repositories: ['r', 's'] }), ['t', 'v', 'w', 'z']);
      assert.deepEqual(await assets({ project: 'p', under: ['c.sql'] }), []);
      assert.deepEqual(await assets({ project: 'P' }), []);
      assert.deepEqual(
        [(await graph.edges({ type: 'DERIVES', project: 'p' })).length, (await graph.edges({ type: 'DERIVES', project: 'q' })).length],
        [2, 1],
      );
      const down = async (scope: GraphScope) => (await graph.downstream(asset('t'), scope)).map(({ to, from }) => [to.name, from.name].sort().join());
      assert.deepEqual(await down({ project: 'q' }), ['t,z']);
      assert.deepEqual(await down({ repositories: ['s'] }), ['v,w']);
    });

    test('two writers of the same files at once leave one graph', async () => {
      const { place, sink } = await begin();
      // A folder is for one writer; of the others there may be several.
      const other = place.name === 'jsonl' ? sink : await place.sink();
      const source = await shop();
      await Promise.all([write(sink, source, 'r1'), write(other, source, 'r2'), write(sink, source, 'r3'), write(other, source, 'r4')]);
      const both = await everything(await place.graph());
      await sink.clear();
      await write(sink, source);
      assert.deepEqual(await everything(await place.graph()), both);
      await Promise.all([sink.remove(['a.sql'], 'r5'), other.remove(['b.sql'], 'r6')]);
      assert.equal((await sink.stats()).nodes, 0);
    });

    test('everything is read in order, more than a page of it', async () => {
      const { place, sink } = await begin();
      const ids = Array.from({ length: 6000 }, (_, at) => idOf('n', String(at)));
      const nodes = ids.map((id, at) => node('wide.sql', id, 'Column', `c${at}`));
      const edges = ids.slice(1).map((id, at) => edge('wide.sql', ids[at] ?? '', 'FLOWS_TO', id));
      await write(sink, single('wide.sql', nodes, edges));
      const all = (await everything(await place.graph())) as { nodes: { id: string }[]; edges: { from: string }[] };
      assert.deepEqual(
        all.nodes.map(({ id }) => id),
        [...ids].sort(),
      );
      assert.deepEqual(
        all.edges.map(({ from }) => from),
        ids.slice(0, -1).sort(),
      );
    });

    test('one item a write makes the same graph as batches do', async () => {
      const { place, sink } = await begin();
      const source = await shop();
      const counts = await write(sink, source);
      const batched = await everything(await place.graph());
      await sink.clear();
      const slow = await place.sink({ isBatching: false, batchSize: 2 });
      const single = await write(slow, source);
      assert.deepEqual(single, counts);
      assert.deepEqual(await everything(await place.graph()), batched);
      assert.equal((await sink.known()).get('a.sql')?.digest, source.files()[0]?.digest);
    });
  });
}
