import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ApplicationsReport } from '#ts/index.js';
import { temporaryFolder } from '../postgres/month.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { MIB, peakOf, watched } from '../scale/measured-run.js';
import { CONTRACT, fillTable, loaded, loan, log, usual, writeLoans } from './loans.js';

/** Enough for a process with a few large documents, and less than any of them would take as a tree. */
const ENOUGH = 170 * MIB;

async function load(source: string, database: string): Promise<ApplicationsReport> {
  const args = ['run', 'applications', '--contract', CONTRACT, '--source', source, '--database', database, '--create-tables'];
  const run = await watched<ApplicationsReport>(args, [0, 3]);
  const peak = peakOf(run);
  assert.ok(peak < ENOUGH, `peak of ${(peak / MIB).toFixed(0)} MiB`);
  return run;
}

/** A loan with so many bytes that no contract asks for. */
function long(id: number, bytes: number): string {
  return loan(id).replace('</Reports>', `${`<entry note="${'x'.repeat(80)}">said nothing</entry>`.repeat(Math.ceil(bytes / 114))}</Reports>`);
}

/** A loan with so many people. */
function crowded(id: number, people: number): string {
  const person = (at: number): string =>
    `<person person_id="${id * 1_000_000 + at}" role="MAIN" first_name="Ada" last_name="Mock${at}" born="1990-01-02"/>`;
  return loan(id).replace('</loan>', `${Array.from({ length: people }, (_, at) => person(at)).join('')}</loan>`);
}

for (const kind of ['files', 'a table']) {
  test(`documents of two megabytes and of twenty thousand elements, of ${kind}, are loaded in little memory`, { timeout: 120_000 }, async () => {
    const [url, folder] = [await freshDatabase(), await temporaryFolder()];
    const large = Array.from({ length: 40 }, (_, at): [number, string] => [at + 1, long(at + 1, 2_000_000)]);
    const documents = new Map([...large, [41, crowded(41, 20_000)], [42, crowded(42, 20_000)]] as [number, string][]);
    if (kind === 'files') writeLoans(folder, documents);
    else await fillTable(url, documents);
    const report = await load(kind === 'files' ? folder : 'table', url);
    assert.deepEqual([report.counts.loaded, report.counts.failed], [42, 0]);
    assert.ok(report.bytes > 80e6);
    const people = await sql(url, 'SELECT count(*)::int AS people FROM library.person WHERE loan_id >= 41');
    assert.deepEqual(people, [{ people: 2 * 20_001 }]);
  });
}

test('an attribute of a gigabyte, and a million elements inside one another, fail their documents with what to do', {
  timeout: 120_000,
}, async () => {
  const [url, folder] = [await freshDatabase(), await temporaryFolder()];
  writeLoans(folder, usual(1, 20));
  // Nothing of it is on the disk but its beginning.
  writeFileSync(join(folder, '000021.xml'), '<?xml version="1.0"?>\n<Library><Request ID="21" Status="');
  truncateSync(join(folder, '000021.xml'), 1 << 30);
  writeFileSync(join(folder, '000022.xml'), `<Library><Request ID="22">${'<d>'.repeat(1_000_000)}`);
  writeFileSync(join(folder, '000023.xml.gz'), gzipSync(`<Library><Request ID="23" Status="${' '.repeat(100_000_000)}"/></Library>`));
  const report = await load(folder, url);
  assert.deepEqual([report.counts.loaded, report.counts.failed], [20, 3]);
  const reasons = (await log(url, "status = 'failed'")).map(({ failure_reason }) => failure_reason ?? '').sort();
  assert.match(reasons[0] ?? '', /^parsing: the document has 1073741824 bytes, more than the 67108864 that are allowed\. Raise/);
  assert.match(reasons[1] ?? '', /^parsing: the document is larger than 67108864 bytes\. Raise/);
  assert.match(
    reasons[2] ?? '',
    /^parsing: the document is too large: too many elements inside one another \(line 1, column \d+\).*\. Mend the document/,
  );
});

test('a document of a table that is too large is not fetched, and failed', async () => {
  const url = await freshDatabase();
  await fillTable(url, usual(1, 5));
  await sql(url, `INSERT INTO library.loan_xml SELECT 6, '<Library><Request ID="6" Status="' || repeat('x', 200000000)`);
  const report = await load('table', url);
  assert.deepEqual([report.counts.loaded, report.counts.failed], [5, 1]);
  assert.match(report.failures[0]?.reason ?? '', /^the document has 200000033 bytes, more than the 67108864 that are allowed\. Raise/);
  assert.deepEqual(await loaded(url), [1, 2, 3, 4, 5]);
});
