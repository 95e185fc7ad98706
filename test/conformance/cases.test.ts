import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { compare } from '#ts/addon.js';
import { rowmill } from '../cli/program.js';
import { rowsThatDiffer } from '../oracle/rows-that-differ.js';

/** Runs as folders with the rows an independent engine gave; they lie beside the checkout where there are any. */
const CASES = process.env.ROWMILL_CASES ?? fileURLToPath(new URL('../../../../shared/cases', import.meta.url));

const OPENSHIFT = join(CASES, 'openshift');
const names = existsSync(OPENSHIFT) ? readdirSync(OPENSHIFT).filter((name) => existsSync(join(OPENSHIFT, name, 'expected.parquet'))) : [];

const folder = mkdtempSync(join(tmpdir(), 'rowmill-cases-'));
let connection: DuckDBConnection;

before(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

after(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

/** Columns and types of a file, by name. */
async function shape(file: string): Promise<Record<string, unknown>> {
  const columns = (await connection.runAndReadAll(`DESCRIBE FROM '${file}'`)).getRowObjectsJS();
  return Object.fromEntries(columns.map(({ column_name, column_type }) => [column_name, column_type]));
}

for (const name of names) {
  test(`case ${name} gives the rows of the independent engine, column for column`, async () => {
    const [expected, found] = [join(OPENSHIFT, name, 'expected.parquet'), join(folder, `${name}.parquet`)];
    const { code, err } = await rowmill(['run', 'cost', 'openshift', '--case', join(OPENSHIFT, name), '--out', found, '--quiet']);
    assert.equal(code, 0, err);
    assert.deepEqual(await shape(found), await shape(expected));
    assert.deepEqual(await rowsThatDiffer(connection, expected, found), []);
    const table = 'reporting_ocpusagelineitem_daily_summary';
    const ours = await compare({ left: expected, right: found, pipeline: 'cost openshift', table, tolerance: 1e-9, samples: 3 });
    assert.deepEqual([ours.onlyLeft, ours.onlyRight, ours.different], [0, 0, 0], JSON.stringify(ours.samples));
    assert.ok(ours.leftRows > 0 && ours.leftRows === ours.rightRows);
  });
}

test('cases are run where they are there', { skip: names.length === 0 && `no cases at ${OPENSHIFT}` }, () => {
  assert.ok(names.length > 0);
});
