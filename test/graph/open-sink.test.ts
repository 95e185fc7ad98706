import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { JsonlSink } from '#ts/graph/jsonl-sink.js';
import { makeSink, openReader, type SinkSettings } from '#ts/graph/open-sink.js';
import { Graph } from '#ts/graph/queries.js';
import { rowmill } from '../cli/program.js';
import { plant, SHOP } from '../lineage/trees.js';
import { derives } from './made-up.js';
import { everything } from './places.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const LOGIN = { NEO4J_USERNAME: 'me', NEO4J_PASSWORD: 'hidden' };

test('settings are checked before anything is opened', async () => {
  const wrong: [SinkSettings, RegExp][] = [
    [{ kind: 'kuzu' as 'jsonl' }, /there is no sink 'kuzu'/],
    [{ kind: 'jsonl' }, /needs a folder/],
    [{ kind: 'postgres' }, /needs a url/],
    [{ kind: 'postgres', url: 'postgres://x/y', batchSize: 0 }, /batchSize is 0/],
    [{ kind: 'neo4j', maxRetries: 11 }, /maxRetries is 11/],
  ];
  for (const [settings, message] of wrong) await assert.rejects(makeSink(settings), { code: 'PLAN_INVALID', message });
  for (const [settings, message] of wrong.slice(0, 3)) await assert.rejects(openReader(settings), { code: 'PLAN_INVALID', message });
  const sink = await makeSink({ kind: 'neo4j', neo4j: { uri: 'bolt://127.0.0.1:1' } });
  await assert.rejects(sink.open(), { code: 'PLAN_INVALID', message: /NEO4J_USERNAME, NEO4J_PASSWORD is not given/ });
  await assert.rejects(openReader({ kind: 'neo4j' }), { code: 'PLAN_INVALID', message: /NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD is not given/ });
});

test('as often as asked is tried, and no more', async () => {
  let connections = 0;
  const closing = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await once(closing.listen(0, '127.0.0.1'), 'listening');
  const { port } = closing.address() as AddressInfo;
  for (const [maxRetries, expected] of [
    [0, 1],
    [1, 1],
    [2, 2],
  ] as const) {
    connections = 0;
    const sink = await makeSink({ kind: 'postgres', url: `postgres://me@127.0.0.1:${port}/none`, maxRetries });
    await assert.rejects(sink.open());
    assert.equal(connections, expected);
  }
  closing.close();
});

test('a flag of another sink is refused, and a secret of a URI is not shown', async () => {
  const strange = await rowmill(['lineage', 'stats', '--sink', 'jsonl', '--folder', folder, '--neo4j-uri', 'bolt://x']);
  assert.deepEqual([strange.code, strange.err.includes('--neo4j-uri says nothing to the sink jsonl')], [2, true]);
  const unasked = await rowmill(['lineage', 'stats', '--database', 'postgres://x/y', '--folder', folder]);
  assert.match(unasked.err, /Say --sink jsonl, or leave --folder out/);
  const secret = await rowmill(['lineage', 'stats', '--sink', 'neo4j', '--neo4j-uri', 'bolt://other:in-uri@127.0.0.1:1'], LOGIN);
  assert.notEqual(secret.code, 0);
  assert.ok(!/in-uri|hidden/.test(secret.err + secret.out), secret.err);
  const migrate = await rowmill(['lineage', 'migrate', '--sink', 'jsonl', '--folder', folder]);
  assert.match(migrate.err, /graphs of the sink jsonl need no migration/);
});

test('a driver that is not installed is named, with how to install it', async () => {
  const hook = join(folder, 'hook.mjs');
  const register = join(folder, 'register.mjs');
  writeFileSync(
    hook,
    "export async function resolve(name, context, next) { if (name === 'neo4j-driver') throw new Error('Cannot find package'); return next(name, context); }",
  );
  writeFileSync(register, `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hook).href)});`);
  const environment = { ...LOGIN, NEO4J_URI: 'bolt://127.0.0.1:1', NODE_OPTIONS: `--import=${pathToFileURL(register).href}` };
  const { code, err } = await rowmill(['lineage', 'stats', '--sink', 'neo4j'], environment);
  assert.notEqual(code, 0);
  assert.match(err, /^SINK_DRIVER_MISSING: .*npm install neo4j-driver@6/m);
});

test('the program writes and asks a graph in a folder, which is whole after each run', async () => {
  const out = join(folder, 'graph');
  const tree = plant(join(folder, 'shop'), SHOP);
  const args = ['run', 'lineage', tree, '--dialect', 'postgres', '--no-cache', '--sink', 'jsonl', '--folder', out, '--json'];
  const first = await rowmill(args);
  assert.equal(first.code, 0, first.err);
  assert.equal(JSON.parse(first.out).files.written, 4);
  const nodes = readFileSync(join(out, 'nodes.jsonl'), 'utf8').trim().split('\n');
  const stats = JSON.parse((await rowmill(['lineage', 'stats', '--sink', 'jsonl', '--folder', out, '--json'])).out);
  assert.equal(stats.nodes, nodes.length);
  assert.deepEqual(Object.keys(JSON.parse(nodes[0] ?? '')), ['id', 'kind', 'name', 'fullName', 'properties']);
  const up = await rowmill(['lineage', 'upstream', 'sales.named.total', '--sink', 'jsonl', '--folder', out]);
  assert.match(up.out, /sales\.orders\.total/);
  await rowmill(['lineage', 'reject', 'sales.large.total', 'FLOWS_TO', 'sales.named.total', '--sink', 'jsonl', '--folder', out]);
  assert.match(readFileSync(join(out, 'edges.jsonl'), 'utf8'), /"status":"rejected".*"reviewed_at"/);
  const again = await rowmill(args);
  assert.equal(JSON.parse(again.out).files.unchanged, 4);
  assert.match(readFileSync(join(out, 'edges.jsonl'), 'utf8'), /"status":"rejected"/);
});

test('a session that was killed before its end is made up for, and a damaged file is named', async () => {
  const out = join(folder, 'killed');
  const sink = new JsonlSink({ folder: out });
  await sink.open();
  const source = derives('a.sql', 'v', 'View', ['t'], ['id']);
  await sink.write(source, 0, 1, 'r1');
  // Not closed: what all files tell together was not written.
  assert.equal(existsSync(join(out, 'nodes.jsonl')), false);
  const left = join(out, 'files', 'left.jsonl.part');
  writeFileSync(left, 'half');
  utimesSync(left, 1, 1);
  const next = new JsonlSink({ folder: out });
  await next.open();
  assert.equal(existsSync(left), false);
  assert.equal((await next.known()).size, 1);
  await next.close();
  assert.ok(existsSync(join(out, 'nodes.jsonl')) && existsSync(join(out, 'edges.jsonl')));
  const graph = new Graph(await openReader({ kind: 'jsonl', folder: out }));
  assert.equal((await everything(graph)).nodes.length, (await graph.stats()).nodes);
  const name = readdirSync(join(out, 'files'), { recursive: true }).find((each) => String(each).endsWith('.jsonl'));
  const path = join(out, 'files', String(name));
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"node": `);
  const { length } = readFileSync(path, 'utf8').split('\n');
  await assert.rejects(openReader({ kind: 'jsonl', folder: out }), {
    code: 'INPUT_FORMAT_INVALID',
    place: { file: path, line: length, value: '{"node": ' },
  });
});
