import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RowmillError } from '#ts/errors.js';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import type { GraphSink, WriteCounts } from '#ts/graph/sink.js';
import { loadConfig, type Override, type Settings, type Watching, watchLineage } from '#ts/lineage/index.js';
import { METRIC_NAMES } from '#ts/metrics/index.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { flows, graphOf, plant, runOver, SHOP } from './trees.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Settings of a test: PostgreSQL's dialect, everything below a folder of its own, batches that do not wait for long. */
async function settingsIn(own: string, more: Record<string, unknown> = {}): Promise<Settings> {
  const values = {
    'input.dialect': 'postgres',
    'paths.storage': join(own, 'storage'),
    'paths.logs': join(own, 'logs'),
    'paths.upload': join(own, 'uploads'),
    'batching.debounce_seconds': 0.05,
    'watch.recursive': true,
    ...more,
  };
  const overrides = Object.fromEntries(Object.entries(values).map(([key, value]): [string, Override] => [key, { value, flag: 'test' }]));
  return (await loadConfig({ env: {}, overrides })).settings;
}

interface Asked {
  watching: Watching;
  url: string;
  errors: unknown[];
  get<T>(path: string): Promise<T>;
  post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Waits until something holds; fails after a while. */
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
}

async function watched(own: string, settings: Settings, sink?: GraphSink): Promise<Asked> {
  const url = await freshDatabase();
  const errors: unknown[] = [];
  const reload = () => settingsIn(own, { 'features.batching': false, 'features.metrics': false, 'workers.count': 7 });
  const onError = (error: unknown): number => errors.push(error);
  const to = sink ?? new PostgresSink({ url });
  const watching = await watchLineage({ folders: [join(own, 'shop')], settings, sink: to, port: 0, reload, onError });
  after(() => watching.stop());
  const at = (path: string): string => `${watching.url}${path}`;
  return {
    watching,
    url,
    errors,
    get: async <T>(path: string) => (await fetch(at(path))).json() as Promise<T>,
    post: async (path, body) => {
      const answer = await fetch(at(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    until: async (what, holds) => {
      const endMs = performance.now() + 30_000;
      while (!(await holds())) {
        assert.ok(performance.now() < endMs, `${what} did not happen`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

const files = async (url: string): Promise<string[]> =>
  (await sql<{ name: string }>(url, 'SELECT name FROM rowmill.lineage_file ORDER BY name')).map(({ name }) => name);

test('files that are there, come, change, move and go: the graph is that of the folder as it is', async () => {
  const own = join(folder, 'changes');
  const shop = plant(join(own, 'shop'), SHOP);
  const { watching, url, until } = await watched(own, await settingsIn(own));
  const fresh = async (): Promise<unknown> => {
    const other = await freshDatabase();
    await runOver(shop, other);
    return graphOf(other);
  };
  await until('taking in what is there', async () => (await files(url)).length === 4);
  await watching.watcher.idle();
  const indexes = await sql(url, "SELECT FROM pg_indexes WHERE schemaname = 'rowmill' AND tablename = 'lineage_edge_fact'");
  assert.equal(indexes.length, 3, 'a graph that goes on being written has its indexes');
  assert.deepEqual(await graphOf(url), await fresh());
  plant(shop, {
    'ddl/orders.sql': 'CREATE TABLE sales.orders (id int, total numeric, customer int, note text);',
    'views/new.sql': 'CREATE VIEW sales.new AS SELECT note FROM sales.orders;',
  });
  await until('a new view', async () => (await flows(url)).includes('sales.orders.note -> sales.new.note'));
  renameSync(join(shop, 'load/fill.sql'), join(shop, 'load/refill.sql'));
  rmSync(join(shop, 'views/named.sql'));
  await until(
    'a renamed and a removed file',
    async () => !(await files(url)).some((name) => /named|\/fill/.test(name)) && (await files(url)).includes('shop/load/refill.sql'),
  );
  await watching.watcher.idle();
  assert.deepEqual(await graphOf(url), await fresh());
  const { totals, batcher, pool } = await watching.stop();
  assert.deepEqual([totals.files.removed, totals.files.failed, pool.tasks_failed, pool.running], [2, 0, 0, false]);
  assert.ok(batcher.batches_processed >= 3);
  assert.equal(watching.watcher.stats().pool.running, false);
});

test('what is gone at the start goes, folders below only where asked, and what is there only where asked', async () => {
  const own = join(folder, 'start');
  const shop = plant(join(own, 'shop'), { ...SHOP, 'top.sql': 'CREATE TABLE top (a int);' });
  const first = await watched(own, await settingsIn(own));
  await first.until('taking in', async () => (await files(first.url)).length === 5);
  await first.watching.stop();
  rmSync(join(shop, 'views/large.sql'));
  const again = await watched(own, await settingsIn(own), new PostgresSink({ url: first.url }));
  await again.until('forgetting', async () => (await files(first.url)).length === 4);
  await again.watching.stop();
  const flat = await watched(own, await settingsIn(own, { 'watch.recursive': false }));
  await flat.until('taking in the top', async () => (await files(flat.url)).length === 1);
  plant(shop, { 'views/deep.sql': 'SELECT 1', 'second.sql': 'CREATE TABLE second (a int);' });
  await flat.until('taking in the second', async () => (await files(flat.url)).includes('shop/second.sql'));
  assert.deepEqual(await files(flat.url), ['shop/second.sql', 'shop/top.sql']);
  await flat.watching.stop();
  const late = await watched(own, await settingsIn(own, { 'watch.process_existing': false, 'watch.remove_missing': false }));
  plant(shop, { 'late.sql': 'CREATE TABLE late (a int);' });
  await late.until('taking in the late one', async () => (await files(late.url)).length === 1);
  rmSync(join(shop, 'late.sql'));
  await late.until('hearing that it is gone', async () => late.watching.watcher.stats().pool.tasks_completed >= 2);
  assert.deepEqual(await files(late.url), ['shop/late.sql'], 'what is gone stays where that was asked');
  await late.watching.stop();
});

test('asked over HTTP: metrics, state, features, sessions, texts, files; and all metrics move', { timeout: 120_000 }, async () => {
  const own = join(folder, 'asked');
  const shop = plant(join(own, 'shop'), { ...SHOP, 'broken.sql': 'CREATE VIEW v AS SELECT (a FROM t;', 'binary.sql': '\0\u0001\u0002' });
  // A second folder with the same texts finds them in the cache.
  plant(shop, { 'copy.sql': SHOP['views/large.sql'] ?? '' });
  const url = await freshDatabase();
  const settings = await settingsIn(own, {
    'batching.size_threshold': 2,
    'workers.max_queue': 2,
    'workers.count': 1,
    'metrics.labels': { team: 'mock' },
  });
  const sink = new Flaky({ url });
  const { watching, get, post, until } = await watched(own, settings, sink);
  await until('taking in what is there', async () => (await files(url)).length === 6);
  const counter = async (name: string): Promise<number> => (await get<{ counters: Record<string, number> }>('/summary')).counters[name] ?? 0;
  let changes = 0;
  await until('a file that changes while it waits', async () => {
    plant(shop, { 'more/0.sql': `-- ${changes++}` });
    return (await counter('events_deduplicated_total')) > 0;
  });
  const shopText = SHOP['load/fill.sql'] ?? '';
  for (let round = 0; round < 12; round += 1)
    plant(shop, { [`more/${round}.sql`]: shopText, [`more/again${round % 3}.sql`]: `${shopText}-- ${round}` });
  await until('taking in more', async () => (await files(url)).length === 21);
  await watching.watcher.idle();
  const text = await (await fetch(`${watching.url}/metrics`)).text();
  const still = METRIC_NAMES.filter(
    (name) => ![...text.matchAll(new RegExp(`^${name}(?:_count)?\\{[^}]*\\} (\\S+)$`, 'gm'))].some(([, value]) => Number(value) > 0),
  );
  // At rest nobody is busy and nothing waits; both moved while there was work.
  assert.deepEqual(still, ['active_workers', 'queue_size']);
  assert.match(text, /team="mock"/);
  const { counters } = await get<{ counters: Record<string, number> }>('/summary');
  assert.equal(counters.graph_items_failed_total, 1);

  const answer = await post('/ingest', {
    sql_content: 'CREATE VIEW asked AS SELECT id FROM sales.orders',
    source_file: 'asked.sql',
    dialect: 'postgres',
  });
  assert.deepEqual([answer.status, answer.body.status, answer.body.name], [200, 'written', 'asked.sql']);
  assert.ok((await flows(url)).includes('sales.orders.id -> asked.id'));
  // A text may be of another dialect than the files, and of a project.
  const other = await post('/ingest', {
    sql_content: 'CREATE VIEW told AS SELECT TOP 5 [id] AS [ID 2] FROM [sales].[orders]\nGO\n',
    source_file: 'told.sql',
    dialect: 'tsql',
    project_id: 'books',
  });
  assert.deepEqual([other.status, other.body.status], [200, 'written']);
  assert.ok((await flows(url)).includes('sales.orders.id -> told.ID 2'));
  const ofProject = await sql<{ name: string }>(url, "SELECT name FROM rowmill.lineage_node WHERE kind = 'File' AND props->>'project_id' = 'books'");
  assert.deepEqual(ofProject, [{ name: 'told.sql' }]);
  assert.equal((await get<{ source: string; project: string }[]>('/sessions')).find(({ source }) => source === 'text')?.project, 'books');
  const unknown = await post('/ingest', { sql_content: 'SELECT 1', dialect: 'cobol' });
  assert.deepEqual([unknown.status, unknown.body.error], [400, 'the dialect "cobol" is not known']);
  assert.equal((await post('/ingest', { sql_content: 'SELECT 1', project_id: 7 })).status, 422);
  assert.equal((await post('/ingest', { paths: [join(own, 'elsewhere.sql')] })).status, 400);
  assert.deepEqual(await post('/ingest', { paths: [join(shop, 'ddl/orders.sql')] }), { status: 200, body: { files: 1 } });
  assert.equal((await post('/ingest', {})).status, 422);
  const upload = (name: string) =>
    fetch(`${watching.url}/upload?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: 'CREATE TABLE up (a int);',
    });
  assert.deepEqual(await (await upload('../../..%/my up.sql')).json(), { name: 'my_up.sql', status: 'written' });
  assert.deepEqual(await (await upload('notes.csv')).json(), { name: 'notes.csv', status: 'stored' });
  assert.equal((await upload('virus.exe')).status, 422);

  const flags = await post('/flags', { graph_batching: false, metrics: false });
  assert.deepEqual((flags.body.features as Record<string, boolean>).neo4j_batching, false);
  assert.equal((await post('/flags', { nosuch: true })).status, 422);
  const before = (await get<{ counters: Record<string, number> }>('/summary')).counters.files_processed_total;
  await post('/ingest', { sql_content: 'SELECT 2', source_file: 'uncounted.sql' });
  assert.equal((await get<{ counters: Record<string, number> }>('/summary')).counters.files_processed_total, before);

  const sessions = await get<{ id: string; status: string; source: string }[]>('/sessions');
  assert.ok(sessions.length > 5 && sessions.length <= 20);
  const id = sessions.find(({ source }) => source === 'watch')?.id;
  const events = await get<{ type: string }[]>(`/sessions/${id}/logs`);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['ingestion_started', 'ingestion_complete'],
  );
  const lines = await fetch(`${watching.url}/sessions/${id}/logs?format=jsonl&download=true`);
  assert.match(lines.headers.get('content-disposition') ?? '', /attachment; filename=".*\.jsonl"/);
  assert.equal((await lines.text()).split('\n').length, 3);
  assert.equal((await fetch(`${watching.url}/sessions/00000000-0000-0000-0000-000000000000/logs`)).status, 404);
  assert.equal((await fetch(`${watching.url}/nosuch`)).status, 404);
  assert.equal((await fetch(`${watching.url}/stats`, { headers: { origin: 'http://elsewhere.example' } })).status, 403);
  await watching.stop();
});

test('settings read anew count from the next file on', async () => {
  const own = join(folder, 'reload');
  plant(join(own, 'shop'), SHOP);
  const { watching, url, get, until } = await watched(own, await settingsIn(own));
  await until('taking in', async () => (await files(url)).length === 4);
  await watching.reload();
  const { batcher, pool } = await get<{ batcher: { batching_enabled: boolean }; pool: { num_workers: number } }>('/stats');
  assert.deepEqual([batcher.batching_enabled, pool.num_workers], [false, 7]);
  plant(join(own, 'shop'), { 'after.sql': 'CREATE TABLE after (a int);' });
  await until('taking in after it', async () => (await files(url)).includes('shop/after.sql'));
  await watching.stop();
});

test('a sink that is away for a while: what could not be written comes again', { timeout: 60_000 }, async () => {
  const own = join(folder, 'away');
  const shop = plant(join(own, 'shop'), SHOP);
  const url = await freshDatabase();
  const sink = new Flaky({ url, retry: { attempts: 1 } });
  const { watching, errors, until } = await watched(own, await settingsIn(own), sink);
  await until('taking in', async () => (await files(url)).length === 4);
  sink.isAway = true;
  plant(shop, { 'late.sql': 'CREATE TABLE late (a int);' });
  await until('failing', async () => errors.length > 0);
  sink.isAway = false;
  await until('coming again', async () => (await files(url)).includes('shop/late.sql'));
  assert.ok(watching.watcher.stats().pool.tasks_failed > 0);
  await watching.stop();
});

test('a folder that is not there, a port that is taken', async () => {
  const own = join(folder, 'wrong');
  const settings = await settingsIn(own);
  await assert.rejects(watched(own, settings), { code: 'INPUT_MISSING' });
  plant(join(own, 'shop'), SHOP);
  const { watching, url } = await watched(own, settings);
  const port = Number(new URL(watching.url ?? '').port);
  const sink = new PostgresSink({ url });
  await assert.rejects(watchLineage({ folders: [join(own, 'shop')], settings, sink, port, reload: async () => settings }), /cannot be used/);
  await watching.stop();
});

/** A sink that tells of troubles: one of each kind, or that it is away. */
class Flaky extends PostgresSink {
  isAway = false;
  #writes = 0;

  override async write(...args: Parameters<PostgresSink['write']>): Promise<WriteCounts> {
    if (this.isAway) throw new RowmillError({ code: 'SINK_CONNECTION_LOST', message: 'mock', retryable: true, place: {} });
    this.#writes += 1;
    const counts = await super.write(...args);
    return this.#writes === 1 ? { ...counts, retries: 1, deadLetters: 1, unmatched: 1 } : counts;
  }
}
