import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RowmillError } from '#ts/errors.js';
import { PostgresReader } from '#ts/graph/postgres-reader.js';
import { Graph } from '#ts/graph/queries.js';
import { startView, type View } from '#ts/view/index.js';
import { rowmill, start } from '../cli/program.js';
import { plant, runOver, SHOP } from '../lineage/trees.js';
import { freshDatabase } from '../postgres/support.js';

let folder: string;
let url: string;
let graph: Graph;
let view: View;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  url = await freshDatabase();
  await runOver(plant(join(folder, 'shop'), SHOP), url);
  graph = new Graph(await PostgresReader.open(url));
  view = await startView({ queries: graph, port: 0 });
});
after(async () => {
  await view.close();
  await graph.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Unlike `fetch`, this sends whatever `Host` it is told. */
function send(
  path: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, view.url), { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function idsOf(...names: string[]): Promise<string[]> {
  return Promise.all(names.map(async (name) => (await graph.named(name))[0]?.id ?? ''));
}

test('the page comes with a policy that lets nothing in from elsewhere', async () => {
  const { status, headers, text } = await send('/');
  assert.equal(status, 200);
  assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self'/);
  assert.doesNotMatch(text, /https?:\/\//);
});

test('another host name is refused: a site cannot make its name point here', async () => {
  const { port } = new URL(view.url);
  for (const host of [`evil.example:${port}`, 'evil.example', `127.0.0.1.evil.example:${port}`, '127.0.0.1:1']) {
    const { status, text } = await send('/api/stats', { headers: { host } });
    assert.deepEqual([status, /127\.0\.0\.1 and localhost only/.test(text)], [403, true], host);
  }
  assert.equal((await send('/api/stats', { headers: { host: `localhost:${port}` } })).status, 200);
});

test('a review needs the token of the page, and no other page can send it', async () => {
  const [from = '', to = ''] = await idsOf('sales.large.total', 'sales.named.total');
  const token = /name="rowmill-token" content="([^"]+)"/.exec((await send('/')).text)?.[1] ?? '';
  const body = JSON.stringify({ from, type: 'FLOWS_TO', to, action: 'reject' });
  const post = (headers: Record<string, string>, text = body) => send('/api/review', { method: 'POST', headers, body: text });
  assert.equal((await post({})).status, 403);
  assert.equal((await post({ 'x-rowmill-token': `${token}x` })).status, 403);
  assert.equal((await post({ 'x-rowmill-token': token, origin: 'http://evil.example' })).status, 403);
  assert.equal((await graph.upstream(to)).length, 2);
  assert.deepEqual(JSON.parse((await post({ 'x-rowmill-token': token })).text), { success: true });
  assert.equal((await graph.upstream(to)).length, 0);
  assert.deepEqual(
    JSON.parse((await post({ 'x-rowmill-token': token }, JSON.stringify({ from: to, type: 'FLOWS_TO', to: from, action: 'approve' }))).text),
    { success: false },
  );
  assert.equal((await post({ 'x-rowmill-token': token }, '{"action":"delete"}')).status, 400);
  assert.equal((await post({ 'x-rowmill-token': token }, 'x'.repeat(1 << 17))).status, 400);
  assert.equal((await post({ 'x-rowmill-token': token }, body.replace('reject', 'approve'))).status, 200);
});

test('the API answers as the graph does, and says what is wrong with a question', async () => {
  const [total = ''] = await idsOf('sales.named.total');
  const { nodes, edges } = JSON.parse((await send(`/api/around?id=${total}&direction=upstream&depth=1`)).text);
  assert.deepEqual([nodes.length, edges.length], [4, 1]);
  const stats = JSON.parse((await send('/api/stats')).text);
  assert.equal(stats.nodes, (await graph.stats()).nodes);
  const known = JSON.parse((await send(`/api/node?id=${total}`)).text);
  assert.deepEqual([known.node.fullName, known.definedIn], ['sales.named.total', ['shop/views/named.sql']]);
  assert.equal((await send(`/api/node?id=${'0'.repeat(64)}`)).status, 404);
  for (const path of ['/api/node?id=x', `/api/around?id=${total}&depth=0`, `/api/around?id=${total}&direction=sideways`]) {
    assert.equal((await send(path)).status, 400, path);
  }
  for (const path of ['/nothing', '/../package.json', '/%2e%2e/package.json', '/vendor/../../package.json'])
    assert.equal((await send(path)).status, 404, path);
});

test('a port that is taken is a clear failure, from the API and the command', async () => {
  const { port } = new URL(view.url);
  await assert.rejects(
    startView({ queries: graph, port: Number(port) }),
    (error: RowmillError) => error.code === 'PLAN_INVALID' && /is taken/.test(error.message),
  );
  await assert.rejects(startView({ queries: graph, port: 70_000 }), /0 to 65535/);
  const { code, err } = await rowmill(['lineage', 'view', '--no-open', '--port', port, '--database', url]);
  assert.deepEqual([code, new RegExp(`port ${port} is taken.*--port`).test(err)], [2, true]);
});

test('the command serves until it is interrupted, and ends well then', async () => {
  const { child, ended } = start(['lineage', 'view', '--no-open', '--port', '0', '--database', url]);
  const address = await new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(String(chunk));
      if (found) resolve(found[0]);
    });
  });
  assert.equal((await fetch(new URL('/api/stats', address))).status, 200);
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
  await assert.rejects(fetch(address));
});
