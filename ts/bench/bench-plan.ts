/** What a plan's run costs on this machine, beside what decoding its columns and reading its bytes cost. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, generate, type Plan, type Target } from '../addon.js';
import { RowmillError } from '../errors.js';
import { loadPlan } from '../plan/index.js';
import { knowledgeOf } from '../run/context.js';
import { lookupsForFile } from '../run/run-to-files.js';
import type { Comparison } from './comparison.js';
import type { EngineJob } from './engine-contender.js';
import { blankSheet, type Sheet } from './sheet.js';
import { type Contender, takeTurns } from './turns.js';

export interface BenchOptions {
  /** Hourly pod rows of a generated month; not looked at where a plan or a case is given. */
  rows: number;
  /** Plan file; its first window is measured. */
  file?: string | undefined;
  /** Case folder; its first window is measured. */
  caseFolder?: string | undefined;
  /** Settings of the plan, by dotted path. */
  flags: Record<string, unknown>;
  /** Rounds that count, from 1. */
  rounds: number;
  /** The command, for the sheet. */
  command: string;
  onNote?(line: string): void;
  signal?: AbortSignal;
}

const PIPELINE = 'cost openshift';
const SCRIPT = fileURLToPath(new URL('engine-contender.js', import.meta.url));
const BASE = 'rowmill to nothing';

/**
 * Measures a generated month or the first window of a plan: in a process each, in turns, and writes nothing but to a temporary folder.
 *
 * @throws RowmillError where the plan is wrong, a run fails, or the signal fires (`RUN_CANCELLED`)
 */
export async function benchPlan(options: BenchOptions): Promise<Sheet> {
  const folder = await mkdtemp(join(tmpdir(), 'rowmill-bench-'));
  try {
    const { plan, data } = await planOf(folder, options);
    const { rounds, command } = options;
    const sheet = blankSheet({ name: 'rowmill-bench', title: 'What a run costs here', command, rounds, threads: plan.budget.threads });
    sheet.comparisons.push(await compared(plan, folder, data, options));
    if (plan.windows.length > 1) sheet.notes.push(`the plan has ${plan.windows.length} windows, of which the first was measured`);
    return sheet;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function planOf(folder: string, options: BenchOptions): Promise<{ plan: Plan; data: Record<string, unknown> }> {
  const isGiven = options.file !== undefined || options.caseFolder !== undefined;
  const file = isGiven ? options.file : await generated(folder, options);
  const { plan } = await loadPlan({ file, caseFolder: options.caseFolder, flags: options.flags });
  const { rules } = knowledgeOf(plan.pipeline, describe());
  const { plan: filled } = await lookupsForFile({ plan, rules });
  const days = plan.windows[0] ? `${plan.windows[0].start} to ${plan.windows[0].end}` : 'none';
  const what = isGiven ? { plan: options.file ?? options.caseFolder } : { 'generated hourly pod rows': options.rows };
  return { plan: filled, data: { ...what, days } };
}

/** The plan file of a generated month. */
async function generated(folder: string, { rows, onNote }: BenchOptions): Promise<string> {
  onNote?.(`generating a month of about ${rows} hourly pod rows`);
  const { demo } = knowledgeOf(PIPELINE, describe()).rules;
  if (!demo) throw new RangeError(`${PIPELINE} has no demo to take its month from`);
  const made = (await generate(demo.generate(join(folder, 'month'), rows))) as { clusters: { plan: string }[] };
  return made.clusters[0]?.plan ?? '';
}

async function compared(plan: Plan, folder: string, data: Record<string, unknown>, options: BenchOptions): Promise<Comparison> {
  const { rounds, onNote, signal } = options;
  const { sources } = knowledgeOf(plan.pipeline, describe()).pipeline;
  const contender = (name: string, target: Target | { kind: 'bytes' }): Contender => {
    const job: EngineJob = { plan, sources, target };
    return { name, script: SCRIPT, job };
  };
  const contenders = [
    contender(BASE, { kind: 'discard' }),
    contender('rowmill to Parquet', { kind: 'parquet', path: join(folder, 'rows.parquet') }),
    contender('bare decode', { kind: 'decode' }),
    contender('read bytes', { kind: 'bytes' }),
  ];
  const onTurn = (name: string, round: number): void => onNote?.(round === 0 ? `warming up: ${name}` : `round ${round} of ${rounds}: ${name}`);
  const results = await takeTurns({ contenders, rounds, onTurn, ...(signal ? { signal } : {}) }).catch((error: unknown) => {
    throw signal?.aborted ? interrupted() : error;
  });
  const { rowsRead = 0, bytesRead = 0, rowsOut = 0 } = results[BASE]?.[0]?.details ?? {};
  return { label: 'the run', data: { ...data, rowsOut }, work: { rows: rowsRead, bytes: bytesRead }, base: BASE, results };
}

function interrupted(): RowmillError {
  return new RowmillError({
    code: 'RUN_CANCELLED',
    message: 'the bench was interrupted',
    help: 'Nothing was kept. Begin again.',
    retryable: true,
    place: {},
  });
}
