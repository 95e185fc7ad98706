import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApplicationsOptions, type ApplicationsReport, loadContract, runApplications } from '#ts/documents/index.js';
import { temporaryFolder } from '../postgres/month.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { exampleContract, fillSource, type MadeDocument, make, type Product, rowsOf } from './made.js';

const SCHEMAS: Record<Product, string> = { card: 'cards', lending: 'lending' };

function load(product: Product, database: string, source: string, more: Partial<ApplicationsOptions> = {}): Promise<ApplicationsReport> {
  return runApplications({ contract: exampleContract(product), source, database, createTables: true, threads: 2, batchSize: 50, ...more });
}

async function contents(product: Product, url: string): Promise<Record<string, string[]>> {
  return rowsOf(url, SCHEMAS[product], (await loadContract(exampleContract(product))).description);
}

for (const product of ['card', 'lending'] as const) {
  test(`made-up documents of ${product} give the same rows from files, archives, compressed files, files of many, and a table`, async () => {
    const folder = await temporaryFolder();
    const url = await freshDatabase();
    const files = await make(folder, { product, documents: 120 });
    const report = await load(product, url, files.documents);
    assert.deepEqual([report.counts.loaded, report.counts.failed], [120, 0]);
    const expected = await contents(product, url);
    assert.equal(expected.app_base?.length, 120);
    assert.deepEqual(
      report.tables.map(({ name, rows }) => [name, rows]),
      Object.entries(expected).map(([name, rows]) => [name, rows.length]),
    );
    for (const format of ['zip', 'gz', 'one']) {
      const [other, { documents }] = [await freshDatabase(), await make(folder, { product, documents: 120, format })];
      const { counts } = await load(product, other, documents, format === 'zip' ? {} : { many: 'roots' });
      assert.equal(counts.loaded, 120, format);
      assert.deepEqual(await contents(product, other), expected, format);
    }
    const table = await freshDatabase();
    await fillSource(product, table, files);
    assert.equal((await load(product, table, 'table')).counts.loaded, 120);
    assert.deepEqual(await contents(product, table), expected);
  });
}

/** Faults that are in no way the contract's to forgive, and what the log says of each. */
const FATAL: Record<string, RegExp> = {
  malformed: /^parsing: .*line \d+, column \d+/,
  truncated: /^parsing: .*ends too early/,
  wrongRoot: /^validation: the root element is not Provenir/,
  wrongProduct: /^validation: the document is of another kind/,
  badId: /^validation: .*the document.*(no id|id is no positive whole number) \(\/Provenir\/Request\/@ID\)/,
  documentType: /^parsing: .*document type/,
  tooDeep: /^parsing: .*too many elements inside one another/,
  longValue: /^parsing: .*too long a value of an attribute/,
};

/** What is to be loaded, by id, and what is to be failed. */
function sorted(items: readonly MadeDocument[]): { good: Set<number>; bad: MadeDocument[] } {
  const good = new Set<number>();
  const bad: MadeDocument[] = [];
  for (const item of items.filter(({ fault }) => fault !== 'blank')) {
    if (item.fatal || item.id === null || good.has(item.id)) bad.push(item);
    else good.add(item.id);
  }
  return { good, bad };
}

for (const format of ['files', 'one']) {
  test(`of documents in ${format === 'one' ? 'one file' : 'files'} the bad ones are failed one by one, with what to do, and all others are loaded`, async () => {
    const [folder, url] = [await temporaryFolder(), await freshDatabase()];
    // What is too deep or never ends takes the rest of a file of many with it.
    const kinds =
      format === 'one' ? ['wrongRoot', 'wrongProduct', 'badId', 'longValue', 'duplicateId'] : [...Object.keys(FATAL), 'duplicateId', 'blank'];
    const { documents, items } = await make(folder, { documents: 300, faults: 0.4, faultKinds: kinds, format });
    // One batch after the other: of two documents with one id the first one is loaded.
    const report = await load('card', url, documents, { connections: 1, many: format === 'one' ? 'roots' : null });
    const lines = await sql<{ source: string; status: string; failure_reason: string | null }>(url, 'SELECT * FROM cards.processing_log');
    const { good, bad } = sorted(items);
    assert.deepEqual([report.counts.failed, report.counts.loaded], [bad.length, items.length - bad.length - report.counts.blank]);
    assert.equal(report.counts.blank, items.filter(({ fault }) => fault === 'blank').length);
    assert.equal(lines.length, items.length - report.counts.blank);
    if (format === 'files') {
      const reasons = new Map(lines.map(({ source, failure_reason }) => [source.split('/').at(-1) ?? '', failure_reason]));
      for (const { name, fault = '' } of bad) {
        const reason = reasons.get(name.split('/').at(-1) ?? '') ?? '';
        assert.match(reason, FATAL[fault] ?? /^constraint_violation: another document with the same id.* was loaded; remove one of the two/, fault);
        assert.match(reason, /(\. [A-Z]|; )[a-zA-Z ]+/, `${fault} without what to do`);
      }
    }
    const found = await sql<{ id: string }>(url, 'SELECT app_id::text AS id FROM cards.app_base ORDER BY app_id');
    assert.deepEqual(
      found.map(({ id }) => id),
      [...good].map(String).sort(),
    );
  });
}
