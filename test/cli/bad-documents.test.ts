import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CONTRACT, fillTable, loan, usual, writeLoans } from '../documents/loans.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { rowmill } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The small contract with a column that must have something, as a new contract or as an old one has it. */
function contract(compat: Record<string, boolean>): string {
  const read = JSON.parse(readFileSync(CONTRACT, 'utf8')) as { tables: { columns: object[] }[]; enums: Record<string, { otherwise?: number }> };
  read.tables[0]?.columns.push({ name: 'desk', type: 'text(20)', from: '/Library/Request/Data/loan/terms/@desk', nullable: false });
  delete read.enums.status?.otherwise;
  const path = join(folder, `${Object.keys(compat).join('-') || 'strict'}.json`);
  writeFileSync(path, JSON.stringify({ ...read, compat }));
  return path;
}

interface Bad {
  text: string;
  /** What is said of it: stage, what is wrong, path and attribute, what to do. */
  said: RegExp;
}

const BAD: ReadonlyMap<number, Bad> = new Map([
  [
    3,
    {
      text: loan(3).replace('</person>', ''),
      said: /parsing: an end tag that does not fit .*\(line 4, column \d+\) in \/Library\/Request\/Data\/loan\/person\. Mend the document/,
    },
  ],
  [
    6,
    {
      text: loan(6).slice(0, 300),
      said: /parsing: the document ends too early \(line 3, column \d+\) in \/Library\/Request\/Data\/loan\/person\/address\/@\w+\. Mend the document/,
    },
  ],
  [9, { text: loan(9, { root: 'Shop' }), said: /validation: the root element is not Library \(\/Library\)\. Choose the contract of such documents/ }],
  [
    12,
    {
      text: loan(12).replace('desk="front"', 'desk=" "'),
      said: /(mapping|constraint_violation): .*loan\.desk.*(there is none|takes no null).*\/Library\/Request\/Data\/loan\/terms\/@desk.*(Mend the document|give the column a default)/i,
    },
  ],
  [
    15,
    {
      text: loan(15).replace('"OPEN"', '"HELD BACK"'),
      said: /mapping: line 2, column \d+: loan\.status .*not in the dictionary status \(\/Library\/Request\/@Status\): a value of 9 characters, masked\. Mend the document/,
    },
  ],
  [
    18,
    {
      text: loan(18, { person: 2 }),
      said: /constraint_violation: person\.person_id: the key is in the table already .*\/Library\/Request\/Data\/loan\/person\/@person_id\).*\*\*\*; remove the row/,
    },
  ],
  [
    21,
    {
      text: loan(21).replace('received="2024-03-04"', 'received="2024-02-30"'),
      said: /mapping: line 2, column \d+: loan\.received .*not a date.*\(\/Library\/Request\/Data\/loan\/@received\): a value of 10 characters, masked\. Mend the document/,
    },
  ],
]);

/** What a run says, a line for each document by its id. */
async function failures(args: string[]): Promise<Map<string, string>> {
  const { code, out, err } = await rowmill(args);
  assert.equal(code, 3, err);
  return new Map([...out.matchAll(/^failed (\d+|\(no id\)) \((.*?)\): (.*)$/gm)].map(([, id = '', , said = '']) => [id, said]));
}

for (const compat of [{}, { missingNotNullSwallowed: true }]) {
  const kind = Object.keys(compat).length === 0 ? 'a new contract' : 'a contract of old';
  test(`each bad document is failed alone, with its id, path, attribute and what to do, by ${kind}`, async () => {
    const url = await freshDatabase();
    await fillTable(url, new Map([...usual(1, 24), ...[...BAD].map(([id, { text }]): [number, string] => [id, text])]));
    const run = ['run', 'applications', '--contract', contract(compat), '--source', 'table', '--database', url, '--create-tables'];
    const said = await failures(run);
    assert.deepEqual([...said.keys()].map(Number), [...BAD.keys()]);
    for (const [id, { said: wanted }] of BAD) assert.match(said.get(String(id)) ?? '', wanted);
    const [counts] = await sql(
      url,
      "SELECT count(*)::int AS loans FROM library.loan UNION ALL SELECT count(*)::int FROM library.processing_log WHERE status = 'success'",
    );
    assert.deepEqual(counts, { loans: 24 - BAD.size });
    assert.ok(!/HELD|2024-02-30|Mock/.test([...said.values()].join()), 'a value is shown');
  });
}

test('of files a repeated id and bytes that are no text say the same, and a document without an id is known by its file', async () => {
  const url = await freshDatabase();
  const documents = join(folder, 'documents');
  writeLoans(documents, new Map([...usual(1, 6), [7, loan(4, { person: 900 })], [8, loan(8).replace('ID="8"', 'ID=""')]]));
  const text = Buffer.from(loan(9), 'latin1');
  text[text.indexOf('front')] = 0x81;
  writeFileSync(join(documents, '000009.xml'), text);
  const run = ['run', 'applications', '--contract', contract({}), '--source', documents, '--database', url, '--create-tables', '--no-windows1252'];
  const said = await failures(run);
  assert.match(
    said.get('4') ?? '',
    /constraint_violation: another document with the same id \(\/Library\/Request\/@ID\) was loaded; remove one of the two/,
  );
  assert.match(
    said.get('(no id)') ?? '',
    /validation: the document has no id \(\/Library\/Request\/@ID\)\. A document needs a positive whole number here/,
  );
  assert.match(
    said.get('9') ?? '',
    /parsing: the bytes are no text in the document's encoding \(line 2, column \d+\) in \/Library\/Request\/Data\/loan\/terms\/@desk\. Mend the document/,
  );
  assert.equal(said.size, 3);
});
