import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { migrateGraph } from '#ts/graph/migrate-graph.js';
import { Neo4jReader } from '#ts/graph/neo4j-reader.js';
import { Neo4jSink } from '#ts/graph/neo4j-sink.js';
import { Graph } from '#ts/graph/queries.js';
import { retryLetters } from '#ts/graph/retry-letters.js';
import type { GraphStats } from '#ts/graph/sink.js';
import { generateSql, runLineage } from '#ts/lineage/index.js';
import { type Ended, rowmill } from '../cli/program.js';
import { plant, SHOP } from '../lineage/trees.js';
import { cypher } from '../neo4j/cypher.js';
import { WITHOUT_NEO4J } from '../neo4j/jars.js';
import { testNeo4j } from '../neo4j/server.js';
import { asset, columnId, derives, idOf, together } from './made-up.js';
import { everything, inFile, inFolder, inNeo4j, inPostgres } from './places.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program with user and password of the test's server in its environment. */
async function lineage(...words: string[]): Promise<Ended> {
  const { place } = await testNeo4j();
  const environment = { NEO4J_URI: place.uri, NEO4J_USERNAME: place.username, NEO4J_PASSWORD: place.password };
  return rowmill(words, environment);
}

test('a corpus makes the same graph in PostgreSQL, Neo4j, Ladybug and a folder, and a second run writes nothing', {
  skip: WITHOUT_NEO4J,
  timeout: 300_000,
}, async (context) => {
  const corpus = join(folder, 'corpus');
  await generateSql(corpus, 60);
  const graphs = [];
  for (const make of [inPostgres, inNeo4j, inFile, inFolder]) {
    const place = await make();
    const run = async () => runLineage({ paths: [corpus], dialect: 'auto', cache: null, batchFiles: 25, sink: await place.sink() });
    const report = await run();
    assert.equal(report.files.written, report.files.found);
    const graph = await everything(await place.graph());
    const again = await run();
    assert.deepEqual([again.files.written, again.files.unchanged], [0, report.files.found]);
    graphs.push({
      name: place.name,
      counts: report.graph,
      stats: await (await place.graph()).stats(),
      graph,
      answers: await answersOf(await place.graph()),
    });
    await place.close();
  }
  const [postgres, ...others] = graphs;
  assert.ok(postgres && postgres.stats.edges > 1000);
  context.diagnostic(`${postgres.stats.nodes} nodes and ${postgres.stats.edges} edges`);
  for (const { name, counts, stats, graph, answers } of others) {
    for (const [question, answer] of Object.entries(answers)) assert.deepEqual(answer, postgres.answers[question], `${name}: ${question}`);
    assert.deepEqual(stats, postgres.stats, name);
    assert.deepEqual(counts, postgres.counts, name);
    assert.deepEqual(graph.nodes, postgres.graph.nodes, name);
    assert.deepEqual(graph.edges, postgres.graph.edges, name);
  }
});

/** Answers to a question of every kind, about the first, the middle and the last of the views and their columns. */
async function answersOf(graph: Graph): Promise<Record<string, unknown>> {
  const views = await graph.nodes({ kind: 'View' });
  const answers: Record<string, unknown> = { views, edges: await graph.edges({ limit: 50 }), search: await graph.search('order customer total') };
  const chosen = [0, views.length >> 1, views.length - 1].flatMap((at) => views[at] ?? []);
  assert.equal(chosen.length, 3);
  for (const { id, name } of chosen) {
    const columns = await graph.columnsOf(id);
    answers[`columns of ${name}`] = columns;
    answers[`named ${name}`] = await graph.named(name);
    answers[`end of ${name}`] = await graph.named(name.slice(name.lastIndexOf('.') + 1));
    answers[`edges at ${name}`] = await graph.edges({ node: id });
    answers[`impact of ${name}`] = await graph.impact(id);
    for (const node of [{ id, fullName: name }, ...columns.slice(0, 2)]) {
      answers[`upstream of ${node.fullName}`] = await graph.upstream(node.id, { depth: 20, limit: 1000 });
      answers[`few upstream of ${node.fullName}`] = await graph.upstream(node.id, { limit: 2 });
      answers[`downstream of ${node.fullName}`] = await graph.downstream(node.id);
      answers[`steps before ${node.fullName}`] = await graph.upstream(node.id, { types: ['INPUT_TO', 'GENERATES', 'CONTAINS'] });
    }
  }
  const [first, , last] = chosen;
  if (first && last) answers.path = (await graph.path(first.id, last.id))?.length ?? null;
  return answers;
}

test('nodes and edges can be asked for in Cypher by label, type and property', { skip: WITHOUT_NEO4J }, async () => {
  const place = await inNeo4j();
  const sink = await place.sink();
  await sink.write(derives('a.sql', 'sales.large', 'View', ['sales.orders'], ['id']), 0, 1, 'r1');
  const text = `MATCH (a:View {name: 'sales.large'})-[:CONTAINS]->(c:Column)<-[f:FLOWS_TO]-(o:Column)
    RETURN a.kind AS kind, a.source_file AS file, c.name AS name, f.confidence AS confidence, f.status AS status, f.source AS source, f.kind AS how`;
  assert.deepEqual(await cypher((await testNeo4j()).place, text), [
    { kind: 'View', file: 'a.sql', name: 'id', confidence: 1, status: 'approved', source: 'parser', how: 'identity' },
  ]);
  const plans = await cypher<{ name: string }>(
    (await testNeo4j()).place,
    'SHOW INDEXES YIELD name WHERE name STARTS WITH $start RETURN name ORDER BY name',
    {
      start: 'rowmill_',
    },
  );
  assert.deepEqual(
    plans.map(({ name }) => name),
    [
      'rowmill_entity_id',
      'rowmill_entity_kind',
      'rowmill_entity_name',
      'rowmill_entity_project',
      'rowmill_file_name',
      'rowmill_lock_name',
      'rowmill_review_key',
    ],
  );
  await place.close();
});

test('properties that others set stay when a file is written again', { skip: WITHOUT_NEO4J }, async () => {
  const place = await inNeo4j();
  const sink = await place.sink();
  await sink.write(derives('a.sql', 'v', 'View', ['t'], ['id']), 0, 1, 'r1');
  const server = (await testNeo4j()).place;
  await cypher(server, "MATCH (n:Entity {name: 'v'}) SET n.steward = 'Ada', n:Mine");
  await sink.write(derives('a.sql', 'v', 'Table', ['t'], ['id', 'more']), 0, 1, 'r2');
  const rows = await cypher<{ steward: string; labels: string[] }>(
    server,
    "MATCH (n:Entity {name: 'v'}) RETURN n.steward AS steward, labels(n) AS labels",
  );
  assert.deepEqual(
    rows.map(({ steward, labels }) => [steward, labels.sort()]),
    [['Ada', ['Entity', 'Mine', 'Table']]],
  );
  await place.close();
});

test('what the server refuses goes to a letter, and from there into the graph when it refuses no more', { skip: WITHOUT_NEO4J }, async () => {
  const place = await inNeo4j();
  const server = (await testNeo4j()).place;
  await cypher(server, 'CREATE CONSTRAINT one_x FOR (n:Column) REQUIRE n.sku IS UNIQUE');
  after(() => cypher(server, 'DROP CONSTRAINT one_x IF EXISTS'));
  const parts = await derives('a.sql', 'v', 'View', ['t'], ['x', 'y']).graph();
  const twice = new Set([columnId('v', 'x'), columnId('t', 'x')]);
  const nodes = parts.nodes.map((node) => (twice.has(node.id) ? { ...node, properties: { sku: 'same' } } : node));
  const { MemoryGraph } = await import('#ts/graph/memory.js');
  const source = await together(new MemoryGraph({ ...parts, nodes }, [{ name: 'a.sql' }]), derives('b.sql', 'w', 'View', ['v'], ['x']));
  const letters = join(folder, 'letters.jsonl');
  const sink = new Neo4jSink({ ...server, deadLetters: letters });
  await sink.open();
  const counts = await sink.write(source, 0, 2, 'r1');
  assert.deepEqual([counts.files, counts.deadLetters], [2, 1]);
  assert.equal(counts.nodes, (await source.graph()).nodes.length - 1);
  assert.equal((await sink.stats()).files, 2);
  const text = readFileSync(letters, 'utf8');
  assert.match(text, /"sink":"neo4j".*"kind":"node"/);
  assert.ok(!text.includes(server.password), 'the letter tells the password');
  assert.deepEqual(await retryLetters(letters, sink, 'r2'), { letters: 1, written: 0, outdated: 0, ofOthers: 0, failed: 1 });
  assert.match(readFileSync(letters, 'utf8'), /"attempts":2/);
  await cypher(server, 'DROP CONSTRAINT one_x');
  await sink.close();
  const { code, out } = await lineage('lineage', 'retry', letters, '--sink', 'neo4j', '--json');
  assert.deepEqual([code, JSON.parse(out).written, existsSync(letters)], [0, 1, false]);
  const whole = await everything(await place.graph());
  const again = await place.sink();
  await again.clear();
  await again.write(source, 0, 2, 'r3');
  assert.deepEqual(await everything(await place.graph()), whole);
  await place.close();
});

test('the program writes and asks a graph of Neo4j', { skip: WITHOUT_NEO4J }, async () => {
  const place = await inNeo4j();
  const tree = plant(join(folder, 'shop'), SHOP);
  const run = await lineage('run', 'lineage', tree, '--dialect', 'postgres', '--no-cache', '--sink', 'neo4j', '--json');
  assert.equal(run.code, 0, run.err);
  assert.equal(JSON.parse(run.out).sink, 'neo4j');
  const up = await lineage('lineage', 'upstream', 'sales.named.total', '--sink', 'neo4j');
  assert.match(up.out, /sales\.orders\.total/);
  const rejected = await lineage('lineage', 'reject', 'sales.large.total', 'FLOWS_TO', 'sales.named.total', '--sink', 'neo4j', '--json');
  assert.deepEqual(JSON.parse(rejected.out), { success: true });
  assert.deepEqual(JSON.parse((await lineage('lineage', 'upstream', 'sales.named.total', '--sink', 'neo4j', '--json')).out).steps, []);
  const cleared = await lineage('lineage', 'clear', '--yes', '--sink', 'neo4j', '--json');
  assert.equal(cleared.code, 0, cleared.err);
  const stats = JSON.parse((await lineage('lineage', 'stats', '--sink', 'neo4j', '--json')).out) as GraphStats;
  assert.deepEqual([stats.nodes, stats.edges, stats.files], [0, 0, 0]);
  await place.close();
});

test('a wrong password, a database that is not there and no password at all are told apart, and never shown', { skip: WITHOUT_NEO4J }, async () => {
  const { place } = await testNeo4j();
  await assert.rejects(Neo4jReader.open({ ...place, password: 'wrong-one' }), { code: 'SINK_LOGIN_REFUSED' });
  await assert.rejects(Neo4jReader.open({ ...place, database: 'elsewhere' }), { code: 'SINK_LOGIN_REFUSED' });
  await assert.rejects(Neo4jReader.open({ ...place, password: '' }), { code: 'PLAN_INVALID', message: /NEO4J_PASSWORD is not given/ });
  const sink = new Neo4jSink({ ...place, uri: 'bolt://127.0.0.1:1', password: 'not to be seen', retry: { attempts: 1 } });
  await assert.rejects(sink.open(), (error: Error) => {
    assert.match(String(error), /^SINK_DATABASE_UNREACHABLE: connecting to neo4j@bolt:\/\/127\.0\.0\.1:1\/neo4j/);
    return !JSON.stringify(error).includes('not to be seen') && !String(error).includes('not to be seen');
  });
  await sink.close();
  const missing = await rowmill(['lineage', 'stats', '--sink', 'neo4j', '--neo4j-uri', 'bolt://127.0.0.1:1'], {});
  assert.equal(missing.code, 2);
  assert.match(missing.err, /NEO4J_USERNAME[\s\S]*NEO4J_PASSWORD/);
});

/** The id of an older graph: nothing between the parts. */
function oldId(...parts: string[]): string {
  return createHash('sha256').update(parts.join('')).digest('hex');
}

test('an older graph gets ids with separators, one node a thing and complete edges; twice changes nothing', { skip: WITHOUT_NEO4J }, async () => {
  const place = await inNeo4j();
  const server = (await testNeo4j()).place;
  const [table, view, x, y] = [oldId('data_asset', 'Sales'), oldId('data_asset', 'v'), oldId('column', 'Sales', 'x'), oldId('column', 'v', 'y')];
  const step = oldId('transformation', 'x + 1', y);
  await cypher(
    server,
    `CREATE (t:Table {id: $table, name: 'Sales'}), (v:View {id: $view, name: 'v'}), (twin:DataAsset {id: $view, name: 'v', source_file: 'w.sql'}),
      (x:Column {id: $x, name: 'x'}), (y:Column {id: $y, name: 'y'}), (s:Transformation {id: $step, name: 'x + 1', logic: 'x + 1'}),
      (p:FunctionOrProcedure {id: $defined, name: 'p'}), (q:FunctionOrProcedure {id: $called, name: 'p'}), (f:File {id: $file, path: 'a.sql', name: 'a.sql'}),
      (odd:Column {id: 'odd', name: 'z'}), (w:Table {id: $w, name: 'w'}), (:Unrelated {id: 'u', name: 'u'}),
      (t)-[:CONTAINS]->(x), (v)-[:CONTAINS {source: 'human'}]->(y), (x)-[:INPUT_TO {source_id: 'x', target_id: 's'}]->(s), (s)-[:GENERATES]->(y),
      (v)-[:DERIVES {source: 'parser', status: 'rejected', confidence: 0.4}]->(t), (w)-[:READS_FROM]->(twin), (f)-[:CALLS]->(q), (q)-[:READS_FROM]->(t)`,
    {
      table,
      view,
      x,
      y,
      step,
      defined: oldId('function', 'p'),
      called: oldId('procedure', 'p'),
      file: oldId('file', 'a.sql'),
      w: oldId('data_asset', 'w'),
    },
  );
  const dry = await lineage('lineage', 'migrate', '--sink', 'neo4j', '--dry-run', '--json');
  assert.equal(dry.code, 0, dry.err);
  const planned = JSON.parse(dry.out);
  const counts = {
    edgesCompleted: 7,
    edgesCleared: 1,
    nodes: { old: 11, renamed: 10, joined: 2, unknown: 1 },
    unknown: [{ id: 'odd', kind: 'Column', name: 'z' }],
  };
  assert.deepEqual(planned, { isDryRun: true, ...counts });
  assert.deepEqual(await cypher(server, 'MATCH (n:Entity) RETURN n'), []);
  assert.deepEqual(await migrateGraph(server), { isDryRun: false, ...counts });
  const none = { edgesCompleted: 0, edgesCleared: 0, nodes: { old: 9, renamed: 0, joined: 0, unknown: 1 }, unknown: counts.unknown };
  assert.deepEqual(await migrateGraph(server), { isDryRun: false, ...none });

  const graph = new Graph(await Neo4jReader.open(server));
  const newY = columnId('v', 'y');
  const up = await graph.upstream(newY, { types: ['GENERATES', 'INPUT_TO'] });
  assert.deepEqual(
    up.map(({ from, to, edge }) => [from.fullName, edge.type, to.fullName, edge.source, edge.status, edge.confidence]),
    [
      ['x + 1', 'GENERATES', 'v.y', 'parser', 'approved', 1],
      ['Sales.x', 'INPUT_TO', 'x + 1', 'parser', 'approved', 1],
    ],
  );
  assert.deepEqual(up[1]?.edge.properties, {});
  const [v] = await graph.byIds([asset('v')]);
  assert.deepEqual([v?.kind, v?.name], ['View', 'v']);
  const derived = await graph.edges({ type: 'DERIVES' });
  assert.deepEqual(
    derived.map(({ from, to, status, confidence }) => [from, to, status, confidence]),
    [[asset('v'), asset('sales'), 'rejected', 0.4]],
  );
  assert.deepEqual(
    (await graph.edges({ type: 'READS_FROM' })).map(({ from, to }) => [from, to]).sort(),
    [
      [asset('w'), asset('v')],
      [idOf('function', 'p'), asset('sales')],
    ].sort(),
  );
  const [note] = await cypher<{ properties: string[] }>(
    server,
    "MATCH (m:SchemaMetadata {version: 'hybrid_lineage_v1'}) RETURN m.edge_properties AS properties",
  );
  assert.ok(note?.properties.includes('confidence'));
  await graph.close();
  // A run over the files takes the nodes up.
  const sink = await place.sink();
  await sink.write(derives('a.sql', 'v', 'View', ['sales'], ['y']), 0, 1, 'r1');
  const [taken] = await (await place.graph()).byIds([asset('v')]);
  assert.equal(taken?.properties.source_file, 'a.sql');
  assert.equal((await (await place.graph()).nodes({ kind: 'View' })).length, 1);
  await place.close();
  await cypher(server, 'MATCH (n) WHERE n:Unrelated OR n:SchemaMetadata DETACH DELETE n');
});
