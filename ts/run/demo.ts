import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, generate, type Origin, type Plan, resolvePlan, type TableDescription } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type DemoRules, PIPELINES } from '../pipelines/index.js';
import { serverVersion, startEmbedded, summarise, withConnection } from '../postgres/index.js';
import { knowledgeOf } from './context.js';
import { withTemporaryFolder } from './result-set.js';
import { runPlan } from './run-plan.js';
import type { DemoOptions, DemoReport, NamespaceUsage, RunReport, Watch } from './types.js';

/** Hourly pod rows of a demo that names no other number: a month of a small cluster. */
const ROWS = 200_000;

/**
 * Generates a month, starts a PostgreSQL of its own, runs the month into it, and adds it up.
 *
 * The server ends with the demo, also when it fails or is cancelled.
 */
export async function runDemo({ rows = ROWS, directory, ...watch }: DemoOptions): Promise<DemoReport> {
  if (!directory) return withTemporaryFolder((folder) => demoIn(folder, rows, watch, null));
  const folder = resolve(directory);
  await mkdir(folder, { recursive: true });
  return demoIn(folder, rows, watch, folder);
}

async function demoIn(folder: string, rows: number, watch: Watch, kept: string | null): Promise<DemoReport> {
  watch.onNote?.(`generating a month of about ${rows} hourly pod rows`);
  const { demo } = shownPipeline();
  const made = (await generate(demo.generate(folder, rows))) as { clusters: { plan: string }[] };
  watch.onNote?.('starting an embedded PostgreSQL');
  const server = await startEmbedded();
  try {
    const { plan, origins } = await planFor(made.clusters[0]?.plan ?? '', server.url);
    const run = await runPlan({ plan, origins, ...watch });
    return await summarised(plan, server.url, run, kept);
  } finally {
    await server.stop();
  }
}

/** The first pipeline that has a demo. */
function shownPipeline(): { demo: DemoRules; table: TableDescription } {
  const rules = PIPELINES.find(({ demo }) => demo !== undefined);
  const table = rules && knowledgeOf(rules.name, describe()).tables[0];
  if (!rules?.demo || !table) throw new RangeError('no pipeline has a demo');
  return { demo: rules.demo, table };
}

/** The plan that the generator wrote beside the data, with a database to write to. */
async function planFor(file: string, url: string): Promise<{ plan: Plan; origins: Origin[] }> {
  const values = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const resolved = await resolvePlan([
    { origin: `file ${file}`, values },
    { origin: 'demo', values: { 'database.url': url } },
  ]);
  if (resolved.plan) return resolved;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `the generated plan ${file} is refused`,
    help: 'This is a fault of rowmill. Please report it.',
    retryable: false,
    place: { file },
    problems: resolved.problems,
  });
}

async function summarised(plan: Plan, url: string, run: RunReport, kept: string | null): Promise<DemoReport> {
  const { demo, table } = shownPipeline();
  const target = { schema: plan.database.schema, name: table.name };
  return withConnection(url, async (connection) => ({
    month: plan.window.start.slice(0, 7),
    server: (await serverVersion(connection)).text,
    directory: kept,
    namespaces: await summarise<NamespaceUsage>(connection, target, demo.namespaces),
    unallocated: await summarise<NamespaceUsage>(connection, target, demo.unallocated),
    run,
  }));
}
