import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '#ts/addon.js';
import { parseTolerance } from '#ts/cli/commands/compare.js';
import { progressLine } from '#ts/cli/progress.js';
import { renderChecks } from '#ts/cli/render/checks.js';
import { renderComparison } from '#ts/cli/render/comparison.js';
import { withoutPassword } from '#ts/cli/render/origins.js';
import { jobsText, unitCounts, unitsText } from '#ts/cli/render/planned-work.js';
import { bytes, count, duration, rate } from '#ts/cli/render/quantities.js';
import { renderRun } from '#ts/cli/render/run-report.js';
import { table } from '#ts/cli/render/table.js';
import type { RunReport } from '#ts/run/index.js';

const COUNTS = { rows: 1200, bytes: 5, deleted: 7 };
const TABLES = [{ name: 'summary', ...COUNTS }];
const WINDOW = { start: '2025-10-01', end: '2025-10-31', firstDay: '2025-10-03', ...COUNTS, tables: TABLES, seconds: 1.5, attempts: 2 };
const REPORT: RunReport = {
  runId: 'an id',
  pipeline: 'cost openshift',
  target: 'org.summary',
  windows: [WINDOW, { ...WINDOW, start: '2025-11-01', firstDay: '2025-11-01', attempts: 0, skipped: 'period' }],
  tables: TABLES,
  files: [],
  quarantine: null,
  rowsRead: 1_000_000,
  rowsKept: 1_000_000,
  filters: [],
  bytesRead: 2048,
  rowsOut: 1200,
  seconds: 2,
  rowsPerSecond: 500_000,
  peakRssBytes: 200 * 1024 ** 2,
  spilledBytes: 0,
  cpu: [
    { phase: 'open', seconds: 0.001 },
    { phase: 'decode', seconds: 1.234 },
    { phase: 'groups', seconds: 0.5 },
  ],
  rejected: [{ reason: 'labels are no JSON', rows: 3, place: { file: 'a.parquet', row: 0 } }],
  rowsRejected: 3,
  lookups: [{ field: 'openshift.nodes', origin: 'plan', entries: 4 }],
  details: null,
  mode: 'streaming',
  threads: 2,
  memoryBudgetBytes: 512 * 1024 ** 2,
  notes: [],
};

test('quantities are short, and the same in every locale', () => {
  assert.deepEqual([0, 1023, 1024, 10 * 1024, 3.5 * 1024 ** 3].map(bytes), ['0 B', '1023 B', '1.0 KiB', '10 KiB', '3.5 GiB']);
  assert.deepEqual([0, 999, 1000, 1234567].map(count), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual([12, 3400, 1.25e6].map(rate), ['12', '3 k', '1.3 M']);
  assert.deepEqual([0.421, 12.34, 75.3].map(duration), ['0.42 s', '12.3 s', '1 min 15 s']);
});

test('a table lines up, numbers to the right, without blanks at the end', () => {
  assert.equal(
    table(
      [
        ['name', 'rows', ''],
        ['a', 1, ''],
        ['long name', 1000, 'x'],
      ],
      [false, true],
    ),
    'name       rows\na             1\nlong name  1000  x',
  );
});

test('a tolerance is a fraction or a percentage', () => {
  assert.deepEqual(['0', '0.0001', '.5', '1e-9', '0.01%', ' 5 % '].map(parseTolerance), [0, 0.0001, 0.5, 1e-9, 0.0001, 0.05]);
  for (const text of ['', 'x', '-1', '1.5', '101%', '1,5']) assert.throws(() => parseTolerance(text), /percentage/);
});

test('what to do stands under a check that is not good', () => {
  const lines = renderChecks([
    { name: 'input files', state: 'ok', detail: '31 files', help: 'not shown' },
    { name: 'database', state: 'fail', detail: 'refused', help: 'Start it.' },
  ]).split('\n');
  assert.deepEqual(lines, ['ok    input files  31 files', 'fail  database     refused', '                   Start it.']);
});

test('a comparison names the days, totals and rows that differ, and only those', () => {
  const comparison: Comparison = {
    leftRows: 10,
    rightRows: 9,
    matched: 8,
    onlyLeft: 1,
    onlyRight: 0,
    different: 1,
    samples: [{ kind: 'different', key: { namespace: 'shop', node: null }, column: 'cpu', left: '1', right: null }],
    totals: [
      { column: 'cpu', left: 5, right: 4, relative: 0.2 },
      { column: 'memory', left: 5, right: 5.0000000001, relative: 2e-11 },
    ],
    days: [
      { day: '2025-10-01', leftRows: 5, rightRows: 5, different: 0 },
      { day: '2025-10-02', leftRows: 5, rightRows: 4, different: 1 },
    ],
  };
  const text = renderComparison(comparison, 1e-9);
  assert.match(text, /^10 rows in left, 9 in right: 8 equal, 1 different, 1 only in left, 0 only in right$/m);
  assert.match(text, /^2025-10-02 +5 +4 +1$/m);
  assert.match(text, /^cpu +5 +4 +20\.0 %$/m);
  assert.match(text, /different: namespace=shop: cpu is 1 and NULL$/m);
  assert.ok(!/2025-10-01|memory/.test(text));
});

test('a report shows what was skipped, moved, tried again and left out', () => {
  const text = renderRun(REPORT);
  assert.match(text, /^1,200 rows in org\.summary$/m);
  assert.match(text, /from 2025-10-03, 2 attempts$/m);
  assert.match(text, /skipped: no report period$/m);
  assert.match(text, /^left out 3 rows: labels are no JSON \(first: a\.parquet, row 0\)$/m);
  assert.match(text, /read in 2\.00 s: 500 k rows\/s; peak memory 200 MiB of 512 MiB, streaming, 2 threads$/m);
  assert.match(text, /^CPU seconds: decode 1\.23, groups 0\.50$/m);
});

test('a report of several tables shows each, the files beside them, and what filters let pass', () => {
  const tables = ['by_date', 'by_hour'].map((name, at) => ({ name, rows: 1000 * (at + 1), bytes: 5, deleted: at }));
  const window = {
    start: '0001-01-01',
    end: '9999-12-31',
    firstDay: '0001-01-01',
    rows: 3000,
    bytes: 10,
    deleted: 1,
    tables,
    seconds: 1,
    attempts: 1,
  };
  const report = { ...REPORT, windows: [window], tables, files: [{ path: 'out/orders.csv', rows: 12_345, bytes: 2048 }] };
  const text = renderRun({ ...report, filters: [{ input: 'orders', name: 'security', rows: 90_000 }] });
  assert.match(text, /^all days +3,000 +1 /m);
  assert.match(text, /^by_date +1,000 +0$/m);
  assert.match(text, /^by_hour +2,000 +1$/m);
  assert.match(text, /^out\/orders\.csv: 12,345 rows, 2\.0 KiB$/m);
  assert.match(text, /^rows: 1,000,000 read, 90,000 after security$/m);
});

test('jobs are listed where the plan says securities and days, and else what they wait for', () => {
  const entries = [1, 2].flatMap((security) => ['2024-09-04', '2024-09-05'].map((day) => [security, day] as const));
  assert.equal(
    jobsText({ entries, fromInput: [] }),
    'jobs: 4 (2 securities on 2 days)\n  1  2024-09-04\n  1  2024-09-05\n  2  2024-09-04\n  2  2024-09-05',
  );
  assert.match(jobsText({ entries: [], fromInput: ['securities', 'days'] }), /the securities and the days come from the input$/);
  assert.match(jobsText({ entries: Array.from({ length: 100 }, (_, at) => [at, '2024-09-04'] as const), fromInput: [] }), /and 40 more/);
});

test('units are counted with their bytes and ranges', () => {
  const unit = { input: 'orders', uri: '/a.csv', size: 3000, version: '1' };
  const counts = unitCounts([
    { ...unit, range: { start: 0, end: 2000 } },
    { ...unit, range: { start: 2000, end: 3000 } },
    { ...unit, size: 24 },
  ]);
  assert.deepEqual(counts, { units: 3, bytes: 3024, ranges: 2, largestBytes: 2000 });
  assert.equal(unitsText(counts), 'units: 3 of 3.0 KiB in all, 2 of them ranges of a file, the largest 2.0 KiB');
});

test('a progress line says window, files, rows and speed', () => {
  const counters = {
    stage: 'read' as const,
    filesTotal: 31,
    filesDone: 4,
    rowGroupsRead: 4,
    rowGroupsPruned: 0,
    rowsRead: 3000,
    rowsKept: 3000,
    bytesRead: 1,
    stateBytes: 0,
    spilledBytes: 0,
    spills: 0,
    rowsOut: 0,
    bytesOut: 0,
    workersActive: 1,
    workers: [],
    cpu: [],
  };
  const progress = {
    window: 1,
    windows: 2,
    start: '2025-10-01',
    end: '2025-10-31',
    phase: 'compute' as const,
    counters,
    bytesTotal: 100,
    bytesLoaded: 0,
    seconds: 1.5,
  };
  assert.equal(progressLine(progress), 'window 1/2 (2025-10-01 to 2025-10-31), compute: 4/31 files, 3,000 rows, 2 k rows/s, 1 B/s, 1.50 s');
});

test('passwords in connection URLs are not shown', () => {
  assert.equal(withoutPassword('postgres://me:se:cret@host:5432/db'), 'postgres://me:…@host:5432/db');
  assert.equal(withoutPassword('postgres://me:se@cret@host/db'), 'postgres://me:…@host/db');
  assert.equal(withoutPassword('postgres://host/db?user=me&password=secret&x=1'), 'postgres://host/db?user=me&password=…&x=1');
  assert.equal(withoutPassword('postgres://me@host/db'), 'postgres://me@host/db');
});
