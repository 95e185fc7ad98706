/** Rows never become JavaScript objects: what JavaScript allocates for a run does not grow with them. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { linkSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plan } from '#ts/addon.js';
import { generateMonth, into, type Month } from '../postgres/month.js';
import { freshDatabase } from '../postgres/support.js';
import type { CountedJob, CountedRun } from './counted-run.js';

const MIB = 1 << 20;
/** The smallest thing that JavaScript can make of a row, a boxed number, takes 16. Runs alone differ by 2 or 3, with nothing per row. */
const BYTES_PER_ROW = 8;

/** Runs a plan and counts; see counted-run.ts. */
async function counted(plan: Plan, objectPer: CountedJob['objectPer'] = null): Promise<CountedRun> {
  const script = fileURLToPath(new URL('./counted-run.js', import.meta.url));
  // Marking step by step begins some seconds after the process did, which is in the middle of a run on a busy machine.
  const flags = ['--expose-gc', '--no-incremental-marking', '--min-semi-space-size=256', '--max-semi-space-size=256'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, JSON.stringify({ plan, objectPer })]);
  const run = JSON.parse(stdout) as CountedRun;
  assert.equal(run.collections, 0, 'garbage was collected during a run, so its allocations are not known');
  return run;
}

/** Bytes that each further row cost. */
function bytesPerRow(few: CountedRun, many: CountedRun, rows: 'rowsRead' | 'rowsOut'): number {
  return (many.allocatedBytes - few.allocatedBytes) / (many[rows] - few[rows]);
}

/** Every pod file of a month, read ten times: ten times the rows, and the same groups. */
function tenfold({ folder }: Month): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((path) => path.includes('OCP/pod_usage/') && path.endsWith('.parquet'))) {
    for (let copy = 1; copy < 10; copy += 1) linkSync(join(folder, name), join(folder, name.replace(/\.parquet$/, `.${copy}.parquet`)));
  }
}

test('ten times the rows read, with as many written, cost JavaScript no more', async (t) => {
  const shape = { rows: 40_000, files: { per: 'month', daily: false } };
  const month = await generateMonth(shape);
  const plan = { ...month.plan, output: { ...month.plan.output, file: join(month.folder, 'summary.parquet') } };
  const few = await counted(plan);
  tenfold(month);
  const many = await counted(plan);
  assert.equal(many.rowsRead - few.rowsRead, 9 * shape.rows);
  assert.equal(many.rowsOut, few.rowsOut);
  assert.deepEqual([few.crossings, many.crossings], [1, 1]);
  const [grown, control] = [bytesPerRow(few, many, 'rowsRead'), bytesPerRow(few, await counted(plan, 'row read'), 'rowsRead')];
  t.diagnostic(`${grown.toFixed(2)} bytes for each further row read, ${control.toFixed(2)} with an object of each`);
  assert.ok(grown < BYTES_PER_ROW, `${grown} bytes for each further row`);
  assert.ok(control > BYTES_PER_ROW, `an object of each row would not be noticed: ${control} bytes`);
});

test('eight times the rows written to PostgreSQL cost JavaScript a call per piece of bytes, and nothing per row', async (t) => {
  const url = await freshDatabase();
  // As many nodes in both: they are in the plan, which is read, hashed and stored as an object.
  const planOf = async (rows: number): Promise<Plan> => {
    const values = { 'openshift.input': 'daily', 'openshift.lookups': 'plan' };
    return into((await generateMonth({ rows, nodes: 20, files: { per: 'month' } }, values)).plan, url);
  };
  const [less, more] = [await planOf(50_000), await planOf(600_000)];
  const [few, many] = [await counted(less), await counted(more)];
  assert.ok(many.rowsOut > 8 * few.rowsOut, `${few.rowsOut} rows, then ${many.rowsOut}`);
  for (const { crossings, bytesOut } of [few, many]) assert.ok(crossings <= bytesOut / MIB + 2, `${crossings} calls for ${bytesOut} bytes`);
  const [grown, control] = [bytesPerRow(few, many, 'rowsOut'), bytesPerRow(few, await counted(more, 'row written'), 'rowsOut')];
  t.diagnostic(`${grown.toFixed(2)} bytes for each further row written, ${control.toFixed(2)} with an object of each`);
  t.diagnostic(`${many.crossings} calls for ${(many.bytesOut / MIB).toFixed(1)} MiB`);
  assert.ok(grown < BYTES_PER_ROW, `${grown} bytes for each further row`);
  assert.ok(control > BYTES_PER_ROW, `an object of each row would not be noticed: ${control} bytes`);
});
