import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Counters, Plan } from '#ts/addon.js';
import type { ErrorCode } from '#ts/error-codes.js';
import { RowmillError } from '#ts/errors.js';
import { JobProgress } from '#ts/run/job-progress.js';
import { runWatched } from '#ts/run/run-watched.js';
import type { RunOptions, RunReport } from '#ts/run/types.js';
import { folderWith } from '../folder.js';

const MIB = 1024 ** 2;
const PLAN = { pipeline: 'made up', budget: { threads: 4, memory: 100 * MIB }, windows: [{}] } as unknown as Plan;
const OPTIONS: RunOptions = { plan: PLAN, origins: [] };
const REPORT = {
  rowsRead: 1000,
  rowsOut: 7,
  bytesRead: 4000,
  peakRssBytes: 64 * MIB,
  details: { jobs: [{ securityCode: 110621, date: '2024-09-05', rows: 42 }] },
} as unknown as RunReport;
const COUNTERS = { rowsRead: 500, bytesRead: 1000, filesDone: 0, filesTotal: 1, workers: [] } as unknown as Counters;

type Run = (options: RunOptions) => Promise<RunReport>;

/** A run that opens one engine, works until it is let go or cancelled, and then does what it was told. */
function working(end: (attempt: number) => RunReport, milliseconds = 0): Run {
  let attempt = 0;
  return async ({ onEngine, signal }) => {
    onEngine?.({ counters: () => COUNTERS, setWorkers: () => undefined }, 4000);
    try {
      await wait(milliseconds, undefined, signal ? { signal } : {});
    } catch {
      throw failure('RUN_CANCELLED', true);
    } finally {
      onEngine?.(null, 0);
    }
    return end(++attempt);
  };
}

function failure(code: ErrorCode, retryable: boolean): RowmillError {
  return new RowmillError({ code, message: `the message of ${code}`, retryable, place: {} });
}

function throwing(code: ErrorCode, retryable: boolean): () => RunReport {
  return () => {
    throw failure(code, retryable);
  };
}

/** All three files of a run, by name. */
function filesIn(folder: string): Record<'monitorOut' | 'monitorLog' | 'jobsOut', string> {
  return { monitorOut: join(folder, 'monitor.json'), monitorLog: join(folder, 'monitor.jsonl'), jobsOut: join(folder, 'jobs.json') };
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into documents whose names it checks
function json(path: string): any {
  return JSON.parse(readFileSync(path, 'utf8'));
}

test('a run that is watched writes its metrics, its jobs, and a line for every sample', async (t) => {
  const files = filesIn(folderWith(t));
  const report = await runWatched(
    OPTIONS,
    { ...files, keepJobs: true },
    working(() => REPORT),
  );
  assert.deepEqual([report.rowsRead, report.attempts, report.jobs.total, report.monitor.workersPlanned], [1000, 1, 1, 4]);
  assert.deepEqual(
    report.jobResults?.map(({ jobId, rows }) => [jobId, rows]),
    [['110621_2024-09-05', 42]],
  );
  const metrics = json(files.monitorOut);
  for (const name of ['start_time', 'end_time', 'total_duration_sec', 'average_memory_mb', 'average_cpu_percent']) assert.ok(name in metrics, name);
  assert.deepEqual([metrics.total_jobs, metrics.completed_jobs, metrics.failed_jobs, metrics.progress_percent], [1, 1, 0, 100]);
  assert.deepEqual([metrics.total_rows_processed, metrics.total_rows_output, metrics.rows_written, metrics.peak_memory_mb], [1000, 42, 7, 64]);
  assert.equal(metrics.job_metrics['110621_2024-09-05'].rows_output, 42);
  const jobs = json(files.jobsOut);
  assert.deepEqual([jobs.metrics.total_jobs, jobs.results[0].status, jobs.results[0].rows, jobs.error], [1, 'completed', 42, null]);
  const lines = readFileSync(files.monitorLog, 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, metrics.samples);
  for (const name of ['rss_mb', 'memory_percent', 'cpu_percent', 'rows_per_sec', 'eta_sec', 'workers'])
    assert.ok(name in JSON.parse(lines[0] ?? ''), name);
});

test('a run that fails writes its files too, and its error is the one that is thrown', async (t) => {
  const files = filesIn(folderWith(t));
  await assert.rejects(runWatched(OPTIONS, files, working(throwing('INPUT_MISSING', false))), { code: 'INPUT_MISSING' });
  assert.equal(json(files.jobsOut).error.code, 'INPUT_MISSING');
  const metrics = json(files.monitorOut);
  assert.deepEqual([metrics.error.code, metrics.total_rows_processed], ['INPUT_MISSING', 500]);
});

test('a run that takes too long is cancelled, and says so', async (t) => {
  const files = filesIn(folderWith(t));
  const late = runWatched(
    OPTIONS,
    { ...files, timeoutSec: 0.02 },
    working(() => REPORT, 60_000),
  );
  await assert.rejects(late, { code: 'RUN_TIMED_OUT', message: 'timeout: the run was not done after 0.02 s' });
  assert.match(json(files.jobsOut).error.message, /^timeout/);
});

test('a cancel from outside is a cancel, also where there is a time limit', async () => {
  const controller = new AbortController();
  const run = runWatched(
    { ...OPTIONS, signal: controller.signal },
    { timeoutSec: 60, retries: 3 },
    working(() => REPORT, 60_000),
  );
  controller.abort();
  await assert.rejects(run, { code: 'RUN_CANCELLED' });
});

test('a run is tried again where another try may help, with an id of its own, and not more often than was said', async () => {
  const ids: (string | undefined)[] = [];
  const notes: string[] = [];
  const third = working((attempt) => (attempt < 3 ? throwing('SINK_CONNECTION_LOST', true)() : REPORT));
  const run: Run = (options) => {
    ids.push(options.runId);
    return third(options);
  };
  const report = await runWatched({ ...OPTIONS, runId: 'first', onNote: (line) => notes.push(line) }, { retries: 2 }, run);
  assert.deepEqual([report.attempts, ids, notes.length], [3, ['first', undefined, undefined], 2]);
  let tries = 0;
  const never = working(() => {
    tries += 1;
    throw failure('SINK_CONNECTION_LOST', true);
  });
  await assert.rejects(runWatched(OPTIONS, { retries: 1 }, never), { code: 'SINK_CONNECTION_LOST' });
  assert.equal(tries, 2);
  tries = 0;
  const useless = working(() => {
    tries += 1;
    throw failure('DATA_VALUE_INVALID', false);
  });
  await assert.rejects(runWatched(OPTIONS, { retries: 5 }, useless), { code: 'DATA_VALUE_INVALID' });
  assert.equal(tries, 1);
});

test('memory that becomes scarce and then falls takes workers and gives them back: in the engine, the notes and the report', async () => {
  const told: number[] = [];
  const notes: string[] = [];
  const readings = [10, 95, 95, 20, 20, 20, 20];
  let sec = 0;
  const memory = () => ({ rssBytes: (readings[sec++] ?? 20) * MIB, cgroup: null, system: { usedBytes: 0, totalBytes: 1 } });
  const limits = { highFraction: 0.85, lowFraction: 0.7, factor: 0.8, coolDownSec: 0, quietSec: 0 };
  const run: Run = async ({ onEngine }) => {
    onEngine?.({ counters: () => COUNTERS, setWorkers: (count) => void told.push(count) }, 4000);
    while (sec < readings.length) await wait(1);
    onEngine?.(null, 0);
    return REPORT;
  };
  const { monitor } = await runWatched({ ...OPTIONS, onNote: (line) => notes.push(line) }, { memory, limits, intervalMs: 1 }, run);
  assert.deepEqual(told, [3, 2, 3, 4]);
  assert.deepEqual([monitor.workersLeast, monitor.workerChanges.map(({ to }) => to)], [2, [3, 2, 3, 4]]);
  assert.equal(notes[0], 'memory at 95 %: 3 workers instead of 4');
});

test('a file that cannot be written is found before the run where it is the log, and after it where it is another', async (t) => {
  const absent = join(folderWith(t), 'absent', 'x.json');
  let runs = 0;
  const run = working(() => {
    runs += 1;
    return REPORT;
  });
  await assert.rejects(runWatched(OPTIONS, { monitorLog: absent }, run), { code: 'SINK_FILE_FAILED' });
  assert.equal(runs, 0);
  await assert.rejects(runWatched(OPTIONS, { jobsOut: absent }, run), { code: 'SINK_FILE_FAILED' });
  assert.deepEqual([runs, existsSync(absent)], [1, false]);
});

test('jobs that failed or were skipped are over as well, and the time left is by those that are not', () => {
  let sec = 0;
  const progress = new JobProgress(4, () => sec);
  assert.deepEqual([progress.record().progress_percent, progress.record().eta_sec], [0, null]);
  for (const id of ['a', 'b', 'c']) progress.started(id);
  sec = 6;
  progress.completed('a', 100, 10);
  progress.failed('b', 'why');
  progress.skipped('c', 'cancelled');
  const record = progress.record();
  assert.deepEqual([record.progress_percent, record.completed_jobs, record.failed_jobs, record.pending_jobs, record.eta_sec], [75, 1, 1, 1, 2]);
  assert.deepEqual([record.total_rows_processed, record.total_rows_output, record.elapsed_sec], [100, 10, 6]);
  progress.completed('d', 0, 0);
  assert.equal(progress.record().progress_percent, 100);
  const { a, b } = progress.jobMetrics();
  assert.deepEqual([a?.duration_sec, a?.throughput_rows_sec, b?.status, b?.error], [6, 100 / 6, 'failed', 'why']);
});
