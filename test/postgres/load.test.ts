import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Connection,
  ensureTarget,
  type LoadPart,
  type LoadRequest,
  loadWindow,
  migrateLedger,
  type OwnedRows,
  RunLedger,
} from '#ts/postgres/index.js';
import { copyBytes, type UsageRow } from './copy-bytes.js';
import { proxyTo } from './cut-line.js';
import { freshDatabase, session, sql, USAGE } from './support.js';

const table = { schema: 'org_demo', name: 'usage_summary' };
const owned: OwnedRows = {
  dayColumn: 'usage_start',
  firstDay: '2025-10-01',
  lastDay: '2025-10-31',
  equal: { period_id: 7 },
  where: USAGE.deleteWhere,
};

function monthOf(rows: number, amount = 5): UsageRow[] {
  return Array.from({ length: rows }, (_, at) => [7, `2025-10-${String((at % 31) + 1).padStart(2, '0')}`, `ns-${at}`, amount]);
}

interface Ready {
  url: string;
  connection: Connection;
  request(rows: UsageRow[], part?: Partial<LoadPart>, more?: Partial<LoadRequest>): Promise<LoadRequest>;
}

/** A database with target and ledger, and a session on it. */
async function ready(url?: string): Promise<Ready> {
  const place = url ?? (await freshDatabase());
  const connection = await session(place);
  const target = await ensureTarget(connection, { table, spec: USAGE, firstDay: '2025-10-01', lastDay: '2025-10-31', create: true });
  await migrateLedger(connection, 'rowmill');
  const runId = randomUUID();
  await sql(
    place,
    `INSERT INTO rowmill.run (id, pipeline, plan, origins, target, state, host, pid) VALUES ($1, 'p', '{}', '[]', 't', 'running', 'h', 1)`,
    [runId],
  );
  const record = { runId, windowStart: '2025-10-01', windowEnd: '2025-10-31', firstDay: '2025-10-01', target: 't', fingerprint: 'f' };
  const units = [{ input: 'pods', uri: '/a.parquet', size: 10, version: '1' }];
  return {
    url: place,
    connection,
    request: async (rows, part = {}, more = {}) => ({
      parts: [{ target, owned, buffers: copyBytes(rows), expectedRows: () => rows.length, ...part }],
      ledger: { schema: 'rowmill', record: { ...record, units }, startedAtMs: performance.now() },
      ...more,
    }),
  };
}

function contents(url: string): Promise<Record<string, unknown>[]> {
  return sql(url, 'SELECT period_id, usage_start::text AS day, namespace, amount::text FROM org_demo.usage_summary ORDER BY 1, 2, 3, 4');
}

test('loading the same window twice leaves the same rows', async () => {
  const { url, connection, request } = await ready();
  const first = await loadWindow(connection, await request(monthOf(100)));
  assert.deepEqual([first.rows, first.deleted], [100, 0]);
  const before = await contents(url);
  const second = await loadWindow(connection, await request(monthOf(100)));
  assert.deepEqual([second.rows, second.deleted], [100, 100]);
  assert.deepEqual(await contents(url), before);
  assert.equal(before[0]?.amount, '5.000000000000000');
  assert.deepEqual(await sql(url, 'SELECT rows::int, uri FROM rowmill.load JOIN rowmill.unit USING (run_id, window_start)'), [
    { rows: 100, uri: '/a.parquet' },
  ]);
});

test('the tables of a window are replaced together or not at all, and each is counted', async () => {
  const { url, connection, request } = await ready();
  const second = { schema: 'org_demo', name: 'usage_whole' };
  const spec = { ...USAGE, name: second.name, partitionBy: null };
  const target = await ensureTarget(connection, { table: second, spec, firstDay: '2025-10-01', lastDay: '2025-10-31', create: true });
  const whole = { ...owned, dayColumn: null };
  const both = async (rows: UsageRow[], buffers = copyBytes(rows)): Promise<LoadRequest> => {
    const one = await request(rows);
    return { ...one, parts: [...one.parts, { target, owned: whole, buffers, expectedRows: () => rows.length }] };
  };
  const first = await loadWindow(connection, await both(monthOf(20)));
  assert.deepEqual([first.rows, first.deleted], [40, 0]);
  const again = await loadWindow(connection, await both(monthOf(5)));
  assert.deepEqual(
    again.tables.map(({ name, rows, deleted }) => [name, rows, deleted]),
    [
      ['usage_summary', 5, 20],
      ['usage_whole', 5, 20],
    ],
  );
  const [kept] = await sql<{ tables: unknown; rows: number }>(url, 'SELECT tables, rows::int FROM rowmill.load');
  assert.deepEqual([kept?.tables, kept?.rows], [again.tables, 10]);
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(0);
    throw new RangeError('the second table failed');
  }
  await assert.rejects(loadWindow(connection, await both(monthOf(9), broken())), /the second table failed/);
  assert.equal((await contents(url)).length, 5);
  assert.deepEqual(await sql(url, 'SELECT count(*)::int AS rows FROM org_demo.usage_whole'), [{ rows: 5 }]);
});

test('a file that was read in ranges stands in the ledger with each of them', async () => {
  const { url, connection, request } = await ready();
  const one = await request(monthOf(1));
  const file = { input: 'orders', uri: '/a.csv', size: 10, version: '1' };
  const units = [
    { ...file, range: { start: 0, end: 6 } },
    { ...file, range: { start: 6, end: 10 } },
  ];
  await loadWindow(connection, { ...one, ledger: { ...one.ledger, record: { ...one.ledger.record, units } } });
  assert.deepEqual(await sql(url, 'SELECT range_start::int AS start, range_end::int AS "end" FROM rowmill.unit ORDER BY 1'), [
    { start: 0, end: 6 },
    { start: 6, end: 10 },
  ]);
});

test('rows of other periods, other days, and with a cost of their own survive', async () => {
  const { url, connection, request } = await ready();
  await sql(
    url,
    `INSERT INTO org_demo.usage_summary (uuid, period_id, usage_start, namespace, raw_cost) VALUES
       (gen_random_uuid(), 8, '2025-10-05', 'other period', NULL), (gen_random_uuid(), 7, '2025-09-30', 'other day', NULL),
       (gen_random_uuid(), 7, '2025-10-05', 'cloud cost', 3), (gen_random_uuid(), 7, '2025-10-05', 'goes', 0), (gen_random_uuid(), NULL, '2025-10-05', 'no period', NULL)`,
  );
  const { deleted } = await loadWindow(connection, await request([]));
  assert.equal(deleted, 1);
  assert.deepEqual((await contents(url)).map(({ namespace }) => namespace).sort(), ['cloud cost', 'no period', 'other day', 'other period']);
});

test('NULL in the key of the delete matches NULL and nothing else', async () => {
  const { url, connection, request } = await ready();
  await loadWindow(connection, await request(monthOf(3)));
  const nobody = { ...owned, equal: { period_id: null } };
  const rows: UsageRow[] = [[null, '2025-10-05', 'a', 1]];
  await loadWindow(connection, await request(rows, { owned: nobody }));
  const { deleted } = await loadWindow(connection, await request(rows, { owned: nobody }));
  assert.equal(deleted, 1);
  assert.equal((await contents(url)).length, 4);
});

test('a row that the table refuses leaves the old rows and names the column', async () => {
  const { url, connection, request } = await ready();
  await loadWindow(connection, await request(monthOf(10)));
  const before = await contents(url);
  const tooLong: UsageRow[] = [...monthOf(5, 9), [7, '2025-10-05', 'a namespace that is too long', 1]];
  await assert.rejects(loadWindow(connection, await request(tooLong)), {
    code: 'SINK_WRITE_FAILED',
    message: /22001.*COPY usage_summary/,
    place: { column: 'namespace' },
  });
  assert.deepEqual(await contents(url), before);
  assert.equal((await loadWindow(connection, await request(monthOf(1)))).rows, 1, 'the session is still of use');
});

test('fewer rows written than computed is a failure, and nothing changes', async () => {
  const { url, connection, request } = await ready();
  await loadWindow(connection, await request(monthOf(10)));
  await assert.rejects(loadWindow(connection, await request(monthOf(5), { expectedRows: () => 6 })), {
    code: 'BUG_INTERNAL',
    message: /5 rows.*engine 6/,
  });
  assert.equal((await contents(url)).length, 10);
});

test('a failure of the engine half-way leaves the old rows', async () => {
  const { url, connection, request } = await ready();
  await loadWindow(connection, await request(monthOf(10)));
  async function* broken(): AsyncGenerator<Buffer> {
    let sent = 0;
    for await (const buffer of copyBytes(monthOf(1000))) {
      yield buffer;
      sent += 1;
      if (sent === 500) throw new RangeError('the engine failed');
    }
  }
  await assert.rejects(loadWindow(connection, await request([], { buffers: broken() })), /the engine failed/);
  assert.equal((await contents(url)).length, 10);
});

test('a connection that is cut while rows are sent is reported as lost, and leaves the old rows', { timeout: 20_000 }, async () => {
  const direct = await ready();
  await loadWindow(direct.connection, await direct.request(monthOf(10)));
  const proxy = await proxyTo(direct.url);
  const { connection, request } = await ready(proxy.url);
  proxy.cutAfter(200_000);
  await assert.rejects(loadWindow(connection, await request(monthOf(50_000))), { code: 'SINK_CONNECTION_LOST', retryable: true });
  assert.equal((await contents(direct.url)).length, 10);
});

test('a cancel stops the copy, keeps the old rows, and frees the lock', { timeout: 20_000 }, async () => {
  const { url, connection, request } = await ready();
  await loadWindow(connection, await request(monthOf(10)));
  const controller = new AbortController();
  async function* endless(): AsyncGenerator<Buffer> {
    for await (const buffer of copyBytes(monthOf(1000))) {
      if (buffer.length > 2) yield buffer;
      else while (!controller.signal.aborted) await wait(5);
    }
  }
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(loadWindow(connection, await request([], { buffers: endless() }, { signal: controller.signal })));
  assert.equal((await contents(url)).length, 10);
  assert.equal((await loadWindow(await session(url), await request(monthOf(2)))).rows, 2);
});

test('two loads of the same rows wait for each other; one whole result remains', async () => {
  const { url, request } = await ready();
  const sessions = await Promise.all([session(url), session(url), session(url)]);
  const results = await Promise.all(sessions.map(async (connection, at) => loadWindow(connection, await request(monthOf(300, at + 1)))));
  assert.deepEqual(results.map(({ deleted }) => deleted).sort(), [0, 300, 300]);
  const amounts = new Set((await contents(url)).map(({ amount }) => amount));
  assert.equal(amounts.size, 1);
});

test('buffers are taken only as fast as the server takes them', async () => {
  const { connection, request } = await ready();
  const { stream } = (connection as unknown as { connection: { stream: { bytesWritten: number; writableLength: number } } }).connection;
  const rowsPerBuffer = 2000;
  const count = 60;
  let made = 0;
  let ahead = 0;
  async function* large(): AsyncGenerator<Buffer> {
    for (let at = 0; at < count; at += 1) {
      const pieces: Buffer[] = [];
      for await (const piece of copyBytes(monthOf(rowsPerBuffer))) pieces.push(piece);
      const buffer = Buffer.concat(pieces.slice(at === 0 ? 0 : 1, at === count - 1 ? undefined : -1));
      made += buffer.length;
      yield buffer;
      ahead = Math.max(ahead, made - (stream.bytesWritten - stream.writableLength));
    }
  }
  const { rows } = await loadWindow(connection, await request([], { buffers: large(), expectedRows: () => rowsPerBuffer * count }));
  assert.equal(rows, rowsPerBuffer * count);
  assert.ok(ahead < (5 * made) / count, `${ahead} of ${made} bytes were waiting`);
});

test('a load writes through the ledger of its run, which another process cannot take meanwhile', async () => {
  const { url } = await ready();
  const runId = randomUUID();
  const ledger = await RunLedger.open(url, 'rowmill', runId);
  await assert.rejects(RunLedger.open(url, 'rowmill', runId), { code: 'RUN_STILL_RUNNING' });
  await ledger.close();
  await (await RunLedger.open(url, 'rowmill', runId)).close();
});
