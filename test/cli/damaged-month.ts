/** A generated month that a test may damage: its files, one value in them, and how a run of it ends. */

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Failure } from '#ts/errors.js';
import { rowmill } from './program.js';

/** Generated once; every test has a copy. */
let original: Promise<string> | null = null;

/** Kinds of files, as a part of their path. */
export const KIND = {
  podDaily: 'daily/org_demo/OCP/pod_usage',
  podHourly: 'parquet/org_demo/OCP/pod_usage',
  storageDaily: 'daily/org_demo/OCP/storage_usage',
};

/** How a run ended that was expected to fail. */
export interface Failed {
  code: number | null;
  /** What a person reads. */
  text: string;
  /** What a program reads. */
  error: Failure;
}

export interface DamagedMonth {
  folder: string;
  /** Path of the plan. */
  plan: string;
  /** Where runs write. */
  out: string;
  /** The only file of a kind. */
  file(kind: string): string;
  /** Changes settings of the plan. */
  settings(change: (plan: Record<string, unknown>) => void): void;
  /** Writes a file again with one value changed: `value` is SQL, rows count from 0. */
  put(file: string, row: number, column: string, value: string): Promise<void>;
  /** Writes a file again from a SELECT over it. */
  rewrite(file: string, select: string): Promise<void>;
  /** Runs the month and expects a failure that leaves no output. */
  fails(...flags: string[]): Promise<Failed>;
}

async function generated(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-month-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { code, err } = await rowmill(['generate', 'cost', 'openshift', '--out', folder, '--rows', '6000', '--seed', '5', '--file-per', 'month']);
  assert.equal(code, 0, err);
  return folder;
}

/** A copy of the month for one test. */
export async function damagedMonth(test: TestContext): Promise<DamagedMonth> {
  original ??= generated();
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-damaged-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(await original, folder, { recursive: true });
  const plan = join(folder, 'cluster-001', 'plan.json');
  const month: DamagedMonth = {
    folder,
    plan,
    out: join(folder, 'summary.parquet'),
    file: (kind) => fileOf(folder, kind),
    settings: (change) => {
      const settings = JSON.parse(readFileSync(plan, 'utf8')) as Record<string, unknown>;
      change(settings);
      writeFileSync(plan, JSON.stringify(settings, null, 2));
    },
    put: (file, row, column, value) => {
      const changed = `CASE WHEN file_row_number = ${row} THEN ${value} ELSE ${column} END AS ${column}`;
      return rewrite(file, `SELECT * EXCLUDE (file_row_number) REPLACE (${changed}) FROM read_parquet('${file}', file_row_number = true)`);
    },
    rewrite,
    fails: (...flags) => failing(month, flags),
  };
  month.settings((settings) => {
    settings.source = { ...(settings.source as object), root: folder };
  });
  return month;
}

function fileOf(folder: string, kind: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(kind) && name.endsWith('.parquet'));
  assert.equal(names.length, 1, `files of ${kind}`);
  return join(folder, names[0] ?? '');
}

async function rewrite(file: string, select: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${file}.new' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  connection.closeSync();
  renameSync(`${file}.new`, file);
}

async function failing({ plan, out }: DamagedMonth, flags: string[]): Promise<Failed> {
  const { code, err, out: json } = await rowmill(['run', '--plan', plan, '--out', out, '--json', ...flags]);
  assert.notEqual(code, 0, json);
  assert.ok(!existsSync(out), 'a failed run leaves an output');
  return { code, text: err, error: (JSON.parse(json) as { error: Failure }).error };
}
