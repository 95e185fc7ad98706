import type { CacheStats, FeatureMap, LineageReport, LoadRun, SessionRecord, UploadReport, WatchStats } from '../../lineage/index.js';
import { bytes, count, duration } from './quantities.js';
import { table } from './table.js';

/** Problems and failures that are shown one by one. */
const SHOWN = 20;

/** What a run of lineage did, for people. */
export function renderLineage({ files, statements, graph, problems, failures, ...report }: LineageReport): string {
  const share = statements.bearing === 0 ? '' : ` (${((statements.structured / statements.bearing) * 100).toFixed(1)} %)`;
  const { walk, read, resolve, write } = report.stageSeconds;
  return [
    `${count(files.found)} files: ${count(files.written)} written, ${count(files.unchanged)} unchanged, ${count(files.removed)} removed, ` +
      `${count(files.failed)} failed; ${count(files.cached)} were in the cache`,
    `${count(statements.all)} statements; of ${count(statements.bearing)} that bear lineage ${count(statements.structured)} are understood${share}`,
    `${count(graph.nodes)} nodes and ${count(graph.edges)} edges written${graph.retries > 0 ? `, ${count(graph.retries)} retries` : ''}` +
      `${graph.deadLetters > 0 ? `, ${count(graph.deadLetters)} items not written` : ''}` +
      `${graph.unmatched > 0 ? `, ${count(graph.unmatched)} ends of edges that no file tells of` : ''}`,
    ...failures.slice(0, SHOWN).map(({ file, reason }) => `failed ${file}: ${reason}`),
    ...more(files.failed, 'failures'),
    ...problems.first.slice(0, SHOWN).map(({ file, line, column, message }) => `${file}${line > 0 ? `:${line}:${column}` : ''}: ${message}`),
    ...more(problems.count, 'places that are not understood'),
    `${duration(report.seconds)}, ${count(report.filesPerSecond)} files/s; peak memory ${bytes(report.peakRssBytes)}`,
    `seconds: walk ${walk.toFixed(2)}, read ${read.toFixed(2)}, resolve ${resolve.toFixed(2)}, write ${write.toFixed(2)}`,
    `run ${report.runId}`,
  ].join('\n');
}

function more(all: number, what: string): string[] {
  return all > SHOWN ? [`and ${count(all - SHOWN)} more ${what} (--json has the first 200)`] : [];
}

/** What a cache holds. */
export function renderCacheStats(stats: CacheStats, cache: { path: string; maxEntries: number; ttlDays: number }, nowMs: number): string {
  const reads = stats.hits + stats.misses;
  const rate = reads === 0 ? '0.00' : ((stats.hits / reads) * 100).toFixed(2);
  const days = stats.oldestMs === null ? 'none' : `${((nowMs - stats.oldestMs) / 86_400_000).toFixed(1)} days`;
  return [
    `cache    ${cache.path}`,
    `entries  ${count(stats.entries)} of ${count(cache.maxEntries)}`,
    `size     ${bytes(stats.bytes)}`,
    `reads    ${count(stats.hits)} hits, ${count(stats.misses)} misses, hit rate ${rate} %`,
    `oldest   ${days}; entries are kept ${cache.ttlDays} days`,
  ].join('\n');
}

/** What watching came to. */
export function renderWatch({ batcher, pool, totals, runId }: WatchStats): string {
  const { files, graph } = totals;
  return [
    `${count(batcher.events_received)} events, ${batcher.deduplication_rate_percent.toFixed(2)} % of them of files that waited already; ${count(batcher.batches_processed)} batches`,
    `${count(files.written)} files written, ${count(files.unchanged)} unchanged, ${count(files.removed)} removed, ${count(files.failed)} failed`,
    `${count(graph.nodes)} nodes and ${count(graph.edges)} edges written; ${count(graph.retries)} retries, ${count(graph.deadLetters)} items not written`,
    `${count(pool.tasks_completed)} of ${count(pool.tasks_submitted)} tasks done, ${count(pool.tasks_failed)} failed; waited ${count(pool.back_pressure_events)} times`,
    `run ${runId}`,
  ].join('\n');
}

/** What became of uploaded files, and of the graph. */
export function renderUpload({ files, runFolder, lineage }: UploadReport): string {
  const lines = files.map(({ file, name, error }) => (error === null ? `kept ${file} as ${name}` : `refused ${file}: ${error}`));
  return [...lines, `kept for good in ${runFolder}`, renderLineage(lineage)].join('\n');
}

/** Features, and what is said of them. */
export function renderFeatures({
  features,
  level,
  warnings,
}: {
  features: FeatureMap;
  level: { percent: number; text: string };
  warnings: string[];
}): string {
  return [
    ...Object.entries(features).map(([name, isOn]) => `[${isOn ? 'ON' : 'OFF'}]`.padEnd(6) + name),
    `${level.percent} %: ${level.text}`,
    ...warnings.map((line) => `warning: ${line}`),
  ].join('\n');
}

/** Sessions, newest first. */
export function renderSessions(sessions: readonly SessionRecord[]): string {
  if (sessions.length === 0) return 'no sessions yet';
  const rows = sessions.map(({ id, startedAt, source, project, status, totalFiles, processed, failed, nodes }) => {
    return [startedAt, id, source, project, status, `${processed}/${totalFiles}`, failed, nodes];
  });
  return table(
    [['started', 'session', 'source', 'project', 'status', 'files', 'failed', 'nodes'], ...rows],
    [false, false, false, false, false, true, true, true],
  );
}

/** How runs of a load test went. */
export function renderLoadTest(runs: readonly LoadRun[]): string {
  const rows = runs.map(({ name, files, written, errors, seconds, filesPerSecond, latencyMs, peakRssBytes }) => {
    const { p50, p95, p99 } = latencyMs;
    return [
      name,
      files,
      written,
      errors,
      seconds.toFixed(2),
      Math.round(filesPerSecond),
      p50.toFixed(0),
      p95.toFixed(0),
      p99.toFixed(0),
      bytes(peakRssBytes),
    ];
  });
  const head = ['run', 'files', 'written', 'errors', 's', 'files/s', 'p50 ms', 'p95 ms', 'p99 ms', 'peak memory'];
  return table([head, ...rows], [false, ...head.slice(1).map(() => true)]);
}
