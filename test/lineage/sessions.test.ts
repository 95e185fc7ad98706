import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import { loadConfig, SessionLog, uploadFiles } from '#ts/lineage/index.js';
import { makeRunFolder } from '#ts/lineage/run-folder.js';
import { rowmill } from '../cli/program.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { flows, plant, SHOP } from './trees.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a session counts its files, skipped ones without an event, and rounds its share', async () => {
  const log = new SessionLog(join(folder, 'counts'));
  const told: string[] = [];
  const session = log.start({ source: 'run', project: 'mock', isVerbose: true, onEvent: ({ type }) => told.push(type) });
  assert.equal(session.record.status, 'pending');
  session.begin(3);
  session.file({ name: 'a', status: 'written', nodes: 5, error: null });
  session.file({ name: 'b', status: 'unchanged', nodes: 2, error: null });
  session.file({ name: 'c', status: 'failed', nodes: 0, error: 'mock' });
  session.end();
  const { status, processed, failed, skipped, nodes } = session.record;
  assert.deepEqual([status, processed, failed, skipped, nodes], ['completed_with_errors', 3, 1, 1, 5]);
  const events = (await log.events(session.record.id)) ?? [];
  assert.deepEqual(
    events.map(({ type }) => type),
    ['ingestion_started', 'ingestion_progress', 'ingestion_progress', 'ingestion_complete'],
  );
  assert.deepEqual(
    told,
    events.map(({ type }) => type),
  );
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'ingestion_progress' ? [event.data.percentage] : [])),
    [33, 100],
  );
  assert.deepEqual(await log.events('nosuch'), null);
  const quiet = log.start({ source: 'run', project: 'mock' });
  quiet.begin(1);
  quiet.file({ name: 'a', status: 'written', nodes: 5, error: null });
  quiet.end(new Error('mock'));
  assert.equal(((await log.events(quiet.record.id)) ?? []).length, 2);
  assert.deepEqual((await log.list()).map((record) => record.status).sort(), ['completed_with_errors', 'failed']);
});

test('twenty are listed, newest first, whatever a crash left behind', async () => {
  const path = join(folder, 'many');
  const log = new SessionLog(path);
  const ids: string[] = [];
  for (let number = 0; number < 25; number += 1) {
    const session = log.start({ source: 'run', project: `p${number}` });
    session.begin(0);
    ids.push(session.record.id);
    if (number < 24) session.end();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  appendFileSync(join(path, 'sessions.jsonl'), '{"id": "cut');
  const listed = await log.list();
  assert.deepEqual(
    listed.map(({ id }) => id),
    ids.slice(5).reverse(),
  );
  assert.deepEqual([listed[0]?.status, listed[1]?.status], ['in_progress', 'completed']);
});

test('a run writes its session where the environment says, and the command line shows it', async () => {
  const url = await freshDatabase();
  const shop = plant(join(folder, 'shown', 'shop'), SHOP);
  const env = { LOG_PATH: join(folder, 'shown', 'logs'), STORAGE_PATH: join(folder, 'shown', 'storage'), DATABASE_URL: url };
  const run = await rowmill(['run', 'lineage', shop, '--dialect', 'postgres', '--verbose', '--json'], env);
  assert.equal(run.code, 0, run.err);
  const { sessionId, metrics } = JSON.parse(run.out) as { sessionId: string; metrics: { counters: Record<string, number> } };
  assert.equal(metrics.counters.files_processed_total, 4);
  // The cache and the log are below the folders that were named.
  assert.deepEqual(readdirSync(join(env.STORAGE_PATH, '.cache')), ['parse_cache.db']);
  assert.match((await rowmill(['lineage', 'sessions'], env)).out, new RegExp(`${sessionId} +run +default +completed +4/4`));
  const events = JSON.parse((await rowmill(['lineage', 'sessions', sessionId, '--json'], env)).out) as unknown[];
  assert.equal(events.length, 6);
  assert.equal((await rowmill(['lineage', 'sessions', sessionId, '--format', 'jsonl'], env)).out.split('\n').length, 7);
  assert.equal((await rowmill(['lineage', 'sessions', 'nosuch'], env)).code, 2);
});

test('runs of one second have folders of their own', async () => {
  const storage = join(folder, 'runs');
  const at = new Date('2026-11-23T10:11:12Z');
  const folders = await Promise.all([1, 2, 3].map((number) => makeRunFolder(storage, 'mock', number === 2 ? 'other' : 'upload', at)));
  assert.deepEqual(folders.map(({ name }) => name.slice(0, 19)).sort(), ['20261123_101112_001', '20261123_101112_002', '20261123_101112_003']);
  assert.deepEqual(JSON.parse(readFileSync(join(folders[0]?.path ?? '', 'run.json'), 'utf8')).status, 'in_progress');
});

test('uploads are kept, taken in, and refused one by one', async () => {
  const own = join(folder, 'uploads');
  plant(own, {
    'in/t (1).sql': 'CREATE TABLE t (a int);',
    'in/v.sql': 'CREATE VIEW v AS SELECT * FROM t;',
    'in/x.csv': 'a,b',
    'in/x.exe': '',
    'in/big.sql': '-- '.padEnd(2000),
  });
  const env = {
    STORAGE_PATH: join(own, 'storage'),
    UPLOAD_BASE_DIR: join(own, 'kept'),
    UPLOAD_MAX_FILE_SIZE_MB: '0.001',
    LOG_PATH: join(own, 'logs'),
  };
  const url = await freshDatabase();
  const upload = async (...names: string[]) =>
    uploadFiles(
      names.map((name) => join(own, 'in', name)),
      (await loadConfig({ env, overrides: { 'input.dialect': { value: 'postgres', flag: '--dialect' } } })).settings,
      { sink: new PostgresSink({ url }) },
    );
  const { files, lineage, runFolder } = await upload('t (1).sql', 'x.csv', 'x.exe', 'big.sql', 'nosuch.sql');
  assert.deepEqual(
    files.map(({ status, name }) => `${status} ${name}`),
    ['complete t__1_.sql', 'complete x.csv', 'error null', 'error null', 'error null'],
  );
  assert.match(files[2]?.error ?? '', /'\.exe' are not taken.*upload\.extensions/);
  assert.match(files[3]?.error ?? '', /2000 bytes.*upload\.max_file_mb/);
  assert.deepEqual([lineage.files.found, lineage.files.written], [1, 1]);
  assert.deepEqual(readdirSync(join(own, 'kept')).sort(), ['t__1_.sql', 'x.csv']);
  assert.deepEqual(readdirSync(join(runFolder, 'raw_source')).sort(), ['t (1).sql', 'x.csv']);
  assert.equal(JSON.parse(readFileSync(join(runFolder, 'run.json'), 'utf8')).status, 'completed_with_errors');
  const second = await upload('v.sql');
  assert.deepEqual([second.lineage.files.written, second.lineage.files.unchanged], [1, 1]);
  assert.deepEqual(await flows(url), ['t.a -> v.a']);
  writeFileSync(join(own, 'in', 'v.sql'), 'CREATE VIEW v AS SELECT a AS b FROM t;');
  const cli = await rowmill(['lineage', 'upload', join(own, 'in', 'v.sql'), '--dialect', 'postgres'], {
    ...env,
    DATABASE_URL: url,
    ALLOWED_FILE_EXTENSIONS: '.sql',
  });
  assert.deepEqual([cli.code, /kept .*v\.sql as v\.sql/.test(cli.out)], [0, true], cli.err);
  assert.deepEqual(await flows(url), ['t.a -> v.b']);
  const narrow = await rowmill(['lineage', 'upload', join(own, 'in', 'x.csv')], { ...env, DATABASE_URL: url, ALLOWED_FILE_EXTENSIONS: '.sql' });
  assert.equal(narrow.code, 3);
  assert.equal((await sql(url, 'SELECT FROM rowmill.lineage_file')).length, 2);
  const ofFiles = await sql<{ source: string }>(url, "SELECT props ->> 'source' AS source FROM rowmill.lineage_node WHERE kind = 'File'");
  assert.deepEqual(ofFiles, [{ source: 'upload' }, { source: 'upload' }]);
});
