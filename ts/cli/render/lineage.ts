import type { CacheStats, LineageReport } from '../../lineage/index.js';
import { bytes, count, duration } from './quantities.js';

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
    ...more(failures.length, 'failures'),
    ...problems.first.slice(0, SHOWN).map(({ file, line, column, message }) => `${file}${line > 0 ? `:${line}:${column}` : ''}: ${message}`),
    ...more(problems.count, 'places that are not understood'),
    `${duration(report.seconds)}, ${count(report.filesPerSecond)} files/s; peak memory ${bytes(report.peakRssBytes)}`,
    `seconds: walk ${walk.toFixed(2)}, read ${read.toFixed(2)}, resolve ${resolve.toFixed(2)}, write ${write.toFixed(2)}`,
    `run ${report.runId}`,
  ].join('\n');
}

function more(all: number, what: string): string[] {
  return all > SHOWN ? [`and ${count(all - SHOWN)} more ${what} (--json has ${what === 'failures' ? 'all' : 'the first 200'})`] : [];
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
