import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LineageTree } from '#ts/lineage/index.js';
import { treeOptions } from '#ts/lineage/options.js';
import { type SplitOptions, splitScript } from '#ts/split/index.js';
import { rowmill } from '../cli/program.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const AT = new Date('2026-11-23T10:11:12Z');
const header = (type: string, name: string): string => `/****** Object:  ${type} ${name}    Script Date: 1/2/2024 3:04:05 PM ******/\n`;

/** Objects of a script, in its order: header and text. */
const OBJECTS: readonly (readonly [string, string, string])[] = [
  ['Schema', '[Sales]', 'CREATE SCHEMA [Sales]\nGO\n'],
  ['UserDefinedDataType', '[dbo].[Flag]', 'CREATE TYPE [dbo].[Flag] FROM [bit] NOT NULL\nGO\n'],
  ['User_Defined_Type', '[dbo].[Rows]', 'CREATE TYPE [dbo].[Rows] AS TABLE ([id] int)\nGO\n'],
  [
    'Table',
    '[Sales].[Orders]',
    'SET ANSI_NULLS ON\nGO\nCREATE TABLE [Sales].[Orders](\n\t[id] [int] NOT NULL,\n\t[note] [nvarchar](50) NULL\n) ON [PRIMARY]\nGO\n',
  ],
  ['Table', '[dbo].[Orders]', "CREATE TABLE [dbo].[Orders]([id] int) -- '\nGO\n"],
  ['Table', '[mock].[Sales].[People]', 'CREATE TABLE [Sales].[People]([id] int)\nGO\n'],
  [
    'View',
    '[Sales].[vOrders]',
    `CREATE VIEW [Sales].[vOrders] WITH SCHEMABINDING AS\n/* it was\n${header('View', '[Sales].[old]')}*/\nSELECT [id], N'${header('Table', 'none').trim()}' AS [t] FROM [Sales].[Orders]\nGO\n`,
  ],
  [
    'StoredProcedure',
    '[Sales].[pFill]',
    'CREATE PROCEDURE [Sales].[pFill] @n int AS\nBEGIN\n  INSERT INTO [Sales].[Orders] ([id]) SELECT @n;\n  SELECT 1;\nEND\nGO\n',
  ],
  ['UserDefinedFunction', '[dbo].[fTwo]', 'CREATE FUNCTION [dbo].[fTwo](@a int) RETURNS int AS BEGIN RETURN 2 * @a END\nGO\n'],
  ['Index', '[IX_a]', 'CREATE NONCLUSTERED INDEX [IX_a] ON [Sales].[Orders] ([note] ASC)\nGO\n'],
  ['Index', '[IX_v]', 'CREATE UNIQUE CLUSTERED INDEX [IX_v] ON [Sales].[vOrders] ([id])\nGO\n'],
  ['Default', '[DF_a]', "ALTER TABLE [Sales].[Orders] ADD CONSTRAINT [DF_a] DEFAULT (N'') FOR [note]\nGO\n"],
  [
    'ForeignKey',
    '[FK_a]',
    'ALTER TABLE [Sales].[Orders] WITH CHECK ADD CONSTRAINT [FK_a] FOREIGN KEY([id]) REFERENCES [Sales].[People] ([id])\nGO\n',
  ],
  ['Check', '[CK_a]', 'ALTER TABLE [People] WITH CHECK ADD CONSTRAINT [CK_a] CHECK (([id]>(0)))\nGO\n'],
  ['PrimaryKey', '[PK_a]', 'ALTER TABLE [Sales].[Orders] ADD CONSTRAINT [PK_a] PRIMARY KEY ([id])\nGO\n'],
  ['Index', '[IX_gone]', 'CREATE INDEX [IX_gone] ON [Sales].[Nowhere] ([id])\nGO\n'],
  ['Trigger', '[Sales].[tr]', 'CREATE TRIGGER [Sales].[tr] ON [Sales].[Orders] AFTER INSERT AS SELECT 1\nGO\n'],
  ['Default Thing', '[a:b/..]', 'SELECT 1\nGO\n'],
];
const SCRIPT = `USE [mock]\nGO\n${OBJECTS.map(([type, name, text]) => header(type, name) + text).join('')}`;

function plant(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function split(path: string, out: string, options: Partial<SplitOptions> = {}) {
  return splitScript(path, { out: join(folder, out), at: AT, ...options });
}

const below = (name: string): string[] =>
  readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .sort();

test('objects go where their kind says, what belongs to a table goes beside it, and a manifest lists them', async () => {
  const path = plant('Mock-2024.sql', SCRIPT.replaceAll('\n', '\r\n'));
  const report = await split(path, 'objects');
  assert.deepEqual([report.by, report.objects, report.byType.Index, report.byType.Unknown], ['headers', 18, 3, 2]);
  assert.deepEqual(
    below('objects/Mock-2024'),
    [
      'functions/fTwo/fTwo.sql',
      'organization_manifest.json',
      'other/Flag/Flag.sql',
      'other/IX_gone/IX_gone.sql',
      'other/a_b__/a_b__.sql',
      'other/tr/tr.sql',
      'schemas/Sales/Sales.sql',
      'stored_procedures/pFill/pFill.sql',
      'tables/People/People.sql',
      'tables/People/check_constraints/CK_a.sql',
      'tables/Sales.Orders/Sales.Orders.sql',
      'tables/Sales.Orders/constraints/PK_a.sql',
      'tables/Sales.Orders/defaults/DF_a.sql',
      'tables/Sales.Orders/foreign_keys/FK_a.sql',
      'tables/Sales.Orders/indexes/IX_a.sql',
      'tables/dbo.Orders/dbo.Orders.sql',
      'types/Rows/Rows.sql',
      'views/vOrders/indexes/IX_v.sql',
      'views/vOrders/vOrders.sql',
    ].sort(),
  );
  const manifest = JSON.parse(readFileSync(report.manifest, 'utf8'));
  assert.deepEqual(manifest.counts, {
    objects_separated: 18,
    tables_with_constraints: 2,
    indexed_views: 1,
    by_type: report.byType,
  });
  assert.equal(manifest.generated_at, AT.toISOString());
  assert.deepEqual(manifest.files.View, ['views/vOrders/vOrders.sql']);
  const index = readFileSync(join(folder, 'objects/Mock-2024/tables/Sales.Orders/indexes/IX_a.sql'), 'utf8');
  assert.match(
    index,
    /^-- type: Index\n-- name: dbo\.IX_a\n-- parent: Sales\.Orders\n-- source: Mock-2024\.sql:\d+\n-- script date: 1\/2\/2024 3:04:05 PM\n-- separated: 2026/,
  );
});

test('nothing after the first header is lost, and every file can be read on its own', async () => {
  const path = plant('whole.sql', SCRIPT);
  const report = await split(path, 'whole', { headers: false });
  const manifest = JSON.parse(readFileSync(report.manifest, 'utf8')) as { files: Record<string, string[]> };
  const texts = Object.values(manifest.files)
    .flat()
    .map((file) => [file, readFileSync(join(report.folder, file), 'utf8')] as const);
  assert.deepEqual(texts.map(([, text]) => text).sort(), OBJECTS.map(([, , text]) => text).sort());
  const tree = await LineageTree.open(treeOptions({ dialect: 'tsql', threads: 1, maxFileBytes: 1 << 20, cache: null }));
  for (const [file, text] of texts) await tree.readText(file, text);
  const files = (await tree.resolve(100)).files();
  assert.equal(files.length, 18);
  assert.deepEqual(
    files.flatMap(({ name, problems }) => problems.map(({ message }) => `${name}: ${message}`)),
    [],
  );
});

test('UTF-16 and a mark of UTF-8 are read, other bytes are refused', async () => {
  const utf16 = await split(plant('u16.sql', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(SCRIPT, 'utf16le')])), 'u16');
  const utf8 = await split(plant('u8.sql', `\ufeff${SCRIPT}`), 'u8');
  assert.deepEqual([utf16.objects, utf8.objects], [18, 18]);
  await assert.rejects(split(plant('bad.sql', Buffer.from([0x53, 0xff, 0xfe, 0x80])), 'bad'), { code: 'DATA_TEXT_INVALID' });
  await assert.rejects(split(join(folder, 'nosuch.sql'), 'bad'), { code: 'INPUT_MISSING' });
});

test('a folder for each database, named as it is asked or as the script tells', async () => {
  const database = async (path: string, options: Partial<SplitOptions> = {}): Promise<string> => {
    const { folder: made } = await split(path, 'databases', { layout: 'database', overwrite: true, ...options });
    return made.slice(join(folder, 'databases').length + 1).split('/')[0] ?? '';
  };
  assert.equal(await database(plant('AdventureMock-full.sql', SCRIPT)), 'adventure-mock');
  assert.equal(await database(plant('Shop_2.sql', SCRIPT)), 'shop');
  assert.equal(await database(plant('Some Folder/plain.sql', SCRIPT)), 'some-folder');
  assert.equal(await database(plant('x-y.sql', SCRIPT), { database: 'My DB' }), 'my-db');
  const warnings: string[] = [];
  assert.equal(await database(plant('___/plain.sql', SCRIPT), { onWarning: (line) => warnings.push(line) }), 'default');
  assert.equal(warnings.length, 1);
  assert.deepEqual(readdirSync(join(folder, 'databases/shop')).sort(), ['embeddings', 'graph', 'metadata', 'raw', 'separated']);
  assert.deepEqual(below('databases/shop/metadata'), ['Shop_2.organization_manifest.json']);
});

test('scripts without headers go by their CREATE statements, equal names with numbers', async () => {
  const text = [
    '-- made up',
    'CREATE TABLE shop.t (a int);',
    'CREATE OR REPLACE VIEW "shop"."v w" AS SELECT 1 AS a;',
    'CREATE OR REPLACE VIEW shop.T AS SELECT 2 AS a;',
    'CREATE TABLE other.t (b int);',
    'INSERT INTO t VALUES (1);',
    'CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql;',
    'CREATE UNIQUE INDEX IF NOT EXISTS ix ON t (a);',
    'CREATE SCHEMA IF NOT EXISTS own;',
    'CREATE EXTENSION mock;',
  ].join('\n');
  const path = plant('plain.sql', text);
  const report = await split(path, 'plain', { dialect: 'postgres' });
  assert.equal(report.by, 'statements');
  assert.deepEqual(below('plain/plain'), [
    'function/f.sql',
    'index/ix.sql',
    'schema/own.sql',
    'separation_manifest.json',
    'table/t.sql',
    'table/t_v1.sql',
    'unknown/unnamed.sql',
    'view/T.sql',
    'view/v w.sql',
  ]);
  assert.equal(readFileSync(join(folder, 'plain/plain/table/t_v1.sql'), 'utf8'), 'CREATE TABLE other.t (b int)\n');
  await assert.rejects(split(path, 'plain', { dialect: 'postgres' }), { code: 'SINK_FILE_FAILED' });
  const again = await rowmill(['lineage', 'split', path, '--out', join(folder, 'plain'), '--dialect', 'postgres', '--overwrite']);
  assert.deepEqual([again.code, /8 objects/.test(again.out)], [0, true], again.err);
});
