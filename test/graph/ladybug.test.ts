import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LadybugReader } from '#ts/graph/ladybug-reader.js';
import { LadybugSink } from '#ts/graph/ladybug-sink.js';
import { MemoryGraph } from '#ts/graph/memory.js';
import { Graph } from '#ts/graph/queries.js';
import type { GraphStats } from '#ts/graph/sink.js';
import { closeLadybug, inLadybug, openLadybug } from '#ts/ladybug/connect.js';
import { type Ended, rowmill } from '../cli/program.js';
import { plant, SHOP } from '../lineage/trees.js';
import { asset, columnId, derives, edge, LONG_FILES, longTexts, together } from './made-up.js';
import { everything } from './places.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, `${name}.lbug`);
const once1 = { attempts: 1 };

/** A process that has written long texts and keeps the file open; `end` lets it go, `kill` does not. */
async function holder(file: string): Promise<{ end(): Promise<void>; kill(): Promise<void> }> {
  const script = fileURLToPath(new URL('./held.js', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify({ kind: 'ladybug', file })], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return {
    async end() {
      child.stdin?.end();
      assert.deepEqual(await closed, [0, null]);
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

test('nodes and edges can be asked for in Cypher by type and property', async () => {
  const file = path('cypher');
  const sink = new LadybugSink({ file });
  await sink.open();
  await sink.write(derives('a.sql', 'sales.large', 'View', ['sales.orders'], ['id']), 0, 1, 'r1');
  const pool = await openLadybug(file, 'read');
  const text = `MATCH (a:Entity {name: 'sales.large'})-[:CONTAINS]->(c:Entity)<-[f:FLOWS_TO]-(o:Entity)
    RETURN a.kind AS kind, c.name AS name, f.confidence AS confidence, f.status AS status, f.source AS source, f.properties AS more`;
  assert.deepEqual(await inLadybug(pool, 'testing', (transaction) => transaction.rows(text)), [
    { kind: 'View', name: 'id', confidence: 1, status: 'approved', source: 'parser', more: '{"kind": "identity"}' },
  ]);
  await closeLadybug(pool);
  await closeLadybug(pool);
  await sink.close();
});

test('a process that writes keeps writers of others out, and readers see what it had committed', async () => {
  const file = path('shared');
  const other = await holder(file);
  const refused = new LadybugSink({ file, retry: once1 });
  await assert.rejects(refused.open(), { code: 'SINK_DATABASE_BUSY', retryable: true, place: { file } });
  await refused.close();
  const graph = new Graph(await LadybugReader.open(file));
  assert.equal((await graph.nodes({ kind: 'View' })).length, LONG_FILES);
  const waits: number[] = [];
  const patient = new LadybugSink({
    file,
    retry: {
      sleep: () => other.end(),
      onRetry: (_, ms) => waits.push(ms),
    },
  });
  await patient.open();
  assert.equal(waits.length, 1);
  // What is written after a reader began is seen by its next question.
  await patient.write(derives('more.sql', 'v', 'View', ['t'], ['x']), 0, 1, 'r2');
  assert.equal((await graph.nodes({ kind: 'View' })).length, LONG_FILES + 1);
  await patient.close();
  assert.equal((await graph.nodes({ kind: 'View' })).length, LONG_FILES + 1);
  // A review is a write; afterwards others may write again though the reader is open.
  const flow = { from: columnId('t', 'x'), type: 'FLOWS_TO', to: columnId('v', 'x') };
  assert.equal(await graph.review({ ...flow, action: 'reject' }), true);
  const another = await holder(file);
  assert.deepEqual(
    (await graph.edges({ type: 'FLOWS_TO' })).map(({ status }) => status),
    ['rejected'],
  );
  await another.end();
  await graph.close();
});

test('what was committed before a process was killed is there, whatever its length', async () => {
  const file = path('killed');
  const other = await holder(file);
  await other.kill();
  assert.ok(existsSync(`${file}.wal`), 'all of it was in the file already');
  const graph = new Graph(await LadybugReader.open(file));
  const { nodes } = await everything(graph);
  await graph.close();
  const sink = new LadybugSink({ file });
  await sink.open();
  assert.equal((await sink.known()).size, LONG_FILES);
  const source = longTexts();
  await sink.clear();
  await sink.write(source, 0, LONG_FILES, 'r2');
  await sink.close();
  const whole = new Graph(await LadybugReader.open(file));
  assert.deepEqual((await everything(whole)).nodes, nodes);
  await whole.close();
});

test('what the engine refuses goes to a letter, and the rest is written', async () => {
  const file = path('refused');
  const letters = join(folder, 'letters.jsonl');
  const sink = new LadybugSink({ file, deadLetters: letters });
  await sink.open();
  const odd = derives('a.sql', 'v', 'View', ['t'], ['x']);
  const { nodes, edges } = await odd.graph();
  // There is a table of nodes of this name already.
  const wrong = new MemoryGraph({ nodes, edges: [...edges, edge('a.sql', asset('v'), 'Entity', asset('t'))] }, [{ name: 'a.sql' }]);
  const counts = await sink.write(await together(wrong, derives('b.sql', 'w', 'View', ['v'], ['x'])), 0, 2, 'r1');
  assert.deepEqual([counts.files, counts.deadLetters], [2, 1]);
  const stats = await sink.stats();
  assert.deepEqual([stats.files, stats.edgesByType.DERIVES, stats.edgesByType.Entity], [2, 2, undefined]);
  assert.match(readFileSync(letters, 'utf8'), /"error":"SINK_WRITE_FAILED.*"sink":"ladybug".*"kind":"edge"/);
  const known = await sink.known();
  assert.deepEqual([known.get('a.sql')?.digest, known.get('b.sql')?.digest.length], ['', 64]);
  await sink.close();
});

test('edges of any type are kept', async () => {
  const file = path('types');
  const sink = new LadybugSink({ file });
  await sink.open();
  const { nodes } = await derives('a.sql', 'v', 'View', ['t'], ['x']).graph();
  const types = ['OWN TYPE', 'with `ticks`', 'größer'];
  await sink.write(
    new MemoryGraph({ nodes, edges: types.map((type) => edge('a.sql', asset('v'), type, asset('t'))) }, [{ name: 'a.sql' }]),
    0,
    1,
    'r1',
  );
  const graph = new Graph(await LadybugReader.open(file));
  const found = await graph.edges();
  assert.deepEqual(found.map(({ type }) => type).sort(), [...types].sort());
  assert.equal(await graph.review({ from: asset('v'), type: 'OWN TYPE', to: asset('t'), action: 'approve' }), true);
  assert.equal(await graph.review({ from: asset('v'), type: 'NONE', to: asset('t'), action: 'approve' }), false);
  await graph.close();
  await sink.close();
});

test('a file that is missing, is something else or cannot be made is told with what to do', async () => {
  await assert.rejects(LadybugReader.open(path('nowhere')), {
    code: 'INPUT_MISSING',
    help: /run lineage --sink ladybug/,
    place: { file: path('nowhere') },
  });
  assert.equal(existsSync(path('nowhere')), false);
  writeFileSync(path('text'), 'no graph at all\n'.repeat(1000));
  for (const open of [() => LadybugReader.open(path('text')), () => new LadybugSink({ file: path('text') }).open()]) {
    await assert.rejects(open(), { code: 'INPUT_FORMAT_INVALID', place: { file: path('text') } });
  }
  const strange = await openLadybug(path('strange'), 'write');
  await inLadybug(strange, 'testing', (transaction) => transaction.rows('CREATE NODE TABLE Other(id STRING PRIMARY KEY)'));
  await closeLadybug(strange);
  const reader = await LadybugReader.open(path('strange'));
  await assert.rejects(reader.stats(), { code: 'INPUT_FORMAT_INVALID', message: /Table Entity does not exist/ });
  await reader.close();
  assert.match(readFileSync(path('text'), 'utf8'), /^no graph at all\n/);
  await assert.rejects(new LadybugSink({ file: folder }).open(), { code: 'INPUT_FORMAT_INVALID', message: /cannot be a directory/ });
});

/** The command line with the graph of this file. */
async function lineage(file: string, ...words: string[]): Promise<Ended> {
  return rowmill([...words, '--sink', 'ladybug', '--graph-file', file]);
}

test('the program writes and asks a graph in a file', async () => {
  const file = path('deep/er/shop');
  const tree = plant(join(folder, 'shop'), SHOP);
  const run = await lineage(file, 'run', 'lineage', tree, '--dialect', 'postgres', '--no-cache', '--json');
  assert.equal(run.code, 0, run.err);
  assert.deepEqual([JSON.parse(run.out).sink, JSON.parse(run.out).files.written], ['ladybug', 4]);
  const up = await lineage(file, 'lineage', 'upstream', 'sales.named.total');
  assert.match(up.out, /sales\.orders\.total/);
  const rejected = await lineage(file, 'lineage', 'reject', 'sales.large.total', 'FLOWS_TO', 'sales.named.total', '--json');
  assert.deepEqual(JSON.parse(rejected.out), { success: true });
  assert.deepEqual(JSON.parse((await lineage(file, 'lineage', 'upstream', 'sales.named.total', '--json')).out).steps, []);
  const exported = await lineage(file, 'lineage', 'export', '--format', 'json');
  assert.equal(JSON.parse(exported.out).metadata.database, 'shop.lbug');
  const again = await lineage(file, 'run', 'lineage', tree, '--dialect', 'postgres', '--no-cache', '--json');
  assert.equal(JSON.parse(again.out).files.unchanged, 4);
  const cleared = await lineage(file, 'lineage', 'clear', '--yes', '--json');
  assert.equal(cleared.code, 0, cleared.err);
  const stats = JSON.parse((await lineage(file, 'lineage', 'stats', '--json')).out) as GraphStats;
  assert.deepEqual([stats.nodes, stats.edges, stats.files], [0, 0, 0]);
});

test('the flag of the file belongs to this sink, and an engine that is not installed is named', async () => {
  const strange = await rowmill(['lineage', 'stats', '--sink', 'jsonl', '--graph-file', path('x')]);
  assert.deepEqual([strange.code, strange.err.includes('--graph-file says nothing to the sink jsonl')], [2, true]);
  const hook = join(folder, 'hook.mjs');
  const register = join(folder, 'register.mjs');
  writeFileSync(
    hook,
    "export async function resolve(name, context, next) { if (name === '@ladybugdb/core') throw new Error('Cannot find package'); return next(name, context); }",
  );
  writeFileSync(register, `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hook).href)});`);
  const environment = { NODE_OPTIONS: `--import=${pathToFileURL(register).href}` };
  const { code, err } = await rowmill(['lineage', 'clear', '--yes', '--sink', 'ladybug', '--graph-file', path('y')], environment);
  assert.notEqual(code, 0);
  assert.match(err, /^SINK_DRIVER_MISSING: .*npm install @ladybugdb\/core@0\.19/m);
});
