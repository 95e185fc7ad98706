import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { contractDdl, describeContract } from '#ts/addon.js';
import { runApplications } from '#ts/documents/index.js';
import { freshDatabase, sql } from './support.js';

const ROOT = new URL('../../../', import.meta.url);
const PATHS = ['examples/applications/card.contract.json', 'examples/applications/lending.contract.json'];
const SMALL = 'crates/pipelines/applications/tests/fixtures/small.json';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A contract of the repository, in a schema of its own, with a table of codes where one is named. */
function contract(path: string, codes?: string): string {
  const read = JSON.parse(readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')) as { target: object };
  read.target = { ...read.target, schema: 'made', ...(codes ? { codes: { table: codes, key: 'enum_id' } } : {}) };
  return JSON.stringify(read);
}

async function make(url: string, text: string): Promise<readonly string[]> {
  const statements = await contractDdl(text, null);
  for (const statement of statements) await sql(url, statement);
  return statements;
}

interface ForeignKey {
  child: string;
  parent: string;
  rule: string;
}

/** Foreign keys of the schema: `c` deletes with the parent, `a` refuses. */
async function foreignKeys(url: string): Promise<ForeignKey[]> {
  return sql<ForeignKey>(
    url,
    `SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, confdeltype AS rule
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'made'::regnamespace ORDER BY 1, 2`,
  );
}

/** Takes no document, but looks at the tables. */
async function look(url: string, text: string): Promise<void> {
  const path = join(folder, 'contract.json');
  const empty = join(folder, 'blank.xml');
  writeFileSync(path, text);
  writeFileSync(empty, ' ');
  await runApplications({ contract: path, source: empty, database: url, claims: false });
}

test('the tables of both examples are made, twice without harm, with keys, parents and a log, and take the rows of their contract', async () => {
  for (const path of PATHS) {
    const [url, text] = [await freshDatabase(), contract(path)];
    const statements = await make(url, text);
    assert.deepEqual(await make(url, text), statements);
    const { tables } = await describeContract(text);
    const made = await sql<{ name: string }>(url, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'made' ORDER BY 1`);
    assert.deepEqual(
      made.map(({ name }) => name),
      [...tables.map(({ name }) => name), 'processing_log'].sort(),
    );
    const wanted = tables.flatMap(({ name, parent }) => (parent ? [{ child: `made.${name}`, parent: `made.${parent.table}`, rule: 'c' }] : []));
    const byChild = (left: ForeignKey, right: ForeignKey): number => (left.child < right.child ? -1 : 1);
    assert.deepEqual(await foreignKeys(url), wanted.sort(byChild));
    await look(url, text);
  }
});

test('rows of a document go with it, and its line in the log stays', async () => {
  const url = await freshDatabase();
  await make(url, contract(SMALL));
  await sql(
    url,
    `INSERT INTO made.loan (loan_id, received) VALUES (7, '2024-01-02');
     INSERT INTO made.person (person_id, loan_id, role, first_name, last_name) VALUES (70, 7, 1, 'Testina', 'Mockford');
     INSERT INTO made.address (person_id, kind) VALUES (70, 1);
     INSERT INTO made.processing_log (app_id, status) VALUES (7, 'success');
     DELETE FROM made.loan`,
  );
  const left = await sql(url, 'SELECT (SELECT count(*)::int FROM made.person) + (SELECT count(*)::int FROM made.address) AS rows');
  assert.deepEqual(left, [{ rows: 0 }]);
  assert.deepEqual(await sql(url, 'SELECT app_id, attempts FROM made.processing_log'), [{ app_id: '7', attempts: 1 }]);
});

test('what its types and checks do not hold is refused by the server', async () => {
  const url = await freshDatabase();
  await make(url, contract(SMALL));
  const loan = (columns: string, values: string): string => `INSERT INTO made.loan (loan_id, received${columns}) VALUES (7, '2024-01-02'${values})`;
  const refused: [string, string][] = [
    [loan(', renewed', ', 2'), '23514'],
    [loan(', fee', ', 10000000000'), '22003'],
    [loan(', months', ', 40000'), '22003'],
    ['INSERT INTO made.loan (loan_id) VALUES (7)', '23502'],
    ["INSERT INTO made.person (person_id, loan_id, role, first_name, last_name) VALUES (70, 8, 1, 'Testina', 'Mockford')", '23503'],
    ["INSERT INTO made.processing_log (app_id, status) VALUES (7, 'half')", '23514'],
  ];
  for (const [statement, code] of refused) await assert.rejects(sql(url, statement), { code }, statement);
});

test('codes have a table of their own where the contract names one, and columns with a dictionary refer to it', async () => {
  for (const path of [...PATHS, SMALL]) {
    const [url, text] = [await freshDatabase(), contract(path, 'app_enums')];
    await make(url, text);
    await make(url, text);
    const toCodes = (await foreignKeys(url)).filter(({ parent }) => parent === 'made.app_enums');
    assert.ok(toCodes.length >= 3, `${path}: ${toCodes.length} references`);
    assert.ok(toCodes.every(({ rule }) => rule === 'a'));
    const [codes] = await sql<{ count: number }>(url, 'SELECT count(*)::int AS count FROM made.app_enums WHERE meaning IS NOT NULL');
    assert.ok((codes?.count ?? 0) > 2, path);
    await look(url, text);
  }
  const url = await freshDatabase();
  await make(url, contract(SMALL, 'app_enums'));
  await assert.rejects(sql(url, "INSERT INTO made.loan (loan_id, received, status) VALUES (7, '2024-01-02', 77)"), { code: '23503' });
});
