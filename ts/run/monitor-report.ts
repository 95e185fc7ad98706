import { jobMetrics } from './job-report.js';
import type { JobResult } from './job-types.js';
import type { ActivityReading, MonitorSummary, Sample } from './monitor-types.js';
import type { RunReport } from './types.js';

const MIB = 1024 ** 2;

/** How a run went, as far as its monitor's file tells. */
export interface WatchedRun {
  /** ISO 8601 in UTC. */
  startedAt: string;
  /** ISO 8601 in UTC. */
  endedAt: string;
  seconds: number;
  jobs: readonly JobResult[];
  summary: MonitorSummary;
  lastSample: Sample | null;
  /** Null for a run that did not come to its end. */
  report: RunReport | null;
  /** Why it did not. */
  error: { code: string; message: string } | null;
}

/** A run as a file has it: every name of the format that others read, and ours beside them. docs/scaling.md says what each is. */
export function metricsDocument(run: WatchedRun): Record<string, unknown> {
  const { summary, report, lastSample, seconds } = run;
  const jobs = jobMetrics(run.jobs, seconds);
  const rowsRead = report?.rowsRead ?? lastSample?.rowsRead ?? 0;
  const bytesRead = report?.bytesRead ?? lastSample?.bytesRead ?? 0;
  return {
    total_jobs: jobs.total,
    completed_jobs: jobs.completed,
    failed_jobs: jobs.failed,
    skipped_jobs: jobs.skipped,
    progress_percent: jobs.total > 0 ? (100 * (jobs.completed + jobs.failed + jobs.skipped)) / jobs.total : null,
    total_rows_processed: rowsRead,
    total_rows_output: run.jobs.length > 0 ? jobs.rows : (report?.rowsOut ?? 0),
    rows_written: report?.rowsOut ?? 0,
    bytes_read: bytesRead,
    rows_per_sec: seconds > 0 ? rowsRead / seconds : 0,
    bytes_per_sec: seconds > 0 ? bytesRead / seconds : 0,
    start_time: run.startedAt,
    end_time: run.endedAt,
    total_duration_sec: seconds,
    peak_memory_mb: (report?.peakRssBytes ?? summary.peakRssBytes) / MIB,
    average_memory_mb: summary.averageRssBytes / MIB,
    peak_system_memory_mb: summary.peakSystemBytes / MIB,
    average_cpu_percent: summary.averageCpuPercent,
    ...inMebibytes(summary.io),
    samples: summary.samples,
    workers_planned: summary.workersPlanned,
    workers_least: summary.workersLeast,
    worker_changes: summary.workerChanges.map(({ elapsedSec, from, to, memoryFraction }) => {
      return { elapsed_sec: elapsedSec, from, to, memory_percent: memoryFraction * 100 };
    }),
    job_metrics: Object.fromEntries(run.jobs.map((job) => [job.jobId, metricsOf(job)])),
    error: run.error,
  };
}

/** A sample as a line of a log has it. */
export function sampleRecord(sample: Sample): Record<string, unknown> {
  const { memory } = sample;
  return {
    at: sample.at,
    elapsed_sec: sample.elapsedSec,
    rss_mb: memory.rssBytes / MIB,
    cgroup_memory_mb: memory.cgroup ? memory.cgroup.usedBytes / MIB : null,
    cgroup_limit_mb: memory.cgroup ? memory.cgroup.limitBytes / MIB : null,
    system_memory_mb: memory.system.usedBytes / MIB,
    memory_percent: sample.memoryFraction * 100,
    cpu_percent: sample.cpuPercent,
    system_cpu_percent: sample.systemCpuPercent,
    ...inMebibytes(sample.io),
    system_disk_read_mb: sample.disks ? sample.disks.readBytes / MIB : null,
    system_disk_write_mb: sample.disks ? sample.disks.writeBytes / MIB : null,
    rows_read: sample.rowsRead,
    rows_per_sec: sample.rowsPerSec,
    bytes_read: sample.bytesRead,
    bytes_per_sec: sample.bytesPerSec,
    progress_percent: sample.fraction === null ? null : sample.fraction * 100,
    eta_sec: sample.etaSec,
    workers: sample.workers,
    workers_active: sample.workersActive,
    worker_states: sample.workerStates,
  };
}

function inMebibytes(io: ActivityReading['io']): Record<string, number | null> {
  return { disk_read_mb: io ? io.readBytes / MIB : null, disk_write_mb: io ? io.writeBytes / MIB : null };
}

/** One pass reads for all jobs at once: what a job processed are the rows that were its own. */
function metricsOf({ status, rows = 0, durationSec, error }: JobResult): Record<string, unknown> {
  return {
    status,
    rows_processed: rows,
    rows_output: rows,
    duration_sec: durationSec,
    throughput_rows_sec: durationSec > 0 ? rows / durationSec : 0,
    error,
  };
}
