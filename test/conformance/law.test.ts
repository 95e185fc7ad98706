/** The law: what a month sums up to does not depend on how its files are cut, named, read or folded. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { compare } from '#ts/addon.js';
import { rowmill } from '../cli/program.js';

const SEEDS = [1, 2, 3];
const TABLE = 'reporting_ocpusagelineitem_daily_summary';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-law-'));
let connection: DuckDBConnection;

before(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

after(() => {
  connection?.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

/** A generated month and what the generator knows of it. */
interface Made {
  folder: string;
  plan: string;
  podTotals: Record<string, number>;
  storageTotals: Record<string, number>;
}

let made = 0;

async function generate(seed: number, ...settings: string[]): Promise<Made> {
  made += 1;
  const out = join(folder, `month-${made}`);
  const size = ['--rows', '4000', '--nodes', '5', '--volumes', '12', '--label-churn', '20'];
  const {
    code,
    out: text,
    err,
  } = await rowmill(['generate', 'cost', 'openshift', '--out', out, '--seed', String(seed), '--json', ...size, ...settings]);
  assert.equal(code, 0, err);
  const [cluster] = (JSON.parse(text) as { clusters: Made[] }).clusters;
  assert.ok(cluster);
  return { ...cluster, folder: out };
}

let ran = 0;

/** Runs a month and answers its file. */
async function run(month: Made, ...flags: string[]): Promise<{ file: string; report: Record<string, number> }> {
  ran += 1;
  const file = join(folder, `run-${ran}.parquet`);
  const { code, out, err } = await rowmill(['run', '--plan', month.plan, '--out', file, '--json', ...flags]);
  assert.equal(code, 0, err);
  return { file, report: JSON.parse(out) as Record<string, number> };
}

async function number(select: string): Promise<number> {
  return Number((await connection.runAndReadAll(select)).getRowsJS()[0]?.[0]);
}

/** By DuckDB, as bags of whole rows, and by our own comparison with no tolerance. */
async function assertSameRows(expected: string, found: string, what: string): Promise<void> {
  assert.ok((await number(`SELECT count(*) FROM '${expected}'`)) > 100, 'too few rows to mean anything');
  for (const [one, other] of [
    [expected, found],
    [found, expected],
  ]) {
    assert.equal(await number(`SELECT count(*) FROM (FROM '${one}' EXCEPT ALL FROM '${other}')`), 0, what);
  }
  const ours = await compare({ left: expected, right: found, pipeline: 'cost openshift', table: TABLE, tolerance: 0, samples: 3 });
  assert.deepEqual([ours.onlyLeft, ours.onlyRight, ours.different], [0, 0, 0], `${what}: ${JSON.stringify(ours.samples)}`);
}

/** Gives every file a name that sorts by a hash of what it was called, so that listings give them in another order. */
function shuffleNames(month: Made): void {
  const names = readdirSync(month.folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'));
  for (const [at, name] of names.sort().entries()) {
    const order = String((at * 7919) % 10_007).padStart(5, '0');
    renameSync(join(month.folder, name), join(month.folder, dirname(name), `${order}.parquet`));
  }
}

for (const seed of SEEDS) {
  test(`seed ${seed}: the same rows for any threads, mode, batch and spill`, async () => {
    const month = await generate(seed);
    const { file } = await run(month, '--threads', '1');
    for (const flags of [
      ['--threads', '2'],
      ['--threads', '7'],
      ['--mode', 'memory', '--threads', '2'],
      ['--threads', '1', '--batch-rows', '7'],
    ]) {
      await assertSameRows(file, (await run(month, ...flags)).file, flags.join(' '));
    }
    for (const threads of ['1', '2', '7']) {
      const spilled = await run(month, '--fold-bytes', '4KiB', '--spill', folder, '--threads', threads);
      assert.ok((spilled.report.spilledBytes ?? 0) > 0, 'nothing was spilled');
      await assertSameRows(file, spilled.file, `spilled, ${threads} threads`);
    }
  });

  test(`seed ${seed}: the same rows for any names, sizes, orders and encodings of files`, async () => {
    const { file } = await run(await generate(seed), '--threads', '2');
    for (const settings of [
      ['--row-group-rows', '17'],
      ['--file-per', 'month'],
      ['--file-per', 'month', '--row-group-rows', '333', '--compression', 'zstd'],
      ['--rows-per-file', '40'],
      ['--no-dictionary', '--compression', 'none'],
      ['--order', 'shuffled'],
      ['--order', 'pod', '--row-group-rows', '100'],
      ['--layout', 'poc'],
      ['--layout', 'poc', '--rows-per-file', '50'],
    ]) {
      await assertSameRows(file, (await run(await generate(seed, ...settings), '--threads', '2')).file, settings.join(' '));
    }
    const renamed = await generate(seed, '--rows-per-file', '40');
    shuffleNames(renamed);
    for (const threads of ['1', '7'])
      await assertSameRows(file, (await run(renamed, '--threads', threads)).file, `shuffled names, ${threads} threads`);
  });

  test(`seed ${seed}: a part of the month has the rows of its days, however the files are cut`, async () => {
    const part = ['--start', '2025-10-09', '--end', '2025-10-17'];
    const files: string[] = [];
    for (const settings of [[], ['--file-per', 'month', '--row-group-rows', '90'], ['--layout', 'poc', '--order', 'shuffled']]) {
      const month = await generate(seed, ...settings);
      withoutMonth(month);
      files.push((await run(month, ...part, '--threads', '2')).file);
    }
    const [first = '', ...others] = files;
    for (const other of others) await assertSameRows(first, other, 'part of the month');
    assert.equal(await number(`SELECT count(*) FROM '${first}' WHERE usage_start NOT BETWEEN '2025-10-09' AND '2025-10-17'`), 0);
    assert.equal(await number(`SELECT count(DISTINCT usage_start) FROM '${first}'`), 9);
  });

  test(`seed ${seed}: hourly files alone give the rows that daily and hourly files give`, async () => {
    for (const settings of [[], ['--file-per', 'month', '--order', 'shuffled']]) {
      const month = await generate(seed, ...settings);
      const { file } = await run(month, '--input', 'daily');
      await assertSameRows(file, (await run(month, '--input', 'hourly')).file, 'hourly');
      const alone = await generate(seed, '--no-daily', ...settings);
      await assertSameRows(file, (await run(alone)).file, 'hourly alone');
    }
  });

  test(`seed ${seed}: without the hard shapes, the sums are those that the generator knows`, async () => {
    const month = await generate(seed, '--no-edges');
    const { podTotals, storageTotals } = month;
    const { file } = await run(month);
    const gigabyteHours = (bytes: number | undefined): number => ((bytes ?? 0) / 3600) * 2 ** -30;
    const coreHours = (seconds: number | undefined): number => (seconds ?? 0) / 3600;
    const pods = `FROM '${file}' WHERE data_source = 'Pod' AND infrastructure_usage_cost IS NOT NULL`;
    for (const [column, expected] of [
      ['pod_usage_cpu_core_hours', coreHours(podTotals.usageCpuCoreSeconds)],
      ['pod_request_cpu_core_hours', coreHours(podTotals.requestCpuCoreSeconds)],
      ['pod_limit_cpu_core_hours', coreHours(podTotals.limitCpuCoreSeconds)],
      ['pod_effective_usage_cpu_core_hours', coreHours(podTotals.effectiveCpuCoreSeconds)],
      ['pod_usage_memory_gigabyte_hours', gigabyteHours(podTotals.usageMemoryByteSeconds)],
      ['pod_request_memory_gigabyte_hours', gigabyteHours(podTotals.requestMemoryByteSeconds)],
      ['pod_limit_memory_gigabyte_hours', gigabyteHours(podTotals.limitMemoryByteSeconds)],
      ['pod_effective_usage_memory_gigabyte_hours', gigabyteHours(podTotals.effectiveMemoryByteSeconds)],
    ] as const) {
      assertClose(await number(`SELECT sum(${column}) ${pods}`), expected, column);
    }
    const hours = `SELECT sum(hours) FROM (SELECT max(cluster_capacity_cpu_core_hours) AS hours FROM '${file}' GROUP BY usage_start)`;
    assertClose(await number(hours), coreHours(podTotals.capacityCoreSeconds), 'capacity of the cluster');
    const storage = `FROM '${file}' WHERE data_source = 'Storage'`;
    for (const [column, bytes] of [
      ['volume_request_storage_gigabyte_months', storageTotals.requestByteSeconds],
      ['persistentvolumeclaim_usage_gigabyte_months', storageTotals.usageByteSeconds],
      ['persistentvolumeclaim_capacity_gigabyte_months', storageTotals.capacityByteSeconds],
    ] as const) {
      // A gigabyte-month of October has 31 days.
      assertClose(await number(`SELECT sum(${column}) ${storage}`), gigabyteHours(bytes) / (31 * 24), column);
    }
  });
}

function withoutMonth(month: Made): void {
  const plan = JSON.parse(readFileSync(month.plan, 'utf8')) as { window?: unknown };
  delete plan.window;
  writeFileSync(month.plan, JSON.stringify(plan));
}

function assertClose(found: number, expected: number, what: string): void {
  assert.ok(expected > 0 && Math.abs(found - expected) <= 1e-9 * expected, `${what}: ${found}, expected ${expected}`);
}
