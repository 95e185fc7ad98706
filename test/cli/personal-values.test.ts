import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freshDatabase, sql } from '../postgres/support.js';
import { type Ended, rowmill } from './program.js';

const ROOT = new URL('../../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What is written into every attribute that is about a person: words, and values that are numbers and dates. */
const WORD = 'Zqxvmarker';
const MARKS: readonly [name: RegExp, word: string, fitting: string][] = [
  [/ssn/i, WORD, '987612345'],
  [/birth_date/i, WORD, '3/17/1871'],
  [/phone|fax/i, WORD, '9876123456'],
  [/zip/i, WORD, '987612399'],
  [/aba|account/i, WORD, '987612377'],
  [/salary|income|monthly_debt|pymnt/i, WORD, '98761234.55'],
  [/name|initials|email|address|street|city|license|ip_?address|unit|box|route|updatedby|assigned|user/i, WORD, WORD],
];
const FITTING = [WORD, '987612345', '1871-03-17', '3/17/1871', '9876123456', '987612399', '987612377', '98761234.55', '9876123455'];

/** The document with marks in the place of what is about people; in every third document some of them fit no column. */
function marked(text: string, seed: number): string {
  let at = seed;
  return text.replace(/([\w:]+)="([^"<]+)"/g, (whole, name: string) => {
    const [, word, fitting] = MARKS.find(([pattern]) => pattern.test(name)) ?? [];
    if (word === undefined || /_tp_c|_ind$|_code$|_enum|_type/i.test(name)) return whole;
    at += 1;
    return `${name}="${seed % 3 === 0 && at % 5 === 0 ? word : fitting}"`;
  });
}

/** Writes made-up documents with every fault that there is, all of them marked. */
async function corpus(product: string, name: string): Promise<string> {
  const out = join(folder, name);
  const settings = ['--out', out, '--product', product, '--documents', '150', '--shape', 'staged', '--faults', '0.5', '--seed', '7'];
  const made = await rowmill(['generate', 'applications', ...settings]);
  assert.equal(made.code, 0, made.err);
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.xml'));
  for (const [at, file] of files.entries()) {
    const path = join(out, file);
    writeFileSync(path, marked(readFileSync(path, 'latin1'), at), 'latin1');
  }
  return out;
}

/** The contract as it was imported, or one that fails documents for every value that fits no column. */
function contractOf(product: string, strict: boolean): string {
  const text = readFileSync(fileURLToPath(new URL(`examples/applications/${product}.contract.json`, ROOT)), 'utf8');
  const path = join(folder, `${product}-${strict ? 'strict' : 'compat'}.json`);
  const contract = JSON.parse(strict ? text.replaceAll(/,?\s*"onError": "\w+"/g, '') : text) as { compat: object; source?: object };
  writeFileSync(path, JSON.stringify(strict ? { ...contract, compat: { expressions: true } } : contract));
  return path;
}

function written(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** Nothing that came out shows a mark. */
function isMasked(outputs: Record<string, string>): void {
  for (const [name, text] of Object.entries(outputs)) {
    for (const mark of FITTING) assert.ok(!text.includes(mark), `${name} shows ${mark}: ${around(text, mark)}`);
  }
}

function around(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return text.slice(Math.max(0, at - 200), at + 60);
}

for (const product of ['card', 'lending']) {
  for (const strict of [false, true]) {
    test(`of bad documents of ${product} ${strict ? 'by a strict contract' : 'by an imported contract'} nothing that is about people comes out`, async () => {
      const [documents, contract, url] = [
        await corpus(product, `${product}-${strict ? 'strict' : 'compat'}`),
        contractOf(product, strict),
        await freshDatabase(),
      ];
      const metrics = join(folder, `metrics-${product}-${strict}`);
      const run = ['run', 'applications', '--contract', contract, '--source', documents, '--database', url, '--schema', 'people', '--create-tables'];
      const first = await rowmill([...run, '--limit', '1', '--quiet']);
      // Some rows are refused by the server, which answers with the whole row.
      await sql(url, `ALTER TABLE people.app_contact_base ADD CONSTRAINT odd_people CHECK (con_id % 7 <> 0)`);
      await sql(url, `ALTER TABLE people.app_base ALTER COLUMN receive_date SET DEFAULT now()`);
      const second = await rowmill([...run, '--metrics', metrics, '--batch-size', '20']);
      assert.equal(second.code, 3, second.err);
      const third = await rowmill([...run, '--json', '--metrics', metrics]);
      const explained = await rowmill([...run, '--explain', '--json']);
      const linted = await rowmill(['contract', 'lint', contract, '--documents', documents]);
      const log = await sql(url, 'SELECT * FROM people.processing_log');
      const claims = await sql(url, 'SELECT * FROM people.processing_log_claims');
      const failed = log.filter(({ status }) => status === 'failed');
      assert.ok(failed.length > 20 && failed.length < log.length, `${failed.length} failed of ${log.length}`);
      assert.ok(failed.some(({ failure_reason }) => /masked/.test(String(failure_reason))) || !strict, 'no value was masked');
      assert.ok(
        failed.some(({ failure_reason }) => /odd_people/.test(String(failure_reason))),
        'no row was refused',
      );
      const said = (ended: Ended): string => ended.out + ended.err;
      isMasked({
        'the first run': said(first),
        'the second run': said(second),
        'the report': said(third),
        'the explanation': said(explained),
        'the linter': said(linted),
        'the log': JSON.stringify(log),
        claims: JSON.stringify(claims),
        metrics: written(metrics),
      });
      // The marks are there: whoever asks for them sees them, and they are in the tables.
      const revealed = await rowmill([...run, '--reveal-values', '--attempts', '9']);
      assert.ok(!strict || FITTING.some((mark) => revealed.out.includes(mark)), 'no mark is shown to whoever asks for it');
      const [people] = await sql<{ count: number }>(url, `SELECT count(*)::int AS count FROM people.app_contact_base WHERE last_name = '${WORD}'`);
      assert.ok((people?.count ?? 0) > 5, 'no mark came as far as the tables');
    });
  }
}
