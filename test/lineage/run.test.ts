import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freshDatabase } from '../postgres/support.js';
import { flows, graphOf, plant, runOver, SHOP } from './trees.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('columns flow through views and stars, and running again changes nothing', async () => {
  const url = await freshDatabase();
  const shop = plant(join(folder, 'again', 'shop'), SHOP);
  const report = await runOver(shop, url);
  assert.deepEqual([report.files.found, report.files.written, report.statements.bearing, report.statements.structured], [4, 4, 5, 5]);
  assert.deepEqual(await flows(url), [
    'sales.customers.name -> sales.named.name',
    'sales.large.id -> sales.named.id',
    'sales.large.total -> sales.named.total',
    'sales.orders.customer -> report.totals.customer',
    'sales.orders.customer -> sales.large.customer',
    'sales.orders.id -> sales.large.id',
    'sales.orders.total -> report.totals.total',
    'sales.orders.total -> sales.large.total',
  ]);
  const graph = await graphOf(url);
  assert.deepEqual([report.graph.nodes > 0, report.graph.edges > 0, report.graph.unmatched], [true, true, 0]);
  const again = await runOver(shop, url, { threads: 1, batchFiles: 1 });
  assert.deepEqual([again.files.written, again.files.unchanged, again.graph.edges], [0, 4, 0]);
  assert.deepEqual(await graphOf(url), graph);
});

test('the graph of a tree that was changed, renamed and pruned is that of the tree as it is', async () => {
  const [changed, fresh] = [await freshDatabase(), await freshDatabase()];
  const shop = plant(join(folder, 'changed', 'shop'), SHOP);
  await runOver(shop, changed);
  plant(shop, { 'ddl/orders.sql': 'CREATE TABLE sales.orders (id int, total numeric, customer int, note text);' });
  renameSync(join(shop, 'load/fill.sql'), join(shop, 'load/refill.sql'));
  rmSync(join(shop, 'views/named.sql'));
  const report = await runOver(shop, changed);
  // The view over the table has another column now, though its own text is the same.
  assert.deepEqual([report.files.written, report.files.removed], [3, 2]);
  assert.ok((await flows(changed)).includes('sales.orders.note -> sales.large.note'));
  await runOver(shop, fresh);
  assert.deepEqual(await graphOf(changed), await graphOf(fresh));
});

test('files of another tree stay', async () => {
  const url = await freshDatabase();
  const [shop, other] = ['shop', 'other'].map((name) => plant(join(folder, 'two', name), SHOP)) as [string, string];
  await runOver(shop, url);
  const report = await runOver(other, url);
  assert.deepEqual([report.files.written, report.files.removed], [4, 0]);
});

test('a cache gives the same graph', async () => {
  const [first, second] = [await freshDatabase(), await freshDatabase()];
  const shop = plant(join(folder, 'cached', 'shop'), SHOP);
  const cache = { path: join(folder, 'cache', 'parse.db'), maxEntries: 100, ttlDays: 30 };
  assert.equal((await runOver(shop, first, { cache })).files.cached, 0);
  assert.equal((await runOver(shop, second, { cache })).files.cached, 4);
  assert.deepEqual(await graphOf(second), await graphOf(first));
});

test('what cannot be read or understood is told with its place, and costs nothing else', async () => {
  const url = await freshDatabase();
  const shop = plant(join(folder, 'bad', 'shop'), {
    ...SHOP,
    'broken.sql': 'SELECT 1;\nCREATE VIEW v AS SELECT (a FROM t;\nCREATE VIEW w AS SELECT id FROM sales.orders;',
  });
  writeFileSync(join(shop, 'binary.sql'), Buffer.from([0x53, 0, 1, 2, 0xff]));
  symlinkSync(join(shop, 'nowhere'), join(shop, 'link.sql'));
  const report = await runOver(shop, url);
  assert.deepEqual(
    report.failures.map(({ file }) => file),
    ['shop/binary.sql', 'shop/link.sql'],
  );
  assert.match(report.failures[1]?.reason ?? '', /link to nothing/);
  const [problem] = report.problems.first;
  assert.deepEqual([report.problems.count, problem?.file, problem?.line], [1, 'shop/broken.sql', 2]);
  assert.ok((await flows(url)).includes('sales.orders.id -> w.id'));
});

test('an empty folder is no failure, and a path that is not there is one', async () => {
  const url = await freshDatabase();
  const report = await runOver(plant(mkdtempSync(join(folder, 'empty-')), {}), url);
  assert.deepEqual([report.files.found, report.files.written], [0, 0]);
  await assert.rejects(runOver(join(folder, 'nosuch'), url), { code: 'INPUT_MISSING' });
});
