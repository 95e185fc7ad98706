import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphSink } from '../graph/sink.js';
import { optionsOf } from './config/apply.js';
import type { Settings } from './config/keys.js';
import { Observed } from './observed.js';
import { type LineageReport, runLineage } from './run-lineage.js';
import { generateSql } from './tree.js';
import { walkTree } from './walk.js';

/** How one run of a load test went. */
export interface LoadRun {
  /** `cold`: nothing is known. `warm`: nothing has changed. `changed`: every tenth file has. */
  name: 'cold' | 'warm' | 'changed';
  files: number;
  written: number;
  errors: number;
  seconds: number;
  filesPerSecond: number;
  /** Milliseconds from the reading of a file to its being written, the wait for others of its batch included. */
  latencyMs: { p50: number; p95: number; p99: number };
  /** Of the process so far. */
  peakRssBytes: number;
  graph: { nodes: number; edges: number; retries: number };
}

export interface LoadTestOptions {
  settings: Settings;
  /** A sink for each run. The graph of the first stays for those that follow: it should be empty before. */
  sink: () => Promise<GraphSink>;
  /** Files that are made up, where no folder is given. */
  files: number;
  /** A folder of one's own: read, and not changed, so the run with changes is left out. */
  folder?: string;
  signal?: AbortSignal;
}

/**
 * Measures runs over many files: cold, unchanged, and with a tenth of them changed.
 *
 * @throws RowmillError as `runLineage`
 */
export async function loadTest({ settings, sink, files, folder, signal }: LoadTestOptions): Promise<LoadRun[]> {
  const made = await mkdtemp(join(tmpdir(), 'rowmill-load-'));
  try {
    const corpus = folder ?? join(made, 'corpus');
    if (folder === undefined) await generateSql(corpus, files);
    // A cache of its own: what others left in theirs would make the first run warm.
    const own: Settings = { ...settings, 'cache.path': join(made, 'cache.db'), 'cache.max_entries': Math.max(settings['cache.max_entries'], files) };
    const run = async (name: LoadRun['name']): Promise<LoadRun> => {
      const meter = new Observed({ ...own, 'features.metrics': true, 'statsd.host': null });
      const report = await runLineage({ ...optionsOf(own), paths: [corpus], sink: await sink(), meter, ...(signal ? { signal } : {}) });
      return loadRun(name, report, (await meter.metrics.summary()).histograms.file_processing_duration_seconds);
    };
    const runs = [await run('cold'), await run('warm')];
    if (folder !== undefined) return runs;
    await changeTenth(corpus);
    return [...runs, await run('changed')];
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function changeTenth(corpus: string): Promise<void> {
  const { files } = await walkTree([corpus]);
  for (const [at, { path }] of files.entries())
    if (at % 10 === 0) await appendFile(path, `\n-- changed\nCREATE VIEW changed_${at} AS SELECT 1 AS one;\n`);
}

function loadRun(name: LoadRun['name'], report: LineageReport, latency: { p50: number; p95: number; p99: number } | undefined): LoadRun {
  const ms = (seconds: number | undefined): number => (seconds ?? 0) * 1000;
  const { files, graph, seconds, filesPerSecond, peakRssBytes } = report;
  return {
    name,
    files: files.found,
    written: files.written,
    errors: files.failed,
    seconds,
    filesPerSecond,
    latencyMs: { p50: ms(latency?.p50), p95: ms(latency?.p95), p99: ms(latency?.p99) },
    peakRssBytes,
    graph: { nodes: graph.nodes, edges: graph.edges, retries: graph.retries },
  };
}

/** Writes what a load test found as JSON. */
export async function writeLoadTest(path: string, runs: readonly LoadRun[]): Promise<void> {
  await writeFile(path, `${JSON.stringify({ timestamp: new Date().toISOString(), runs }, null, 2)}\n`);
}
