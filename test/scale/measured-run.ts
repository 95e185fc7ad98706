/** Generated months of any size, and runs of them whose memory is measured from outside. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowmill, start } from '../cli/program.js';

export const MIB = 1 << 20;

/** Whether to run the sizes of the promise instead of those that a change can wait for. Wants the release build of the addon. */
export const IS_FULL = process.env.ROWMILL_SCALE === 'full';

/** How often the kernel is asked for the high-water mark; it never falls, so only the last moments can be missed. */
const LOOK_EVERY_MS = 20;

export interface GeneratedMonth {
  plan: string;
  files: number;
  rows: number;
}

/** Generates one cluster's month. */
export async function generateMonth(out: string, ...settings: string[]): Promise<GeneratedMonth> {
  const { code, out: text, err } = await rowmill(['generate', 'cost', 'openshift', '--out', out, '--json', ...settings]);
  assert.equal(code, 0, err);
  const { files, hourlyPodRows } = JSON.parse(text) as { files: number; hourlyPodRows: number };
  return { plan: join(out, 'cluster-001', 'plan.json'), files, rows: hourlyPodRows };
}

export interface MeasuredRun {
  rowsRead: number;
  rowsOut: number;
  spilledBytes: number;
  seconds: number;
  /** What the process says of itself at its end, in bytes. */
  peakRssBytes: number;
  /** What the kernel said of the process while it ran, in bytes; 0 where there is no /proc. */
  seenRssBytes: number;
}

/** Runs a month to a file in a process of its own. */
export async function measuredRun(plan: string, out: string, ...flags: string[]): Promise<MeasuredRun> {
  return watched<Omit<MeasuredRun, 'seenRssBytes'>>(['run', '--plan', plan, '--out', out, ...flags]);
}

/** Runs the program to its end, which must be one of these codes, and adds to its report what the kernel said of its memory. */
export async function watched<Report>(args: readonly string[], codes: readonly number[] = [0]): Promise<Report & { seenRssBytes: number }> {
  const { child, ended } = start([...args, '--json', '--quiet']);
  let seenRssBytes = 0;
  const timer = setInterval(() => {
    seenRssBytes = Math.max(seenRssBytes, highWaterOf(child.pid));
  }, LOOK_EVERY_MS);
  const { code, out: text, err } = await ended.finally(() => clearInterval(timer));
  assert.ok(code !== null && codes.includes(code), err);
  return { ...(JSON.parse(text) as Report), seenRssBytes };
}

function highWaterOf(pid: number | undefined): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The larger of both measurements; they must not contradict each other by more than the moments between two looks. */
export function peakOf({ peakRssBytes, seenRssBytes }: Pick<MeasuredRun, 'peakRssBytes' | 'seenRssBytes'>): number {
  assert.ok(seenRssBytes <= peakRssBytes * 1.02 + MIB, `the kernel saw ${seenRssBytes}, the report says ${peakRssBytes}`);
  return Math.max(peakRssBytes, seenRssBytes);
}

/** The run stayed below so many bytes. */
export function assertPeakBelow(run: MeasuredRun, bytes: number): void {
  const peak = peakOf(run);
  assert.ok(peak < bytes, `peak of ${(peak / MIB).toFixed(0)} MiB, wanted below ${(bytes / MIB).toFixed(0)} MiB`);
}

/** One line for people who run the full sizes. */
export function describe(run: MeasuredRun): string {
  const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
  const rate = Math.round(run.rowsRead / run.seconds / 1000);
  return `${run.rowsRead} rows read, ${run.rowsOut} written in ${run.seconds.toFixed(1)} s (${rate} k rows/s), peak ${mebibytes(peakOf(run))}, spilled ${mebibytes(run.spilledBytes)}`;
}
