import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlan } from '#ts/plan/index.js';
import { type RunReport, runPlan } from '#ts/run/index.js';

/** Runs a log, a folder of them, or what the settings name, with no settings but these. */
export async function runOrders(source: string, flags: Record<string, unknown>): Promise<RunReport> {
  const loaded = await loadPlan({ pipeline: 'orders', env: {}, flags: { 'source.root': source, ...flags } });
  return runPlan(loaded);
}

/** The texts of the files below a folder, by path. */
export function textsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}
