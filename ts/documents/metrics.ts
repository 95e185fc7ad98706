import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationsReport, FailureStage } from './types.js';

/** The figures of a run under the names that programs around it know from before. */
export type ApplicationsMetrics = Record<string, unknown>;

/** Failure counters and the stages that they count: every stage is in one of them. */
const COUNTERS: readonly [string, readonly FailureStage[]][] = [
  ['validation_failures', ['validation']],
  ['parsing_failures', ['parsing']],
  ['mapping_failures', ['mapping']],
  ['insertion_failures', ['insertion']],
  ['constraint_violations', ['constraint_violation']],
  ['database_errors', ['database']],
];

/** The metrics document of a run. */
export function applicationsMetrics(report: ApplicationsReport): ApplicationsMetrics {
  const { counts, settings, seconds } = report;
  const sum = (stages: readonly FailureStage[]): number => stages.reduce((total, stage) => total + (report.failuresByStage[stage] ?? 0), 0);
  const busy = report.stageSeconds.fetch + report.stageSeconds.map + report.stageSeconds.load;
  const connections = Number(settings.connections);
  return {
    run_timestamp: report.sessionId,
    run_id: report.runId,
    app_id_start: settings.firstId,
    app_id_end: settings.lastId,
    target: report.target,
    contract: report.contract,
    pooling: connections > 1,
    workers: settings.threads,
    connections,
    batch_size: settings.batchSize,
    limit: settings.limit,
    total_applications_processed: counts.loaded + counts.failed,
    total_applications_successful: counts.loaded,
    total_applications_failed: counts.failed,
    blank_applications: counts.blank,
    success_rate: counts.loaded + counts.failed > 0 ? (100 * counts.loaded) / (counts.loaded + counts.failed) : 100,
    total_duration_seconds: seconds,
    applications_per_minute: report.documentsPerMinute,
    total_database_inserts: report.rows,
    parallel_efficiency: seconds > 0 ? Math.min(1, busy / (seconds * connections)) : 0,
    failure_summary: {
      ...Object.fromEntries(COUNTERS.map(([name, stages]) => [name, sum(stages)])),
      // A document fails by its own fault or the run fails: there is nothing in between to count here.
      system_errors: 0,
      unknown_failures: 0,
    },
    failed_apps: report.failures.map(({ id, source, stage, reason }) => ({ app_id: id, source, error_stage: stage, error_message: reason })),
    quality_issue_apps: report.quality.documents,
    quality_issue_count: report.quality.issues,
    peak_rss_bytes: report.peakRssBytes,
    batch_details: report.batches.map(({ number, taken, failed, rows, seconds: batchSeconds }) => ({
      batch_number: number,
      total_applications_processed: taken,
      duration_seconds: batchSeconds,
      applications_per_minute: batchSeconds > 0 ? (taken * 60) / batchSeconds : 0,
      database_inserts: rows,
      application_failures: failed,
    })),
  };
}

/** Name of a run's metrics file. */
export function metricsName({ sessionId, settings }: ApplicationsReport): string {
  const { firstId, lastId, shards, shard } = settings;
  if (shards !== null) return `metrics_${sessionId}_instance_${shard}_of_${shards}.json`;
  return firstId === null && lastId === null ? `metrics_${sessionId}.json` : `metrics_${sessionId}_range_${firstId ?? ''}_${lastId ?? ''}.json`;
}

/** Writes the metrics of a run into a folder, and answers with the path. */
export async function writeMetrics(folder: string, report: ApplicationsReport): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, metricsName(report));
  await writeFile(path, `${JSON.stringify(applicationsMetrics(report), null, 2)}\n`);
  return path;
}
