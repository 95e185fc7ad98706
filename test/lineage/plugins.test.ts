import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { InputPlugin } from '#ts/lineage/index.js';
import { rowmill } from '../cli/program.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { flows, graphOf, plant, runOver, SHOP } from './trees.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Lines of `a -> b` as flows between columns, told as a graph. */
const ARROWS: InputPlugin = {
  extensions: ['.arrows'],
  read: (_, text) => {
    if (text.includes('?')) throw new Error('mock');
    const pairs = [...text.matchAll(/(\S+)\.(\w+) -> (\S+)\.(\w+)/g)];
    const columns = pairs.flatMap(([, asset = '', column = '', other = '', target = '']) => [[asset, column] as const, [other, target] as const]);
    return {
      nodes: columns.flatMap(([asset, column]) => [
        { key: ['data_asset', asset] as const, kind: 'DataAsset', name: asset },
        { key: ['column', asset, column] as const, kind: 'Column', name: column },
      ]),
      edges: [
        ...columns.map(([asset, column]) => ({ from: ['data_asset', asset] as const, type: 'CONTAINS', to: ['column', asset, column] as const })),
        ...pairs.map(([, asset = '', column = '', other = '', target = '']) => ({
          from: ['column', asset, column] as const,
          type: 'FLOWS_TO',
          to: ['column', other, target] as const,
          confidence: 0.9,
        })),
      ],
    };
  },
};

/** A notebook's cells of SQL. */
const NOTEBOOK = `export default { extensions: ['.nb'], read: (path, text) => ({ statements: JSON.parse(text) }) };`;

test('a plugin adds nodes and edges that join those of SQL, and a file of it goes as others do', async () => {
  const url = await freshDatabase();
  const shop = plant(join(folder, 'graph', 'shop'), { ...SHOP, 'x.arrows': 'sales.orders.total -> lake.sums.total', 'bad.arrows': '?' });
  const report = await runOver(shop, url, { plugins: [ARROWS] });
  assert.deepEqual([report.files.found, report.files.written, report.files.failed], [6, 5, 1]);
  assert.deepEqual(report.failures, [{ file: 'shop/bad.arrows', reason: 'the plugin failed: mock' }]);
  assert.ok((await flows(url)).includes('sales.orders.total -> lake.sums.total'));
  const [orders] = await sql<{ kind: string }>(url, "SELECT kind FROM rowmill.lineage_node WHERE name = 'sales.orders'");
  assert.equal(orders?.kind, 'Table', 'what a plugin knows less of does not lower a kind');
  const graph = await graphOf(url);
  const again = await runOver(shop, url, { plugins: [ARROWS] });
  assert.deepEqual([again.files.written, again.files.unchanged], [0, 5]);
  assert.deepEqual(await graphOf(url), graph);
  rmSync(join(shop, 'x.arrows'));
  assert.equal((await runOver(shop, url, { plugins: [ARROWS] })).files.removed, 1);
  assert.ok(!(await flows(url)).some((line) => line.includes('lake')));
});

test('a plugin gives statements, and is loaded from a file', async () => {
  const url = await freshDatabase();
  const shop = plant(join(folder, 'statements', 'shop'), {
    ...SHOP,
    'cells.nb': JSON.stringify(['CREATE VIEW first AS SELECT id FROM sales.orders', 'CREATE VIEW second AS SELECT * FROM first -- last']),
  });
  const plugin = join(folder, 'notebook.mjs');
  writeFileSync(plugin, NOTEBOOK);
  const run = await rowmill(['run', 'lineage', shop, '--dialect', 'postgres', '--no-cache', '--database', url, '--plugin', plugin]);
  assert.equal(run.code, 0, run.err);
  const found = await flows(url);
  assert.ok(found.includes('sales.orders.id -> first.id') && found.includes('first.id -> second.id'));
});

test('plugins that want what is taken, or are none', async () => {
  const url = await freshDatabase();
  const shop = plant(join(folder, 'wrong', 'shop'), SHOP);
  await assert.rejects(runOver(shop, url, { plugins: [{ ...ARROWS, extensions: ['.sql'] }] }), { code: 'PLAN_INVALID' });
  await assert.rejects(runOver(shop, url, { plugins: [ARROWS, ARROWS] }), { code: 'PLAN_INVALID' });
  const plugin = join(folder, 'none.mjs');
  writeFileSync(plugin, 'export default 1;');
  for (const file of [plugin, join(folder, 'nosuch.mjs')]) {
    const run = await rowmill(['run', 'lineage', shop, '--database', url, '--plugin', file]);
    assert.deepEqual([run.code, /INPUT_FORMAT_INVALID/.test(run.err)], [1, true], run.err);
  }
});
