import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ApplicationsOptions, runApplications } from '#ts/documents/index.js';
import { temporaryFolder } from '../postgres/month.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { CONTRACT, contents, fillTable, loaded, loan, log, usual, writeLoans } from './loans.js';

function options(database: string, source: string, more: Partial<ApplicationsOptions> = {}): ApplicationsOptions {
  return { contract: CONTRACT, source, database, createTables: true, batchSize: 100, threads: 2, ...more };
}

test('a batch with bad documents of every kind loses those, and nothing else', async () => {
  const url = await freshDatabase();
  const bad = new Map([
    [3, '<Library><Request ID="3">'],
    [5, loan(5).slice(0, 300)],
    [8, loan(8, { root: 'Shop' })],
    [13, loan(13, { score: '99999999999' })],
    [21, loan(21, { person: 4 })],
    [34, 'no document at all'],
  ]);
  await fillTable(url, new Map([...usual(1, 60), ...bad]));
  const report = await runApplications(options(url, 'table'));
  assert.deepEqual(
    await loaded(url),
    [...usual(1, 60).keys()].filter((id) => !bad.has(id) || id === 13),
  );
  assert.equal(report.counts.failed, report.failures.length);
  const failed = await log(url, "status = 'failed'");
  assert.deepEqual(
    failed.map(({ app_id }) => Number(app_id)),
    [...bad.keys()].filter((id) => id !== 13),
  );
  const clash = failed.find(({ app_id }) => app_id === '21');
  assert.match(clash?.failure_reason ?? '', /^constraint_violation: person\.person_id: .*value \*\*\*; /);
});

test('the database refuses one document of a batch: it alone is failed, with table, column and what to do, and its value is masked', async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 64));
  await runApplications(options(url, 'table', { limit: 1, connections: 1, prefetch: 0 }));
  await sql(url, "ALTER TABLE library.person ADD CONSTRAINT no_forty CHECK (last_name <> 'Mock40')");
  const report = await runApplications(options(url, 'table'));
  assert.deepEqual([report.counts.loaded, report.counts.failed], [62, 1]);
  assert.ok(report.splits >= 6, `${report.splits} splits`);
  assert.equal((await loaded(url)).length, 63);
  const [line] = await log(url, "status = 'failed'");
  assert.equal(line?.app_id, '40');
  assert.match(line?.failure_reason ?? '', /^constraint_violation: person: the row breaks a check \(no_forty\) \[23514\]; correct/);
  assert.ok(!/Mock40/.test(JSON.stringify([line, report])), 'a value is shown');
});

/** The contract with people who are kept where their id is there already, and with quirks. */
function keepingPeople(folder: string, compat: Record<string, boolean>): string {
  const contract = JSON.parse(readFileSync(CONTRACT, 'utf8')) as { tables: { name: string }[] };
  const tables = contract.tables.map((table) => (table.name === 'person' ? { ...table, onRepeat: 'keepFirst' } : table));
  const path = join(folder, `${Object.keys(compat).join('-') || 'strict'}.json`);
  writeFileSync(path, JSON.stringify({ ...contract, compat, tables }));
  return path;
}

test('a person of another application fails the document even where people are kept, and is absorbed where the contract says so', async () => {
  const folder = await temporaryFolder();
  for (const batchSize of [1, 100]) {
    const [strict, absorbing] = [await freshDatabase(), await freshDatabase()];
    for (const url of [strict, absorbing]) await fillTable(url, new Map([...usual(1, 3), [4, loan(4, { person: 2 })], [5, loan(5)]]));
    const one = { batchSize, connections: 1, prefetch: 0 };
    const report = await runApplications(options(strict, 'table', { ...one, contract: keepingPeople(folder, {}) }));
    assert.deepEqual([report.counts.loaded, report.failures.map(({ id }) => id)], [4, ['4']]);
    assert.match(report.failures[0]?.reason ?? '', /^person\.person_id: a row with this key belongs to another document/);
    assert.deepEqual(await loaded(strict), [1, 2, 3, 5]);
    const contract = keepingPeople(folder, { foreignContactAbsorbed: true });
    assert.equal((await runApplications(options(absorbing, 'table', { ...one, contract }))).counts.loaded, 5);
    assert.deepEqual(await sql(absorbing, 'SELECT loan_id FROM library.person WHERE person_id = 2'), [{ loan_id: 1 }]);
  }
});

test('a person who is in another application already fails the document by the key of people', async () => {
  const url = await freshDatabase();
  await fillTable(url, new Map([...usual(1, 2), [3, loan(3, { person: 2 })]]));
  const report = await runApplications(options(url, 'table'));
  assert.deepEqual([report.counts.loaded, report.counts.failed], [2, 1]);
  assert.deepEqual(await sql(url, 'SELECT loan_id FROM library.person WHERE person_id = 2'), [{ loan_id: 1 }]);
});

test('the second document with an id is failed, within a batch and beyond it, with and without the cache', async () => {
  for (const duplicateCache of [true, false]) {
    const [url, folder] = [await freshDatabase(), await temporaryFolder()];
    writeLoans(folder, new Map([...usual(1, 10), [11, loan(4, { person: 900 })], [12, loan(12)], [13, loan(12, { person: 901 })]]));
    const report = await runApplications(options(url, folder, { batchSize: 5, connections: 1, prefetch: 0, duplicateCache }));
    assert.deepEqual([report.counts.loaded, report.counts.failed], [11, 2]);
    assert.deepEqual(report.failuresByStage, { constraint_violation: 2 });
  }
});

test('what failed is tried again by later runs, so many times; with retry none it is not', async () => {
  const url = await freshDatabase();
  await fillTable(url, new Map([...usual(1, 4), [5, 'broken']]));
  const counts = async (more: Partial<ApplicationsOptions> = {}): Promise<number[]> => {
    const { counts: found } = await runApplications(options(url, 'table', more));
    return [found.loaded, found.failed];
  };
  assert.deepEqual(await counts({ retry: 'none' }), [4, 1]);
  assert.deepEqual(await counts({ retry: 'none' }), [0, 0]);
  assert.deepEqual(await counts(), [0, 1]);
  assert.deepEqual(await counts(), [0, 1]);
  assert.deepEqual(await counts(), [0, 0]);
  assert.deepEqual(
    (await log(url, 'app_id = 5')).map(({ attempts }) => attempts),
    [1, 2, 3],
  );
  await sql(url, `UPDATE library.loan_xml SET document = $1 WHERE loan_id = 5`, [loan(5)]);
  assert.deepEqual(await counts({ attempts: 4 }), [1, 0]);
  assert.deepEqual(await loaded(url), [1, 2, 3, 4, 5]);
});

test('values are shown only where they were asked for', async () => {
  for (const revealValues of [false, true]) {
    const url = await freshDatabase();
    await fillTable(url, new Map([...usual(1, 3), [4, loan(4, { person: 2 })]]));
    const report = await runApplications(options(url, 'table', { revealValues }));
    assert.match(report.failures[0]?.reason ?? '', revealValues ? /value 2;/ : /value \*\*\*;/);
  }
});

test('an existing schema is checked, and everything that is in the way is said at once', async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 2));
  await runApplications(options(url, 'table', { limit: 1 }));
  await sql(
    url,
    `DROP TABLE library.history; ALTER TABLE library.score ALTER COLUMN score TYPE smallint; ALTER TABLE library.item DROP CONSTRAINT item_pkey;
     ALTER TABLE library.person ALTER COLUMN first_name TYPE varchar(20), ADD COLUMN extra int NOT NULL DEFAULT 0, ALTER COLUMN born SET NOT NULL;
     ALTER TABLE library.person ALTER COLUMN extra DROP DEFAULT; ALTER TABLE library.address DROP COLUMN city`,
  );
  const before = await contents(url).catch(() => null);
  assert.equal(before, null);
  await assert.rejects(runApplications(options(url, 'table', { createTables: false })), (error: Error & { code: string }) => {
    assert.equal(error.code, 'SINK_TABLE_MISMATCH');
    for (const said of [
      /history: there is no such table/,
      /score: column score is smallint, wanted integer/,
      /item: there is no unique key over \(loan_id, position\)/,
      /person: column first_name is character varying\(20\), and the contract writes up to 50 characters/,
      /person: column extra is NOT NULL without a default/,
      /person: column born is NOT NULL, and the contract may leave it null/,
      /address: column city is missing/,
    ]) {
      assert.match(error.message, said);
    }
    return true;
  });
});

test('options that cannot be are refused together', async () => {
  const wrong = { contract: '', source: [], database: 'postgres://localhost/x', batchSize: 0, shards: 4, firstId: 9, lastId: 3, runId: 'x' };
  await assert.rejects(runApplications(wrong), (error: Error & { code: string; problems: { path: string }[] }) => {
    assert.equal(error.code, 'PLAN_INVALID');
    assert.deepEqual(error.problems.map(({ path }) => path).sort(), ['batchSize', 'contract', 'lastId', 'runId', 'shard', 'source']);
    return true;
  });
});

test("what is no document's fault ends the run with its reason, and leaves whole batches", async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 200));
  await runApplications(options(url, 'table', { limit: 1 }));
  const runs = { batchSize: 10, connections: 2, prefetch: 2 };
  let batches = 0;
  const onProgress = async (): Promise<void> => {
    batches += 1;
    if (batches === 2) await sql(url, 'ALTER TABLE library.score RENAME TO scores');
  };
  await assert.rejects(runApplications(options(url, 'table', runs), { onProgress: () => void onProgress() }), { code: 'SINK_TABLE_MISSING' });
  const [counts] = await sql(url, 'SELECT (SELECT count(*) FROM library.loan) = (SELECT count(*) FROM library.processing_log) AS same');
  assert.deepEqual(counts, { same: true });
});
