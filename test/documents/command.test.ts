import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ApplicationsReport, Baseline } from '#ts/index.js';
import { rowmill, start } from '../cli/program.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { CONTRACT, fillTable, loaded, loan, usual, writeLoans } from './loans.js';

let url: string;
let folder: string;
before(async () => {
  url = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a run says what it did, exits with 3 where documents failed, and writes metrics with true counters', async () => {
  const documents = join(folder, 'documents');
  writeLoans(documents, new Map([...usual(1, 20), [21, 'broken'], [22, loan(22, { root: 'Shop' })], [23, loan(23, { person: 2 })]]));
  const args = ['run', 'applications', '--contract', CONTRACT, '--source', documents, '--database', url, '--create-tables'];
  const metrics = join(folder, 'metrics');
  const { code, out, err } = await rowmill([...args, '--metrics', metrics]);
  assert.equal(code, 3, err);
  assert.match(out, /^20 documents loaded, 3 failed\n/);
  assert.match(out, /\nfailed 23 \(.*000023\.xml\): constraint_violation: person\.person_id: .*\*\*\*/);
  assert.ok(!/Mock/.test(out + err), 'a name is shown');
  const [name = ''] = readdirSync(metrics);
  assert.match(name, /^metrics_\d{8}_\d{6}\.json$/);
  const written = JSON.parse(readFileSync(join(metrics, name), 'utf8'));
  assert.deepEqual(
    [written.total_applications_processed, written.total_applications_successful, written.total_applications_failed, written.total_database_inserts],
    [23, 20, 3, 140],
  );
  const { parsing_failures, validation_failures, constraint_violations } = written.failure_summary;
  assert.deepEqual([parsing_failures + validation_failures, constraint_violations, written.failed_apps.length], [2, 1, 3]);
  assert.ok(!/Mock/.test(JSON.stringify(written)));
  const again = await rowmill([...args, '--retry', 'none', '--json']);
  const report = JSON.parse(again.out) as ApplicationsReport;
  assert.deepEqual([again.code, report.counts.taken, report.counts.done], [0, 0, 23]);
});

test('a dry run and an explanation write nothing', async () => {
  const empty = await freshDatabase();
  await fillTable(empty, usual(1, 7));
  const args = ['run', 'applications', '--contract', CONTRACT, '--source', 'table', '--database', empty];
  const dry = await rowmill([...args, '--dry-run']);
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /^7 documents of library\.loan_xml\.document; tables that are missing: loan, person/);
  const explained = await rowmill([...args, '--explain', '--json', '--app-id-start', '3']);
  const plan = JSON.parse(explained.out);
  assert.deepEqual([plan.documents, plan.settings.batchSize, plan.settings.retry, plan.settings.database], [5, 500, 'failed', '']);
  assert.deepEqual(await sql(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'library'"), [{ tablename: 'loan_xml' }]);
});

test('a plan file holds options, flags win over it, and what it does not know is refused', async () => {
  const other = await freshDatabase();
  await fillTable(other, usual(1, 9));
  const plan = join(folder, 'plan.yaml');
  writeFileSync(plan, `contract: ${CONTRACT}\nsource: table\ndatabase: ${other}\ncreateTables: true\nlimit: 3\nconnections: 1\nprefetch: 0\n`);
  assert.equal((await rowmill(['run', 'applications', '--plan', plan, '--limit', '4'])).code, 0);
  assert.equal((await loaded(other)).length, 4);
  writeFileSync(plan, 'contrat: x\n');
  const { code, err } = await rowmill(['run', 'applications', '--plan', plan]);
  assert.equal(code, 2);
  assert.match(err, /unknown options: contrat/);
});

test('a run that is interrupted exits with 130, and the same command goes on', { timeout: 60_000 }, async () => {
  const other = await freshDatabase();
  await fillTable(other, usual(1, 3000));
  const args = ['run', 'applications', '--contract', CONTRACT, '--source', 'table', '--database', other, '--create-tables', '--batch-size', '20'];
  const { child, ended } = start(args);
  const count = async (): Promise<number> =>
    (await sql<{ n: number }>(other, 'SELECT count(*)::int AS n FROM library.loan').catch(() => []))[0]?.n ?? 0;
  while ((await count()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  const { code, err } = await ended;
  assert.equal(code, 130, err);
  assert.match(err, /Run the same command again/);
  assert.equal((await rowmill(args)).code, 0);
  assert.equal((await loaded(other)).length, 3000);
});

test('a contract is checked, its tables are printed, and one of before is imported', async () => {
  const sound = await rowmill(['contract', 'check', CONTRACT]);
  assert.deepEqual([sound.code, /is sound/.test(sound.out)], [0, true]);
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, readFileSync(CONTRACT, 'utf8').replace('"parent": { "table": "loan"', '"parent": { "table": "lone"'));
  const { code, out } = await rowmill(['contract', 'check', broken]);
  assert.equal(code, 1);
  assert.match(out, /lone/);
  const explained = await rowmill(['contract', 'explain', CONTRACT]);
  assert.match(explained.out, /^small: documents whose root is Library/);
  const linted = await rowmill(['contract', 'lint', CONTRACT, '--json']);
  assert.equal(linted.code, JSON.parse(linted.out).warnings.length > 0 ? 1 : 0);
  writeLoans(join(folder, 'looked-at'), usual(1, 3));
  const compared = await rowmill(['contract', 'lint', CONTRACT, '--documents', join(folder, 'looked-at'), '--json']);
  assert.ok(Array.isArray(JSON.parse(compared.out).differences), compared.err);
  const ddl = await rowmill(['contract', 'ddl', CONTRACT, '--schema', 'elsewhere']);
  assert.match(ddl.out, /CREATE TABLE IF NOT EXISTS "elsewhere"\."person"/);
  const before = CONTRACT.replace('small.json', 'card.original.json');
  const imported = join(folder, 'card.yaml');
  const importing = await rowmill(['contract', 'import', before, '--out', imported]);
  assert.equal(importing.code, 0, importing.err);
  assert.match(importing.out, /compat\.expressions: /);
  assert.equal((await rowmill(['contract', 'check', imported])).code, 0);
  assert.equal((await rowmill(['contract', 'lint', imported])).code, 1);
});

test('a baseline clears the tables before each run, keeps all figures, and compares with earlier ones', { timeout: 60_000 }, async () => {
  const other = await freshDatabase();
  await fillTable(other, usual(1, 60));
  const args = ['baseline', 'applications', '--contract', CONTRACT, '--source', 'table', '--database', other, '--create-tables', '--runs', '3'];
  const asked = await rowmill(args);
  assert.deepEqual([asked.code, /--clear/.test(asked.err)], [2, true]);
  const file = join(folder, 'baseline.json');
  const first = await rowmill([...args, '--clear', '--out', file]);
  assert.equal(first.code, 0, first.err);
  const written = JSON.parse(readFileSync(file, 'utf8')) as Baseline;
  assert.deepEqual(
    written.runs.map((run) => [run.loaded, run.failed]),
    [
      [60, 0],
      [60, 0],
      [60, 0],
    ],
  );
  assert.equal(written.documentsPerMinute.runs, 3);
  writeFileSync(file, JSON.stringify({ ...written, documentsPerMinute: { ...written.documentsPerMinute, median: 1, standardDeviation: 0 } }));
  const second = await rowmill([...args, '--clear', '--compare', file, '--json']);
  assert.equal((JSON.parse(second.out) as Baseline).comparison?.advice, 'keep');
});
