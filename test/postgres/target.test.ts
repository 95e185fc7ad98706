import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureTarget, readColumns } from '#ts/postgres/index.js';
import { freshDatabase, restrictedUser, session, sql, USAGE } from './support.js';

const table = { schema: 'org_demo', name: 'usage_summary' };
const october = { table, spec: USAGE, firstDay: '2025-10-03', lastDay: '2025-10-31', create: true };

function partitions(url: string): Promise<string[]> {
  return sql<{ name: string }>(
    url,
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'org_demo.usage_summary'::regclass AND c.relkind = 'r' ORDER BY 1`,
  ).then((rows) => rows.map(({ name }) => name));
}

test('an absent table is made with its types, key, index, default partition and the months around the data', async () => {
  const url = await freshDatabase();
  const connection = await session(url);
  const target = await ensureTarget(connection, october);
  assert.deepEqual(
    target.columns.map(({ name }) => name),
    ['uuid', 'period_id', 'usage_start', 'namespace', 'amount'],
  );
  assert.deepEqual(
    target.columns.map(({ type }) => type),
    ['uuid', 'integer', 'date', 'character varying(20)', 'numeric(33,15)'],
  );
  assert.deepEqual(await partitions(url), ['usage_summary_2025_09', 'usage_summary_2025_10', 'usage_summary_2025_11', 'usage_summary_default']);
  assert.equal((await readColumns(connection, table)).length, 6);
  const keys = await sql<{ def: string }>(url, `SELECT indexdef AS def FROM pg_indexes WHERE tablename = 'usage_summary' ORDER BY 1`);
  assert.match(keys.map(({ def }) => def).join('\n'), /varchar_pattern_ops[\s\S]*\(uuid, usage_start\)/);
});

test('a second time nothing is made', async () => {
  const connection = await session(await freshDatabase());
  assert.ok((await ensureTarget(connection, october)).notes.length > 0);
  assert.deepEqual((await ensureTarget(connection, october)).notes, []);
});

test('many first runs at once make one table', async () => {
  const url = await freshDatabase();
  const sessions = await Promise.all(Array.from({ length: 6 }, () => session(url)));
  const made = await Promise.all(sessions.map((connection) => ensureTarget(connection, october)));
  assert.equal(made.filter(({ notes }) => notes.some((note) => note.startsWith('created the table'))).length, 1);
});

test('rows of a new month move out of the default partition', async () => {
  const url = await freshDatabase();
  const connection = await session(url);
  await ensureTarget(connection, october);
  await sql(
    url,
    `INSERT INTO org_demo.usage_summary (uuid, usage_start) SELECT gen_random_uuid(), date '2026-03-01' + day FROM generate_series(0, 40) day`,
  );
  const { notes } = await ensureTarget(connection, { ...october, firstDay: '2026-03-01', lastDay: '2026-03-31' });
  assert.ok(
    notes.some((note) => /2026_03 and moved 31 rows/.test(note)),
    notes.join('\n'),
  );
  assert.deepEqual(await sql(url, 'SELECT count(*)::int AS rows FROM org_demo.usage_summary_default'), [{ rows: 0 }]);
  assert.deepEqual(await sql(url, 'SELECT count(*)::int AS rows FROM org_demo.usage_summary'), [{ rows: 41 }]);
  assert.deepEqual(await sql(url, `SELECT count(*)::int AS keys FROM pg_index WHERE indrelid = 'org_demo.usage_summary_2026_03'::regclass`), [
    { keys: 2 },
  ]);
});

test('a plain table with more columns and another order is used as it is', async () => {
  const url = await freshDatabase();
  await sql(
    url,
    `CREATE SCHEMA org_demo; CREATE TABLE org_demo.usage_summary (note text, amount numeric, namespace text, usage_start date, period_id bigint,
       made timestamptz NOT NULL DEFAULT now(), uuid uuid PRIMARY KEY, raw_cost numeric)`,
  );
  const target = await ensureTarget(await session(url), october);
  assert.deepEqual(
    target.columns.map(({ type }) => type),
    ['uuid', 'bigint', 'date', 'text', 'numeric'],
  );
  assert.deepEqual(target.notes, []);
});

test('weekly partitions of someone else are left alone', async () => {
  const url = await freshDatabase();
  const connection = await session(url);
  await sql(
    url,
    `CREATE SCHEMA org_demo; CREATE TABLE org_demo.usage_summary (uuid uuid, period_id int, usage_start date, namespace text, amount numeric, raw_cost numeric)
       PARTITION BY RANGE (usage_start);
     CREATE TABLE org_demo.week PARTITION OF org_demo.usage_summary FOR VALUES FROM ('2025-10-01') TO ('2025-10-08');
     CREATE TABLE org_demo.before PARTITION OF org_demo.usage_summary FOR VALUES FROM (MINVALUE) TO ('2025-10-01')`,
  );
  await ensureTarget(connection, october);
  assert.deepEqual(await partitions(url), ['before', 'usage_summary_2025_11', 'week']);
});

test('an unfit table is refused with every reason at once', async () => {
  const url = await freshDatabase();
  await sql(
    url,
    `CREATE SCHEMA org_demo; CREATE TABLE org_demo.usage_summary (uuid text, usage_start date, namespace varchar(20), amount double precision,
       tenant text NOT NULL)`,
  );
  await assert.rejects(ensureTarget(await session(url), october), {
    code: 'SINK_TABLE_MISMATCH',
    message: /uuid is text.*period_id is missing.*amount is double precision.*tenant is NOT NULL without a default/,
  });
});

test('a view is no table', async () => {
  const url = await freshDatabase();
  await sql(url, 'CREATE SCHEMA org_demo; CREATE VIEW org_demo.usage_summary AS SELECT 1 AS uuid');
  await assert.rejects(ensureTarget(await session(url), october), { code: 'SINK_TABLE_MISMATCH', message: /not a table/ });
});

test('without leave to create, a missing table or partition is an error that says so', async () => {
  const url = await freshDatabase();
  const connection = await session(url);
  await assert.rejects(ensureTarget(connection, { ...october, create: false }), { code: 'SINK_TABLE_MISSING', help: /database.create/ });
  await ensureTarget(connection, october);
  await ensureTarget(connection, { ...october, firstDay: '2026-06-01', lastDay: '2026-06-30', create: false });
  await sql(url, 'DROP TABLE org_demo.usage_summary_default');
  await assert.rejects(ensureTarget(connection, { ...october, firstDay: '2026-06-01', lastDay: '2026-06-30', create: false }), {
    code: 'SINK_TABLE_MISMATCH',
    message: /no partition for 2026-06/,
  });
});

test('a user without rights is told which one is missing', async () => {
  const url = await freshDatabase();
  const user = await restrictedUser(url);
  await assert.rejects(ensureTarget(await session(user.url), october), { code: 'SINK_RIGHTS_MISSING', help: /GRANT/ });
});
