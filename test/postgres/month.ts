import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { generate, type Origin, type Plan, resolvePlan } from '#ts/addon.js';

/** Generated input and the plan to run it. */
export interface Month {
  folder: string;
  plan: Plan;
  origins: Origin[];
}

const folders: string[] = [];
after(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A folder that is gone after the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rowmill-test-'));
  folders.push(folder);
  return folder;
}

/** Generates a small cluster's usage; the folder is gone after the test file. */
export async function generateMonth(settings: Record<string, unknown> = {}, values: Record<string, unknown> = {}): Promise<Month> {
  const folder = await temporaryFolder();
  const spec = { out: folder, account: 'org_demo', rows: 20_000, nodes: 4, namespaces: 6, volumes: 8, ...settings };
  const { clusters } = (await generate(spec)) as { clusters: { plan: string }[] };
  return { folder, ...(await planOf(clusters[0]?.plan ?? '', values)) };
}

/** Reads a plan file with further values on top. */
export async function planOf(file: string, values: Record<string, unknown>): Promise<{ plan: Plan; origins: Origin[] }> {
  const resolved = await resolvePlan([
    { origin: 'file', values: JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown> },
    { origin: 'test', values },
  ]);
  if (!resolved.plan) throw new Error(JSON.stringify(resolved.problems));
  return resolved;
}

/** The same plan with another database. */
export function into(plan: Plan, url: string): Plan {
  return { ...plan, database: { ...plan.database, url } };
}
