import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureTarget, loadWindow, migrateLedger } from '#ts/postgres/index.js';
import { tinyDisk } from '../cli/tiny-disk.js';
import { copyBytes, type UsageRow } from './copy-bytes.js';
import { freshDatabase, session, sql, USAGE } from './support.js';

const disk = tinyDisk('8m');

test('a full disk of the server fails the load by name, and the old rows stay', { skip: disk.reason ?? false }, async () => {
  assert.ok(disk.reason === undefined);
  const url = await freshDatabase();
  const location = join(disk.folder, 'space');
  execFileSync('install', ['-d', '-o', 'postgres', '-m', '0700', location]);
  await sql(url, `CREATE TABLESPACE tiny LOCATION '${location}'`);
  const connection = await session(url);
  await migrateLedger(connection, 'rowmill');
  await connection.query('SET default_tablespace = tiny');
  const table = { schema: 'org_demo', name: 'usage_summary' };
  const target = await ensureTarget(connection, { table, spec: USAGE, firstDay: '2025-10-01', lastDay: '2025-10-31', create: true });
  await sql(url, `INSERT INTO org_demo.usage_summary (uuid, period_id, usage_start) VALUES (gen_random_uuid(), 7, '2025-10-01')`);
  const rows: UsageRow[] = Array.from({ length: 70_000 }, (_, at) => [7, '2025-10-05', `namespace-${at}`, 1]);
  const record = { runId: '00000000-0000-4000-8000-000000000001', windowStart: '2025-10-01', windowEnd: '2025-10-31', firstDay: '2025-10-01' };
  const load = loadWindow(connection, {
    parts: [
      {
        target,
        owned: { dayColumn: 'usage_start', firstDay: '2025-10-01', lastDay: '2025-10-31', equal: { period_id: 7 }, where: '' },
        buffers: copyBytes(rows),
        expectedRows: () => rows.length,
      },
    ],
    ledger: { schema: 'rowmill', record: { ...record, target: 't', fingerprint: 'f', units: [] }, startedAtMs: 0 },
  });
  await assert.rejects(load, { code: 'SINK_DISK_FULL', retryable: false, help: /Free room/ });
  assert.deepEqual(await sql(url, 'SELECT count(*)::int AS rows FROM org_demo.usage_summary'), [{ rows: 1 }]);
});
