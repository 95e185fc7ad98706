import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LineageReport } from '#ts/index.js';
import { rowmill } from '../cli/program.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { flows, plant, SHOP } from './trees.js';

let folder: string;
let shop: string;
let cache: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  shop = plant(join(folder, 'shop'), SHOP);
  cache = join(folder, 'cache.db');
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a run says what it did, and the cache what it holds', async () => {
  const url = await freshDatabase();
  const args = ['run', 'lineage', shop, '--dialect', 'postgres', '--cache', cache];
  const first = await rowmill([...args, '--database', url]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /^4 files: 4 written, 0 unchanged, 0 removed, 0 failed; 0 were in the cache\n5 statements; of 5 that bear lineage 5 are/);
  const again = await rowmill([...args, '--database', url, '--json']);
  const report = JSON.parse(again.out) as LineageReport;
  assert.deepEqual([report.files.unchanged, report.files.cached, report.graph.edges], [4, 4, 0]);
  const stats = JSON.parse((await rowmill(['cache', 'stats', '--cache', cache, '--json'])).out);
  assert.deepEqual([stats.entries, stats.hits, stats.misses], [4, 4, 4]);
  assert.match((await rowmill(['cache', 'stats', '--cache', cache])).out, /hit rate 50\.00 %/);
  // The flags of a command that runs do the same, and nothing else.
  assert.equal(
    (await rowmill(['lineage', 'watch', 'nosuch', '--cache-stats', '--cache', cache, '--json'])).out,
    (await rowmill(['cache', 'stats', '--cache', cache, '--json'])).out,
  );
  assert.match((await rowmill([...args, '--clear-cache'])).out, /: 4 entries deleted\n$/);
  assert.match((await rowmill(['cache', 'clear', '--cache', cache])).out, /: 0 entries deleted\n$/);
  assert.equal(JSON.parse((await rowmill(['cache', 'stats', '--cache', cache, '--json'])).out).entries, 0);
});

test('a check of the cache deletes what is of other files', async () => {
  const own = plant(join(folder, 'checked'), { 'a.sql': 'CREATE VIEW v AS SELECT x FROM t;', 'b.sql': 'CREATE VIEW w AS SELECT x FROM v;' });
  const checked = join(folder, 'checked.db');
  const check = async (...flags: string[]) => JSON.parse((await rowmill(['cache', 'check', '--cache', checked, '--json', ...flags])).out);
  await rowmill(['run', 'lineage', own, '--cache', checked, '--sink', 'jsonl', '--folder', join(folder, 'checked-graph')]);
  const { path, ...right } = await check();
  assert.deepEqual([path, right], [checked, { checked: 2, verified: 2, failed: 0, missing: 0 }]);
  assert.equal((await check('--sample', '1')).checked, 1);
  writeFileSync(join(own, 'a.sql'), 'CREATE VIEW v AS SELECT y FROM t;');
  assert.match(
    (await rowmill(['lineage', 'cache', 'check', '--cache', checked])).out,
    /of 2 entries 1 are right, 1 were damaged or of other files and are deleted, the files of 0 are gone/,
  );
  assert.deepEqual((await check()).checked, 1);
});

test('files are of a project and a repository, and questions can be narrowed down to them', async () => {
  const url = await freshDatabase();
  const sales = plant(join(folder, 'sales-views'), { 'a.sql': 'CREATE VIEW v AS SELECT x FROM t;' });
  const stock = plant(join(folder, 'stock-views'), { 'b.sql': 'CREATE VIEW w AS SELECT x FROM v;' });
  const run = async (path: string, ...flags: string[]) => {
    const { code, out, err } = await rowmill(['run', 'lineage', path, '--database', url, '--cache', join(folder, 'projects.db'), '--json', ...flags]);
    assert.equal(code, 0, err);
    return (JSON.parse(out) as LineageReport).files;
  };
  const views = async (...flags: string[]) => {
    const { out } = await rowmill(['lineage', 'nodes', '--kind', 'View', '--database', url, '--json', ...flags]);
    return (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
  };
  assert.equal((await run(sales, '--project', 'shop', '--repository', 'sales')).written, 1);
  assert.equal((await run(sales, '--project', 'shop', '--repository', 'sales')).unchanged, 1);
  await run(stock, '--project', 'shop', '--repository', 'stock');
  assert.deepEqual(await views('--project', 'shop'), ['v', 'w']);
  assert.deepEqual(await views('--repositories', 'sales', 'other'), ['v']);
  assert.deepEqual(await views('--project', 'other'), []);
  // What is said of a file is a part of its graph: it changes with the run.
  const { cached, written } = await run(stock, '--project', 'other');
  assert.deepEqual([cached, written], [1, 1]);
  assert.deepEqual(await views('--project', 'other'), ['v', 'w']);
  assert.deepEqual(await views('--repositories', 'stock'), []);
  const { code, err } = await rowmill(['run', 'lineage', sales, '--database', url, '--project', '../up']);
  assert.equal(code, 2);
  assert.match(err, /--project|input\.project/);
});

test('options change what is found', async () => {
  const bare = plant(join(folder, 'bare'), {
    'view.sql': 'CREATE VIEW v AS SELECT t.* FROM t WHERE t.b > 0;',
    'synonym.sql': 'CREATE SYNONYM s FOR t;\nCREATE VIEW w AS SELECT a FROM s;',
    'schema.json': '{"own.t": {"a": "int", "b": "int"}}',
  });
  const run = async (...flags: string[]): Promise<string> => {
    const url = await freshDatabase();
    const { code, err } = await rowmill(['run', 'lineage', bare, '--no-cache', '--database', url, '--dialect', 'tsql', ...flags]);
    assert.equal(code, 0, err);
    return url;
  };
  assert.deepEqual(await flows(await run()), ['t.* -> v.*', 't.a -> w.a']);
  assert.deepEqual(await flows(await run('--no-synonyms')), ['s.a -> w.a', 't.* -> v.*']);
  const schema = ['--default-schema', 'own', '--schema-file', join(bare, 'schema.json')];
  assert.deepEqual(await flows(await run(...schema)), ['own.t.a -> own.v.a', 'own.t.a -> own.w.a', 'own.t.b -> own.v.b']);
  const edges = async (url: string, type: string): Promise<number> =>
    (await sql(url, 'SELECT FROM rowmill.lineage_edge WHERE type = $1', [type])).length;
  assert.deepEqual([await edges(await run(), 'INFLUENCES'), await edges(await run('--influences'), 'INFLUENCES')], [0, 1]);
  const ids = async (url: string): Promise<unknown> => sql(url, "SELECT encode(id, 'hex') FROM rowmill.lineage_node ORDER BY id");
  assert.notDeepEqual(await ids(await run('--id-scheme', 'legacy')), await ids(await run()));
  const own = await freshDatabase();
  assert.equal((await rowmill(['run', 'lineage', bare, '--no-cache', '--database', own, '--schema', 'mine', '--max-file-bytes', '40'])).code, 3);
  assert.equal((await sql(own, 'SELECT FROM mine.lineage_file')).length, 1);
});

test('what is wrong with a call is said with what to do', async () => {
  const missing = await rowmill(['run', 'lineage', join(folder, 'nosuch'), '--no-cache', '--database', await freshDatabase()]);
  assert.deepEqual([missing.code, /INPUT_MISSING: there is no .*nosuch/.test(missing.err)], [1, true]);
  const dialect = await rowmill(['run', 'lineage', shop, '--no-cache', '--dialect', 'klingon', '--database', await freshDatabase()]);
  assert.deepEqual([dialect.code, /PLAN_INVALID: the dialect 'klingon' is not known\. Choose one of tsql, /.test(dialect.err)], [2, true]);
  const schema = plant(folder, { 'wrong.json': '{"t": ["a"]}' });
  const malformed = await rowmill([
    'run',
    'lineage',
    shop,
    '--no-cache',
    '--schema-file',
    join(schema, 'wrong.json'),
    '--database',
    await freshDatabase(),
  ]);
  assert.match(malformed.err, /INPUT_FORMAT_INVALID: it does not have the shape of a schema file \(.*wrong\.json\)\. Write/);
  const twice = await rowmill([
    'run',
    'lineage',
    shop,
    join(plant(join(folder, 'other', 'shop'), SHOP)),
    '--no-cache',
    '--database',
    await freshDatabase(),
  ]);
  assert.deepEqual([twice.code, /end in the same name/.test(twice.err)], [2, true]);
});

test('made-up files are the same each time', async () => {
  const out = join(folder, 'corpus');
  const made = await rowmill(['generate', 'sql', '--out', out, '--files', '10', '--json']);
  assert.deepEqual(JSON.parse(made.out), JSON.parse((await rowmill(['generate', 'sql', '--out', out, '--files', '10', '--json'])).out));
  const url = await freshDatabase();
  const report = JSON.parse(
    (await rowmill(['run', 'lineage', out, '--dialect', 'auto', '--no-cache', '--database', url, '--json'])).out,
  ) as LineageReport;
  assert.deepEqual([report.files.written, report.problems.count, report.statements.structured], [10, 0, report.statements.bearing]);
});

test('dialects are listed, one of them as the default', async () => {
  const known = JSON.parse((await rowmill(['lineage', 'dialects', '--json'])).out) as { id: string; isDefault: boolean }[];
  assert.equal(known.length, 15);
  assert.deepEqual(
    known.filter(({ isDefault }) => isDefault).map(({ id }) => id),
    ['tsql'],
  );
  assert.match((await rowmill(['lineage', 'dialects'])).out, /^snowflake +Snowflake/m);
});
