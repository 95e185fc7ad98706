/** Memory stays inside its budget, whatever the size and shape of the input. `ROWMILL_SCALE=full` runs the promised sizes. */

import assert from 'node:assert/strict';
import { linkSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { rowmill } from '../cli/program.js';
import { assertPeakBelow, describe, generateMonth, IS_FULL, MIB, measuredRun, peakOf } from './measured-run.js';

const MINUTES = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'rowmill-scale-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function place(name: string): string {
  return join(folder, name);
}

/** Paths of the hourly pod files below a folder. */
function podFiles(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.includes('OCP/pod_usage/') && name.endsWith('.parquet')).map((name) => join(root, name));
}

async function number(select: string): Promise<number> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = (await connection.runAndReadAll(select)).getRowsJS();
  connection.closeSync();
  return Number(rows[0]?.[0]);
}

test('thousands of small files fit into 512 MiB', { timeout: 5 * MINUTES }, async (t) => {
  const least = IS_FULL ? 10_000 : 2_000;
  const month = await generateMonth(place('small'), '--rows', IS_FULL ? '150000' : '22000', '--rows-per-file', '20');
  assert.ok(month.files >= least, `${month.files} files`);
  const run = await measuredRun(month.plan, place('small.parquet'), '--memory', '512MiB');
  t.diagnostic(`${month.files} files: ${describe(run)}`);
  assertPeakBelow(run, 512 * MIB);
});

test('a row group much larger than memory allows is read inside 512 MiB', { timeout: 10 * MINUTES }, async (t) => {
  const rows = IS_FULL ? 1_700_000 : 75_000;
  const shape = ['--file-per', 'month', '--row-group-rows', '100000000', '--no-dictionary', '--compression', 'zstd', '--no-daily'];
  const month = await generateMonth(place('group'), '--rows', String(rows), '--label-bytes', '2000', ...shape);
  const [file = '', ...others] = podFiles(place('group'));
  assert.equal(others.length, 0);
  const metadata = `FROM parquet_metadata('${file}')`;
  assert.equal(await number(`SELECT count(DISTINCT row_group_id) ${metadata}`), 1);
  const bytes = await number(`SELECT sum(total_uncompressed_size) ${metadata}`);
  assert.ok(bytes >= (IS_FULL ? 3072 : 140) * MIB, `${bytes} bytes`);
  const run = await measuredRun(month.plan, place('group.parquet'), '--memory', '512MiB');
  t.diagnostic(`one row group of ${Math.round(bytes / MIB)} MiB: ${describe(run)}`);
  assertPeakBelow(run, 512 * MIB);
});

// Months with more rows have more pods, and so more groups. Here the same files are read again and again under other names: every
// copy adds to the same groups, and rows are all that grows.
test('peak memory does not grow with rows while groups stay the same', { timeout: 10 * MINUTES }, async (t) => {
  const rows = IS_FULL ? 1_000_000 : 100_000;
  const copies = IS_FULL ? 30 : 6;
  const month = await generateMonth(place('flat'), '--rows', String(rows), '--file-per', 'month', '--no-daily');
  const flags = ['--memory', '512MiB', '--threads', '2'];
  const once = await measuredRun(month.plan, place('flat.parquet'), ...flags);
  for (const file of podFiles(place('flat'))) {
    for (let copy = 1; copy < copies; copy += 1) linkSync(file, file.replace(/\.parquet$/, `.${copy}.parquet`));
  }
  const often = await measuredRun(month.plan, place('flat.parquet'), ...flags);
  t.diagnostic(`once: ${describe(once)}`);
  t.diagnostic(`${copies} times: ${describe(often)}`);
  assert.equal(often.rowsRead - once.rowsRead, (copies - 1) * rows);
  assert.equal(often.rowsOut, once.rowsOut);
  assert.ok(peakOf(often) <= peakOf(once) * 1.1 + 8 * MIB, `${peakOf(once)} bytes, then ${peakOf(often)}`);
});

test('ten million rows are read inside 300 MiB', { timeout: 10 * MINUTES, skip: !IS_FULL && 'ROWMILL_SCALE=full' }, async (t) => {
  const month = await generateMonth(place('ten'), '--rows', '10000000', '--no-daily');
  const run = await measuredRun(month.plan, place('ten.parquet'), '--memory', '300MiB');
  t.diagnostic(describe(run));
  assertPeakBelow(run, 300 * MIB);
});

test('groups that outgrow the budget spill, stay inside it, and give the same rows', { timeout: 10 * MINUTES }, async (t) => {
  const labels = ['--label-texts', '1000000', '--label-churn', '100', '--label-null', '0', '--label-empty', '0'];
  const rows = IS_FULL ? '6000000' : '1000000';
  const month = await generateMonth(place('many'), '--rows', rows, ...labels, '--order', 'shuffled', '--no-daily');
  const [budget, bytes] = IS_FULL ? ['256MiB', 256 * MIB] : ['192MiB', 192 * MIB];
  const free = await measuredRun(month.plan, place('free.parquet'), '--memory', '8GiB', '--threads', '2');
  const tight = await measuredRun(month.plan, place('tight.parquet'), '--memory', budget, '--threads', '2', '--spill', folder);
  t.diagnostic(`8GiB: ${describe(free)}`);
  t.diagnostic(`${budget}: ${describe(tight)}`);
  assert.equal(free.spilledBytes, 0);
  assert.ok(tight.spilledBytes > 0);
  assertPeakBelow(tight, bytes);
  const { code, out } = await rowmill(['compare', place('free.parquet'), place('tight.parquet'), '--tolerance', '0']);
  assert.equal(code, 0, out);
});
