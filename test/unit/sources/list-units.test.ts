import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Plan, SourceDescription, Window } from '#ts/addon.js';
import { RowmillError } from '#ts/errors.js';
import { listUnits } from '#ts/sources/index.js';
import { folderWith } from '../folder.js';

const WINDOW: Window = { start: '2025-02-01', end: '2025-02-28', year: '2025', month: '02' };

function source(name: string, koku: string): SourceDescription {
  return { name, doc: '', layouts: { koku: [koku], poc: ['other/*.parquet'] } };
}

function planFor(root: string, overrides: Partial<Plan['source']> = {}): Plan {
  return {
    pipeline: 'cost openshift',
    source: { root, layout: 'koku', account: 'org', id: 'abc', paths: {}, unitBytes: null, onBadRow: 'fail', maxBadRows: 0, ...overrides },
    window: { start: WINDOW.start, end: WINDOW.end, split: true },
    windows: [WINDOW],
    mode: 'streaming',
    budget: { memory: 1 << 29, threads: 1, spill: '/tmp', foldBytes: null, batchRows: 8192 },
    database: { url: null, schema: 'public', ledgerSchema: 'rowmill', create: true },
    output: { file: null, folder: null, format: 'csv', quarantine: null },
    verify: { tolerance: 0 },
    options: {},
  };
}

async function names(plan: Plan, sources: SourceDescription[]): Promise<string[]> {
  return (await listUnits(plan, WINDOW, sources)).map(({ input, uri }) => `${input} ${uri.slice(plan.source.root.length + 1)}`);
}

test('places are filled in, patterns matched, and units sorted by input and path', async (t) => {
  const root = folderWith(t, {
    'org/source=abc/year=2025/month=02/b.parquet': '1',
    'org/source=abc/year=2025/month=02/deep/er/a.parquet': '22',
    'org/source=abc/year=2025/month=02/c.csv': '',
    'org/source=abc/year=2025/month=2/unpadded.parquet': '',
    'org/source=abc/year=2025/month=03/x.parquet': '',
    'org/source=abd/year=2025/month=02/x.parquet': '',
    'days/2025-2-01/z.parquet': '',
  });
  const sources = [
    source('late', 'days/{year}-{m}-*/*.parquet'),
    source('early', '{account}/source={source}/year={year}/month={month}/**/*.parquet'),
  ];
  assert.deepEqual(await names(planFor(root), sources), [
    'late days/2025-2-01/z.parquet',
    'early org/source=abc/year=2025/month=02/b.parquet',
    'early org/source=abc/year=2025/month=02/deep/er/a.parquet',
  ]);
  const units = await listUnits(planFor(root), WINDOW, sources);
  assert.deepEqual(
    units.map(({ size }) => size),
    [0, 1, 2],
  );
  assert.ok(units.every(({ version }) => /^\d{16,}$/.test(version)));
});

test('templates of the plan win over those of the layout, and a file that two of them match is one unit', async (t) => {
  const root = folderWith(t, { 'mine/a.parquet': '', 'data/b.parquet': '' });
  const plan = planFor(root, { paths: { pods: ['mine/*.parquet', './mine/**/a.*', 'absent/*.parquet'] } });
  assert.deepEqual(await names(plan, [source('pods', 'data/*.parquet')]), ['pods mine/a.parquet']);
});

test('hidden names and markers of other engines match no pattern, and values are no patterns', async (t) => {
  const root = folderWith(t, { 'o/.a.parquet': '', 'o/_tmp/a.parquet': '', 'o/b.parquet': '', 'p/c.parquet': '' });
  assert.deepEqual(await names(planFor(root), [source('pods', '*/**/*.parquet')]), ['pods o/b.parquet', 'pods p/c.parquet']);
  await assert.rejects(names(planFor(root, { account: '*' }), [source('pods', '{account}/*.parquet')]), { code: 'INPUT_MISSING' });
});

test('links to files and folders are followed', async (t) => {
  const root = folderWith(t, { 'real/a.parquet': '1' });
  symlinkSync(join(root, 'real'), join(root, 'linked'));
  symlinkSync(join(root, 'real', 'a.parquet'), join(root, 'real', 'b.parquet'));
  assert.deepEqual(await names(planFor(root), [source('pods', 'linked/*.parquet')]), ['pods linked/a.parquet', 'pods linked/b.parquet']);
});

test('a root that is a file is the input of a pipeline with one, and a problem of the plan for others', async (t) => {
  const root = folderWith(t, { 'orders.csv': '12345' });
  const plan = planFor(join(root, 'orders.csv'), { unitBytes: 2 });
  const units = await listUnits(plan, WINDOW, [source('orders', '*.csv')]);
  assert.deepEqual(
    units.map(({ input, uri, range }) => [input, uri, range]),
    [
      ['orders', join(root, 'orders.csv'), { start: 0, end: 2 }],
      ['orders', join(root, 'orders.csv'), { start: 2, end: 4 }],
      ['orders', join(root, 'orders.csv'), { start: 4, end: 5 }],
    ],
  );
  await assert.rejects(listUnits(plan, WINDOW, [source('orders', '*'), source('trades', '*')]), { code: 'PLAN_INVALID', message: /orders, trades/ });
});

test('several templates of a layout add up, and those of every layout go with any', async (t) => {
  const root = folderWith(t, { 'a.csv': '', 'b.parquet': '', 'c.txt': '' });
  const any: SourceDescription = { name: 'orders', doc: '', layouts: { '*': ['**/*.csv', '**/*.parquet'] } };
  assert.deepEqual(await names(planFor(root), [any]), ['orders a.csv', 'orders b.parquet']);
});

test('nothing found is an error that lists the places looked at', async (t) => {
  const root = folderWith(t, { 'x/a.parquet': '' });
  await assert.rejects(names(planFor(root), [source('pods', 'pods/{year}/*.parquet')]), (error: unknown) => {
    assert.ok(error instanceof RowmillError);
    assert.equal(error.code, 'INPUT_MISSING');
    assert.ok(error.help?.includes(`${root}/pods/2025/*.parquet`));
    return true;
  });
  await assert.rejects(names(planFor(join(root, 'absent')), [source('pods', '*.parquet')]), /source\.root is neither a folder nor a file/);
});

test('a template that needs what the plan lacks, or has an unknown place, is a problem of the plan', async (t) => {
  const root = folderWith(t);
  await assert.rejects(names(planFor(root, { id: null }), [source('pods', '{source}/*')]), { code: 'PLAN_INVALID', message: /source\.id/ });
  await assert.rejects(names(planFor(root), [source('pods', '{yaer}/*')]), { code: 'PLAN_INVALID', message: /\{yaer\}/ });
});

test('a folder that cannot be listed is named', { skip: process.getuid?.() === 0 ? 'root may list any folder' : false }, async (t) => {
  const root = folderWith(t, { 'locked/a.parquet': '' });
  chmodSync(join(root, 'locked'), 0o000);
  t.after(() => chmodSync(join(root, 'locked'), 0o755));
  await assert.rejects(names(planFor(root), [source('pods', '**/*.parquet')]), { code: 'INPUT_FILE_UNREADABLE' });
});

test('ten thousand files are listed within seconds', async (t) => {
  const root = folderWith(t);
  for (let folder = 0; folder < 100; folder += 1) {
    mkdirSync(join(root, `d${folder}`));
    for (let file = 0; file < 100; file += 1) writeFileSync(join(root, `d${folder}`, `${file}.parquet`), '');
  }
  const began = performance.now();
  assert.equal((await listUnits(planFor(root), WINDOW, [source('pods', '**/*.parquet')])).length, 10_000);
  assert.ok(performance.now() - began < 10_000);
});
