import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { StoredNode } from '#ts/graph/model.js';
import { PostgresReader } from '#ts/graph/postgres-reader.js';
import { Graph } from '#ts/graph/queries.js';
import type { Impact, WalkStep } from '#ts/graph/sink.js';
import { rowmill } from '../cli/program.js';
import { freshDatabase } from '../postgres/support.js';
import { plant, runOver, SHOP } from './trees.js';

/** A loop of two procedures, and a heuristic of Python beside the shop. */
const MORE = {
  ...SHOP,
  'loop.sql': `CREATE PROCEDURE there() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO left_side (a) SELECT a FROM right_side; END; $$;
CREATE PROCEDURE back() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO right_side (a) SELECT a FROM left_side; END; $$;`,
  'app.py': 'session.sql("SELECT total FROM sales.named")\n',
};

let folder: string;
let url: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  url = await freshDatabase();
  await runOver(plant(join(folder, 'shop'), MORE), url);
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function ask<T>(...words: string[]): Promise<T> {
  const { code, out, err } = await rowmill(['lineage', ...words, '--database', url, '--json']);
  assert.equal(code, 0, err);
  return JSON.parse(out) as T;
}

function line({ depth, from, edge, to }: WalkStep): string {
  return `${depth} ${from.fullName} ${edge.type} ${to.fullName}`;
}

test('what feeds a column is followed through views, nearest first', async () => {
  const { steps } = await ask<{ steps: WalkStep[] }>('upstream', 'sales.named.total');
  assert.deepEqual(steps.map(line), ['1 sales.large.total FLOWS_TO sales.named.total', '2 sales.orders.total FLOWS_TO sales.large.total']);
  const near = await ask<{ steps: WalkStep[] }>('upstream', 'sales.named.total', '--depth', '1');
  assert.equal(near.steps.length, 1);
  const text = await rowmill(['lineage', 'upstream', 'sales.named.total', '--database', url]);
  assert.match(text.out, /^Column sales\.named\.total, upstream\ndepth {2}from /);
});

test('what a table feeds is followed against the edges of those that read it, and a cycle ends', async () => {
  const { steps } = await ask<{ steps: WalkStep[] }>('downstream', 'sales.orders');
  const assets = new Set(steps.map(({ from }) => from.fullName));
  assert.ok(assets.has('sales.large') && assets.has('sales.named') && assets.has('report.totals'), [...assets].join(' '));
  const loop = await ask<{ steps: WalkStep[] }>('downstream', 'left_side.a', '--depth', '100');
  assert.deepEqual(loop.steps.map(line), ['1 left_side.a FLOWS_TO right_side.a', '2 right_side.a FLOWS_TO left_side.a']);
});

test('an impact names columns, objects and files', async () => {
  const impact = await ask<Impact>('impact', 'sales.orders.total');
  assert.deepEqual(
    impact.reached.map(({ node, depth }) => `${depth} ${node.fullName}`),
    ['1 report.totals.total', '1 sales.large.total', '2 sales.named.total'],
  );
  assert.deepEqual(impact.assets, ['report.totals', 'sales.large', 'sales.named']);
  assert.ok(impact.files.includes('shop/views/named.sql'), impact.files.join(' '));
});

test('a way between two nodes goes along edges in both directions, and there may be none', async () => {
  const way = await ask<StoredNode[]>('path', 'sales.customers.name', 'sales.orders.id');
  assert.deepEqual([way[0]?.fullName, way.at(-1)?.fullName], ['sales.customers.name', 'sales.orders.id']);
  const none = await rowmill(['lineage', 'path', 'sales.orders', 'left_side', '--database', url]);
  assert.deepEqual([none.code, none.out], [1, 'there is no way between them\n']);
});

test('nodes and edges are found by what they are called and what they are', async () => {
  const found = await ask<StoredNode[]>('search', 'named');
  assert.ok(found.some(({ fullName, kind }) => fullName === 'sales.named' && kind === 'View'));
  assert.deepEqual((await ask<StoredNode[]>('nodes', '--kind', 'View')).map(({ name }) => name).sort(), ['sales.large', 'sales.named']);
  assert.equal((await ask<unknown[]>('edges', '--status', 'pending_review')).length, 1);
  const stats = await ask<{ files: number; nodesByKind: Record<string, number>; unmatched: number }>('stats');
  assert.deepEqual([stats.files, stats.nodesByKind.View, stats.unmatched], [6, 2, 0]);
  const { code, err } = await rowmill(['lineage', 'nodes', '--kind', 'Veiw', '--database', url]);
  assert.deepEqual([code, /there is no kind 'Veiw'.*Known: Table, View/.test(err)], [2, true]);
  const unknown = await rowmill(['lineage', 'upstream', 'sales.nothing', '--database', url]);
  assert.deepEqual([unknown.code, /the graph has no sales\.nothing/.test(unknown.err)], [2, true]);
});

test('a rejected edge is not followed, and stays rejected when its file is read again', async () => {
  const own = await freshDatabase();
  const shop = plant(join(folder, 'reviewed', 'shop'), SHOP);
  await runOver(shop, own);
  const at = ['--database', own, '--json'];
  const rejected = await rowmill(['lineage', 'reject', 'sales.large.total', 'FLOWS_TO', 'sales.named.total', '--notes', 'mock', ...at]);
  assert.deepEqual(JSON.parse(rejected.out), { success: true });
  plant(shop, { 'views/named.sql': `-- Changed.\n${SHOP['views/named.sql']}` });
  assert.equal((await runOver(shop, own)).files.written, 1);
  const queries = new Graph(await PostgresReader.open(own));
  try {
    const [total] = await queries.named('sales.named.total');
    assert.deepEqual(await queries.upstream(total?.id ?? ''), []);
    assert.equal((await queries.upstream(total?.id ?? '', { includeRejected: true })).length, 2);
  } finally {
    await queries.close();
  }
  const approved = await rowmill(['lineage', 'approve', 'sales.large.total', 'FLOWS_TO', 'sales.named.total', ...at]);
  assert.deepEqual(JSON.parse(approved.out), { success: true });
  assert.equal((await rowmill(['lineage', 'reject', 'sales.named.total', 'FLOWS_TO', 'sales.orders.id', ...at])).code, 1);
});

test('the whole graph is deleted only where that is said', async () => {
  const own = await freshDatabase();
  await runOver(plant(join(folder, 'cleared', 'shop'), SHOP), own);
  assert.equal((await rowmill(['lineage', 'clear', '--database', own])).code, 2);
  assert.equal((await rowmill(['lineage', 'clear', '--yes', '--database', own])).code, 0);
  assert.equal(JSON.parse((await rowmill(['lineage', 'stats', '--database', own, '--json'])).out).nodes, 0);
});
