import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ApplicationsOptions, runApplications } from '#ts/documents/index.js';
import { temporaryFolder } from '../postgres/month.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { CONTRACT, contents, fillTable, loaded, loan, log, ROWS_PER_LOAN, usual, writeLoans } from './loans.js';

function options(database: string, source: string | string[], more: Partial<ApplicationsOptions> = {}): ApplicationsOptions {
  return { contract: CONTRACT, source, database, createTables: true, batchSize: 20, threads: 2, ...more };
}

test('documents of a folder become rows of every table, and lines of the log', async () => {
  const [url, folder] = [await freshDatabase(), await temporaryFolder()];
  writeLoans(folder, usual(1, 50));
  const report = await runApplications(options(url, folder));
  assert.deepEqual({ ...report.counts }, { taken: 50, loaded: 50, failed: 0, blank: 0, done: 0, outside: 0, elsewhere: 0 });
  assert.equal(report.rows, 50 * ROWS_PER_LOAN);
  const [first] = await sql(url, 'SELECT *, received::text AS received, fee::text AS fee FROM library.loan ORDER BY loan_id LIMIT 1');
  assert.deepEqual(first, { loan_id: 1, received: '2024-03-04 00:00:00', status: 1, renewed: 1, fee: '12.50', months: 27, rent: '100.00' });
  assert.deepEqual(await sql(url, 'SELECT zip, city FROM library.address WHERE person_id = 2'), [{ zip: '02134', city: 'Nowhere' }]);
  const lines = await log(url);
  assert.equal(lines.length, 50);
  assert.ok(lines.every(({ status, failure_reason, attempts }) => status === 'success' && failure_reason === null && attempts === 1));
});

test('a run that is repeated does nothing', async () => {
  const [url, folder] = [await freshDatabase(), await temporaryFolder()];
  writeLoans(folder, usual(1, 30));
  await runApplications(options(url, folder));
  const before = await contents(url);
  const again = await runApplications(options(url, folder));
  assert.deepEqual([again.counts.taken, again.counts.done, again.rows], [0, 30, 0]);
  assert.deepEqual(await contents(url), before);
});

for (const type of ['text', 'bytea', 'xml']) {
  test(`documents of a table with a column of type ${type} give the rows of the same documents in files`, async () => {
    const [url, other, folder] = [await freshDatabase(), await freshDatabase(), await temporaryFolder()];
    writeLoans(folder, usual(1, 45));
    await runApplications(options(other, folder));
    await fillTable(url, usual(1, 45), type);
    const report = await runApplications(options(url, 'table'));
    assert.equal(report.counts.loaded, 45);
    assert.deepEqual(await contents(url), await contents(other));
  });
}

test('archives, compressed files and files of many documents give the same rows as files of one', async () => {
  const [url, other, folder] = [await freshDatabase(), await freshDatabase(), await temporaryFolder()];
  writeLoans(join(folder, 'plain'), usual(1, 12));
  await runApplications(options(other, join(folder, 'plain')));
  const texts = [...usual(1, 12).values()].map((text) => text.replace(/^<\?xml[^>]*>\s*/, ''));
  writeFileSync(join(folder, 'many.xml'), `<Loans>${texts.slice(0, 5).join('\n')}</Loans>`);
  writeFileSync(join(folder, 'more.xml.gz'), gzipSync(`<Loans>${texts.slice(5, 11).join('\n')}</Loans>`));
  const many = { inside: 'Loans' };
  const report = await runApplications(options(url, [join(folder, 'many.xml'), join(folder, '*.gz')], { many, batchSize: 4 }));
  assert.equal(report.counts.loaded, 11);
  await runApplications(options(url, join(folder, 'plain', '**/000012.xml')));
  assert.deepEqual(await contents(url), await contents(other));
});

test('ranges, shards and a limit choose documents of a table and of files alike', async () => {
  for (const kind of ['table', 'files']) {
    const [url, folder] = [await freshDatabase(), await temporaryFolder()];
    if (kind === 'table') await fillTable(url, usual(1, 30));
    else writeLoans(folder, usual(1, 30));
    const source = kind === 'table' ? 'table' : folder;
    await runApplications(options(url, source, { firstId: 5, lastId: 9 }));
    assert.deepEqual(await loaded(url), [5, 6, 7, 8, 9], kind);
    await runApplications(options(url, source, { shards: 10, shard: 3, firstId: 1, lastId: 1 }));
    assert.deepEqual(await loaded(url), [3, 5, 6, 7, 8, 9, 13, 23], `${kind}: the shard wins`);
    const report = await runApplications(options(url, source, { limit: 4, connections: 1, prefetch: 0 }));
    assert.equal(report.counts.taken, 4, kind);
    assert.equal((await loaded(url)).length, 12, kind);
    await runApplications(options(url, source));
    assert.equal((await loaded(url)).length, 30, kind);
  }
});

test('a batch of blank documents is counted and does not end the run', async () => {
  const url = await freshDatabase();
  const blanks = new Map(Array.from({ length: 20 }, (_, at): [number, string | null] => [at + 1, at === 7 ? null : ' \n\t ']));
  await fillTable(url, new Map<number, string | null>([...blanks, ...usual(21, 40)]));
  const report = await runApplications(options(url, 'table', { batchSize: 5, connections: 1, prefetch: 0 }));
  assert.deepEqual([report.counts.blank, report.counts.loaded, report.counts.failed], [19, 20, 0]);
  assert.equal((await log(url)).length, 20);
});

test('a document with another id than its row is failed, and loaded where the contract accepts it', async () => {
  const [url, folder] = [await freshDatabase(), await temporaryFolder()];
  await fillTable(url, new Map([...usual(1, 5), [6, loan(6, { says: 7 })]]));
  const report = await runApplications(options(url, 'table'));
  assert.deepEqual([report.counts.loaded, report.counts.failed], [5, 1]);
  const [line] = await log(url, "status = 'failed'");
  assert.equal(line?.app_id, '6');
  assert.match(line?.failure_reason ?? '', /^validation: /);
  const text = (await import('node:fs')).readFileSync(CONTRACT, 'utf8');
  const accepting = join(folder, 'accepting.json');
  writeFileSync(accepting, JSON.stringify({ ...JSON.parse(text), compat: { identityMismatchAccepted: true } }));
  await runApplications({ ...options(url, 'table'), contract: accepting });
  assert.deepEqual(await loaded(url), [1, 2, 3, 4, 5, 7]);
});

test('the log of a run says its range, its session and its run', async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 3));
  const runId = '00000000-0000-4000-8000-0000000000aa';
  const report = await runApplications(options(url, 'table', { firstId: 1, lastId: 3, runId }));
  const lines = await sql(url, 'SELECT DISTINCT run_id, session_id, app_id_start, app_id_end FROM library.processing_log');
  assert.deepEqual(lines, [{ run_id: runId, session_id: report.sessionId, app_id_start: '1', app_id_end: '3' }]);
});
