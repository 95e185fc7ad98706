import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { generateSql, LineageTree } from '#ts/lineage/index.js';
import { splitFiles, splitScript } from '#ts/split/index.js';
import { rowmill } from '../cli/program.js';
import { PLAIN, SCRIPT } from './scripts.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** All files below a folder, with `/` between the parts. */
function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(root, name)).isFile())
    .sort();
}

/** What the parser of lineage makes of these texts: what it cannot understand, and how many statements it does. */
async function parsed(texts: ReadonlyMap<string, string>, dialect = 'tsql'): Promise<{ problems: string[]; structured: number }> {
  const options = { dialect, defaultSchema: null, idScheme: 'separated', influences: false, followSynonyms: true, schemaFile: null } as const;
  const tree = await LineageTree.open({ ...options, cache: null, threads: 1, maxFileBytes: 1 << 26 });
  for (const [name, text] of texts) assert.equal((await tree.readText(name, text)).failure, null);
  const files = (await tree.resolve(10_000)).files();
  assert.equal(files.length, texts.size);
  return {
    problems: files.flatMap(({ name, problems }) => problems.map(({ line, message }) => `${name}:${line} ${message}`)),
    structured: files.reduce((sum, file) => sum + file.structured, 0),
  };
}

const write = (name: string, bytes: string | Buffer): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

test('each object gets a file below the folder of its kind, children below their parents', async () => {
  const out = join(folder, 'kinds');
  const { code, out: text, err } = await rowmill(['lineage', 'split', write('shop.sql', SCRIPT), '--out', out]);
  assert.equal(code, 0, err);
  assert.match(text, /15 objects in .*by headers.*16 characters before the first header/);
  assert.deepEqual(filesBelow(join(out, 'shop')), [
    'functions/Twice/Twice.sql',
    'organization_manifest.json',
    'other/OnOrder/OnOrder.sql',
    'schemas/sales/sales.sql',
    'stored_procedures/Fill/Fill.sql',
    'tables/Orders/Orders.sql',
    'tables/Orders/check_constraints/CK_Orders.sql',
    'tables/Orders/constraints/PK_Orders.sql',
    'tables/Orders/defaults/DF_Orders_At.sql',
    'tables/orders/orders_v1.sql',
    'tables/sales.Order Lines/foreign_keys/FK_Lines_Orders.sql',
    'tables/sales.Order Lines/indexes/IX_Lines.sql',
    'tables/sales.Order Lines/sales.Order Lines.sql',
    'types/Money2/Money2.sql',
    'views/Totals/Totals.sql',
    'views/Totals/indexes/IX_Totals.sql',
  ]);
  const manifest = JSON.parse(readFileSync(join(out, 'shop', 'organization_manifest.json'), 'utf8'));
  const { by_type, ...counts } = manifest.counts;
  assert.deepEqual(counts, { objects_separated: 15, tables_with_constraints: 2, indexed_views: 1 });
  assert.deepEqual([by_type.Table, by_type.PrimaryKey, by_type.Index], [3, 1, 2]);
  assert.equal(manifest.files.ForeignKey[0].parent, 'sales.Order Lines');
  assert.match(
    readFileSync(join(out, 'shop', 'tables/Orders/defaults/DF_Orders_At.sql'), 'utf8'),
    /^-- Object type: Default\n-- Object name: dbo\.DF_Orders_At\n-- Parent: dbo\.Orders\n-- Source file: shop\.sql, line \d+\n/,
  );
});

test('nothing behind the first header is lost, and every file parses on its own', async () => {
  const { files, dropped } = splitScript(SCRIPT);
  assert.equal(dropped + files.map(({ text }) => text).join(''), SCRIPT);
  assert.equal(dropped, 'USE [Shop]\r\nGO\r\n');
  const out = join(folder, 'parsed');
  await splitFiles({ files: [write('parsed.sql', SCRIPT)], out });
  const written = files.map(({ path }) => [path, readFileSync(join(out, 'parsed', path), 'utf8')] as const);
  assert.deepEqual((await parsed(new Map(written))).problems, []);
  for (const [path, text] of written) assert.ok(text.endsWith(files.find((file) => file.path === path)?.text ?? '-'), path);
});

test('files without headers are cut at their statements: no body is cut, what prepares a statement stays with it', async () => {
  const { files, hasHeaders } = splitScript(PLAIN);
  assert.equal(hasHeaders, false);
  assert.equal(files.map(({ text }) => text).join(''), PLAIN);
  assert.deepEqual(
    files.map(({ path, type }) => `${type} ${path}`),
    [
      'table tables/Orders.sql',
      'table tables/sales.Lines.sql',
      'index indexes/IX_Lines.sql',
      'procedure stored_procedures/Fill.sql',
      'view views/Totals.sql',
      'function functions/One.sql',
      'trigger triggers/OnOrder.sql',
      'table tables/Orders_v1.sql',
    ],
  );
  assert.match(files[3]?.text ?? '', /^SET QUOTED_IDENTIFIER ON\nGO\n-- Fills orders\.\nCREATE OR ALTER PROC[\s\S]*#work[\s\S]*GO\n$/);
  assert.match(files[7]?.text ?? '', /^DROP TABLE/);
  assert.deepEqual((await parsed(new Map(files.map(({ path, text }) => [path, text])))).problems, []);
  const out = join(folder, 'plain');
  await splitFiles({ files: [write('plain.sql', PLAIN)], out, headers: false });
  assert.equal(readFileSync(join(out, 'plain', 'tables', 'sales.Lines.sql'), 'utf8'), files[1]?.text);
  assert.equal(JSON.parse(readFileSync(join(out, 'plain', 'separation_manifest.json'), 'utf8')).counts.by_type.table, 3);
});

test('pieces of generated files in five dialects are SQL on their own, and hold every statement', async () => {
  const corpus = join(folder, 'corpus');
  await generateSql(corpus, 100);
  for (const dialect of ['tsql', 'postgres', 'snowflake', 'spark', 'bigquery']) {
    const whole = filesBelow(join(corpus, dialect)).map((name) => [name, readFileSync(join(corpus, dialect, name), 'utf8')] as const);
    const pieces = whole.flatMap(([name, text]) => splitScript(text).files.map((file) => [`${name}/${file.path}`, file.text] as const));
    const [before, now] = [await parsed(new Map(whole), dialect), await parsed(new Map(pieces), dialect)];
    assert.deepEqual(now, before, dialect);
    assert.deepEqual([before.problems, pieces.length > 3 * whole.length], [[], true], dialect);
    if (dialect !== 'tsql') continue;
    const script = pieces.map(([, text], at) => `/****** Object:  Unknown [dbo].[o${at}]    Script Date: x ******/\n${text}\nGO\n`).join('');
    const again = splitScript(script).files.map(({ path, text }) => [path, text] as const);
    assert.deepEqual([again.length, await parsed(new Map(again))], [pieces.length, before]);
  }
});

test('pieces put together are the source, whatever it is', () => {
  const piece = fc.constantFrom(
    '/****** Object:  Table [a].[b]    Script Date: x ******/\n',
    '/****** Object:  View [v] ******/',
    'CREATE TABLE a (b int)',
    'create view v as select 1',
    'CREATE PROC p AS BEGIN',
    'END',
    'GO\n',
    '\n',
    ';',
    "'",
    '"',
    '[',
    ']',
    '/*',
    '*/',
    '--',
    '(',
    ')',
    '$$',
    'CASE',
    ' ',
    'ß🦀',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const { files, dropped } = splitScript(text);
      assert.equal(dropped + files.map((file) => file.text).join(''), text.trim() === '' && files.length === 0 ? '' : text);
      assert.equal(new Set(files.map(({ path }) => path.toLowerCase())).size, files.length);
    }),
    { numRuns: 500 },
  );
});

test('UTF-16 and marks are read; other bytes, large files and missing ones are refused', async () => {
  const out = join(folder, 'encodings');
  const little = Buffer.from(`\ufeff${SCRIPT}`, 'utf16le');
  const files = [write('le.sql', little), write('be.sql', Buffer.from(little).swap16()), write('mark.sql', `\ufeff${SCRIPT}`)];
  const reports = await splitFiles({ files, out, at: new Date(0), headers: false });
  assert.deepEqual(
    reports.map(({ counts }) => counts.objects),
    [15, 15, 15],
  );
  assert.equal(readFileSync(join(out, 'le', 'views/Totals/Totals.sql'), 'utf8'), splitScript(SCRIPT).files.find(({ type }) => type === 'View')?.text);
  await assert.rejects(splitFiles({ files: [write('bytes.sql', Buffer.from([0x53, 0xff, 0x00]))], out }), /INPUT_FORMAT_INVALID|neither UTF-8/);
  await assert.rejects(splitFiles({ files: [join(folder, 'none.sql')], out }), /cannot be read/);
  await assert.rejects(splitFiles({ files: [write('large.sql', Buffer.alloc(50 * 1024 * 1024 + 1, 32))], out }), /at most|bytes/);
});

test('files that exist are left alone without --overwrite, all of them', async () => {
  const [out, source] = [join(folder, 'again'), write('again.sql', SCRIPT)];
  const split = (...more: string[]) => rowmill(['lineage', 'split', source, '--out', out, '--no-headers', ...more]);
  assert.equal((await split()).code, 0);
  rmSync(join(out, 'again', 'views'), { recursive: true });
  writeFileSync(join(out, 'again', 'tables', 'Orders', 'Orders.sql'), 'mine');
  const refused = await split();
  assert.deepEqual([refused.code, /more files exist.*--overwrite/.test(refused.err)], [2, true]);
  assert.deepEqual(
    [existsSync(join(out, 'again', 'views')), readFileSync(join(out, 'again', 'tables', 'Orders', 'Orders.sql'), 'utf8')],
    [false, 'mine'],
  );
  assert.equal((await split('--overwrite')).code, 0);
  assert.match(readFileSync(join(out, 'again', 'tables', 'Orders', 'Orders.sql'), 'utf8'), /^\/\*{6} Object/);
  assert.deepEqual(
    filesBelow(out).filter((name) => name.endsWith('.part')),
    [],
  );
});

test('the layout by database names it by flag, file or folder', async () => {
  const out = join(folder, 'databases');
  await splitFiles({ files: [write('SalesShop-2025.sql', SCRIPT)], out, layout: 'database' });
  assert.deepEqual(readdirSync(join(out, 'sales-shop')).sort(), ['embeddings', 'graph', 'metadata', 'raw', 'separated']);
  assert.ok(existsSync(join(out, 'sales-shop', 'metadata', 'SalesShop-2025', 'organization_manifest.json')));
  assert.ok(existsSync(join(out, 'sales-shop', 'separated', 'SalesShop-2025', 'views', 'Totals', 'Totals.sql')));
  await splitFiles({ files: [write('other.sql', SCRIPT)], out, layout: 'database', database: 'My Database' });
  assert.ok(existsSync(join(out, 'my-database', 'raw', 'other.sql')));
});
