import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { RowmillError } from '#ts/errors.js';
import { jobMetrics, jobsDocument, slowestJobs } from '#ts/run/job-report.js';
import type { Job, JobResult } from '#ts/run/job-types.js';
import { executeJobs } from '#ts/run/jobs.js';
import { jobsOfRun, jobTotals } from '#ts/run/jobs-of-run.js';

function job<T>(jobId: string, task?: Job<T>['task']): Job<T> {
  return { jobId, securityCode: 110621, date: '2024-09-05', task };
}

/** A task that takes this long and heeds no signal. */
function slow(milliseconds: number): () => Promise<string> {
  return () => wait(milliseconds, 'done', { ref: false });
}

function result(given: Partial<JobResult>): JobResult {
  const at = '2024-09-05T00:00:00.000Z';
  const base = { jobId: 'a', securityCode: null, date: null, error: null, attempts: 1, startedAt: at, completedAt: at, durationSec: 1 };
  return { ...base, status: 'completed', ...given };
}

test('no jobs give no results', async () => {
  assert.deepEqual(await executeJobs([]), []);
});

test('results come in the order of the jobs, whatever order they end in', async () => {
  const jobs = [30, 1, 15].map((milliseconds) => job(`takes ${milliseconds}`, async () => wait(milliseconds, milliseconds)));
  const results = await executeJobs(jobs, { maxWorkers: 3 });
  assert.deepEqual(
    results.map(({ result, status, securityCode, date, attempts }) => [result, status, securityCode, date, attempts]),
    [30, 1, 15].map((milliseconds) => [milliseconds, 'completed', 110621, '2024-09-05', 1]),
  );
  const ends = results.map(({ completedAt }) => Date.parse(completedAt ?? ''));
  assert.ok((ends[1] ?? 0) <= (ends[0] ?? 0));
});

test('a job that throws fails with its message, a job without a task is skipped, and the others go on', async () => {
  const results = await executeJobs([
    job('throws', () => {
      throw new Error('no such book');
    }),
    job('rejects', () => Promise.reject('a text')),
    job('empty'),
    job('good', () => 7),
  ]);
  assert.deepEqual(
    results.map(({ status, error, result }) => [status, error, result]),
    [
      ['failed', 'no such book', undefined],
      ['failed', 'a text', undefined],
      ['skipped', 'No task function provided', undefined],
      ['completed', null, 7],
    ],
  );
});

test('no more jobs run at the same time than there are workers', async () => {
  let running = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await wait(5);
    running -= 1;
  };
  await executeJobs(
    Array.from({ length: 9 }, (_, index) => job(`${index}`, task)),
    { maxWorkers: 3 },
  );
  assert.equal(most, 3);
});

test('ids that are there twice are refused before anything runs, each named once', async () => {
  let runs = 0;
  const work = executeJobs(['a', 'b', 'a', 'a', 'b', 'c'].map((id) => job(id, () => ++runs)));
  await assert.rejects(work, (error: RowmillError) => {
    assert.ok(error instanceof RowmillError);
    assert.deepEqual(
      error.problems.map(({ value }) => value),
      ['a', 'b'],
    );
    return true;
  });
  assert.equal(runs, 0);
});

test('the time is for each job: one that is late fails and is not waited for, the next one has all of its own', async () => {
  const began = performance.now();
  const results = await executeJobs([job('late', slow(5000)), job('quick', () => wait(20, 'done'))], { maxWorkers: 1, timeoutSec: 0.05 });
  assert.deepEqual(
    results.map(({ status, error }) => [status, error]),
    [
      ['failed', 'timeout: not done after 0.05 s'],
      ['completed', null],
    ],
  );
  assert.ok(performance.now() - began < 2000);
});

test('a late task is told by its signal', async () => {
  let wasTold = false;
  const task = ({ signal }: { signal: AbortSignal }): Promise<void> =>
    new Promise((resolve) =>
      signal.addEventListener('abort', () => {
        wasTold = true;
        resolve();
      }),
    );
  await executeJobs([job('late', task)], { timeoutSec: 0.02 });
  assert.ok(wasTold);
});

test('when the time of the run is over, what runs has failed and what waits is skipped', async () => {
  const results = await executeJobs([job('runs', slow(5000)), job('waits', slow(1))], { maxWorkers: 1, runTimeoutSec: 0.03, retries: 5 });
  assert.deepEqual(
    results.map(({ status, attempts }) => [status, attempts]),
    [
      ['failed', 1],
      ['skipped', 0],
    ],
  );
  assert.match(results[1]?.error ?? '', /timeout/);
});

test('a cancel skips what runs and what waits, and keeps what is done', async () => {
  const controller = new AbortController();
  const cancelling = (): Promise<string> => {
    controller.abort();
    return slow(5000)();
  };
  const jobs = [job('done', () => 'done'), job('runs', cancelling), job('waits', slow(1))];
  const results = await executeJobs(jobs, { maxWorkers: 1, signal: controller.signal });
  assert.deepEqual(
    results.map(({ status, error }) => [status, error]),
    [
      ['completed', null],
      ['skipped', 'cancelled'],
      ['skipped', 'cancelled'],
    ],
  );
  const none = await executeJobs([job('a', () => 1)], { signal: AbortSignal.abort() });
  assert.deepEqual([none[0]?.status, none[0]?.attempts], ['skipped', 0]);
});

test('a job is tried again as often as was said, where another try may help', async () => {
  const failing = (times: number) => {
    let calls = 0;
    return ({ attempt }: { attempt: number }): number => {
      assert.equal(attempt, ++calls);
      if (calls <= times) throw new Error(`try ${calls}`);
      return calls;
    };
  };
  const results = await executeJobs([job('twice', failing(2)), job('always', failing(9))], { retries: 2 });
  assert.deepEqual(
    results.map(({ status, attempts, error }) => [status, attempts, error]),
    [
      ['completed', 3, null],
      ['failed', 3, 'try 3'],
    ],
  );
  const [once] = await executeJobs([job('useless', failing(9))], { retries: 2, shouldRetry: () => false });
  assert.deepEqual([once?.status, once?.attempts], ['failed', 1]);
});

test('a job is seen running, and then over', async () => {
  const seen: string[] = [];
  await executeJobs([job('a', () => 1), job('b')], { maxWorkers: 1, onJob: ({ jobId, status }) => seen.push(`${jobId} ${status}`) });
  assert.deepEqual(seen, ['a running', 'a completed', 'b skipped']);
});

test('metrics count what there is, and the same every time', () => {
  const results = [
    result({ durationSec: 2, rows: 5 }),
    result({ durationSec: 4, attempts: 3 }),
    result({ status: 'failed', error: 'x', durationSec: 9 }),
    result({ status: 'skipped', attempts: 0, startedAt: null }),
  ];
  const metrics = jobMetrics(results, 8);
  assert.deepEqual(metrics, {
    total: 4,
    completed: 2,
    failed: 1,
    skipped: 1,
    totalTimeSec: 8,
    averageJobTimeSec: 3,
    throughputJobsPerSec: 0.25,
    successRate: 50,
    retries: 2,
    rows: 5,
  });
  assert.deepEqual(jobMetrics(results, 8), metrics);
  const nothing = jobMetrics([], 0);
  assert.deepEqual([nothing.successRate, nothing.averageJobTimeSec, nothing.throughputJobsPerSec], [0, 0, 0]);
});

test('the document has the names of the known format, and the slowest three', () => {
  const results = [3, 1, 4, 1, 5].map((durationSec, index) => result({ jobId: `j${index}`, durationSec, securityCode: 1, date: '2024-09-05' }));
  const document = jobsDocument(results, 14) as { metrics: object; results: object[]; slowest: { job_id: string }[] };
  for (const name of ['total_jobs', 'completed_jobs', 'failed_jobs', 'total_time_sec', 'success_rate']) assert.ok(name in document.metrics, name);
  for (const name of ['job_id', 'security_code', 'date', 'status', 'duration_sec', 'error']) assert.ok(name in (document.results[0] ?? {}), name);
  assert.deepEqual(
    document.slowest.map(({ job_id }) => job_id),
    ['j4', 'j2', 'j0'],
  );
  assert.deepEqual(slowestJobs([result({ startedAt: null })]), []);
});

const PASS = { startedAt: '2024-09-06T01:00:00.000Z', endedAt: '2024-09-06T01:00:02.000Z', seconds: 2, attempts: 1 };
const ASKED = { securityCodes: [2, 1], start: '2024-09-06', end: '2024-09-07', allDates: false };

test('one pass completes every job that was asked for, those without rows with 0', () => {
  const details = { jobs: [{ securityCode: 2, date: '2024-09-06', rows: 7 }] };
  const results = jobsOfRun(ASKED, { ...PASS, details });
  assert.deepEqual(
    results.map(({ jobId, status, rows, durationSec }) => [jobId, status, rows, durationSec]),
    [
      ['2_2024-09-06', 'completed', 7, 2],
      ['2_2024-09-07', 'completed', 0, 2],
      ['1_2024-09-06', 'completed', 0, 2],
      ['1_2024-09-07', 'completed', 0, 2],
    ],
  );
});

test('where nothing was asked for, the jobs are the securities and days that there are', () => {
  const details = {
    jobs: [
      { securityCode: 1, date: '2024-09-06', rows: 7 },
      { securityCode: 2, date: '2024-09-05', rows: '9' },
    ],
  };
  const results = jobsOfRun({ securityCodes: [], start: null, end: null, allDates: false }, { ...PASS, details });
  assert.deepEqual(
    results.map(({ jobId, rows }) => [jobId, rows]),
    [
      ['1_2024-09-05', 0],
      ['1_2024-09-06', 7],
      ['2_2024-09-05', 9],
      ['2_2024-09-06', 0],
    ],
  );
  assert.deepEqual(jobsOfRun(null, { ...PASS, details }).length, 2);
  assert.deepEqual(jobsOfRun(null, { ...PASS, details: null }), []);
});

test('the jobs of a run that failed have failed with its error, those of one that was cancelled are skipped', () => {
  for (const status of ['failed', 'skipped'] as const) {
    const results = jobsOfRun(ASKED, { ...PASS, failure: { status, message: 'the reason' } });
    assert.equal(results.length, 4);
    assert.ok(results.every((each) => each.status === status && each.error === 'the reason' && each.rows === undefined));
  }
});

test('a job that was asked for twice has two results with ids of their own', () => {
  const results = jobsOfRun({ ...ASKED, securityCodes: [1, 1], end: '2024-09-06' }, PASS);
  assert.deepEqual(
    results.map(({ jobId }) => jobId),
    ['1_2024-09-06', '1_2024-09-06#2'],
  );
});

test('jobs that are only counted are as many as their results', () => {
  const details = {
    jobs: [
      { securityCode: 1, date: '2024-09-06', rows: 7 },
      { securityCode: 9, date: '2024-09-06', rows: 9 },
    ],
  };
  const failure = { status: 'failed', message: 'x' } as const;
  for (const outcome of [{ ...PASS, details }, PASS, { ...PASS, details, failure }]) {
    for (const selection of [ASKED, { ...ASKED, securityCodes: [1, 1, 2] }, { ...ASKED, securityCodes: [] }, { ...ASKED, allDates: true }, null]) {
      const results = jobsOfRun(selection, outcome);
      const count = (status: string): number => results.filter((each) => each.status === status).length;
      const withoutRows = outcome === PASS || !('failure' in outcome) ? results.filter(({ rows }) => rows === 0).length : null;
      assert.deepEqual(jobTotals(selection, outcome), {
        total: results.length,
        completed: count('completed'),
        failed: count('failed'),
        skipped: count('skipped'),
        withoutRows,
      });
    }
  }
});

test('where there were too many jobs to list, their rows are not known rather than 0', () => {
  const outcome = { ...PASS, details: { jobs: [], warnings: [{ kind: 'jobs', message: 'too many' }] } };
  assert.deepEqual(
    jobsOfRun(ASKED, outcome).map(({ status, rows }) => [status, rows]),
    Array(4).fill(['completed', undefined]),
  );
  assert.deepEqual(jobTotals(ASKED, outcome).withoutRows, null);
});
