import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../unit/folder.js';
import { rowmill, start } from './program.js';

const VERBS = [
  'demo',
  'run',
  'orders',
  'operate',
  'preflight',
  'verify',
  'compare',
  'status',
  'resume',
  'config',
  'generate',
  'schema',
  'contract',
  'baseline',
  'bench',
  'cache',
  'lineage',
];
const GOOD = [
  '--source',
  '/data',
  '--account',
  'org',
  '--source-id',
  '00000000-0000-4000-8000-000000000001',
  '--cluster-id',
  'c',
  '--month',
  '2025-10',
];

test('help names every verb and exits with 0', async () => {
  const { code, out } = await rowmill(['--help']);
  assert.equal(code, 0);
  for (const verb of VERBS) assert.match(out, new RegExp(`^  ${verb} `, 'm'));
});

test('every verb has help of its own', async () => {
  for (const words of [
    ...VERBS.map((verb) => [verb]),
    ['config', 'show'],
    ['config', 'init'],
    ['generate', 'cost', 'openshift'],
    ['run', 'applications'],
    ['run', 'lineage'],
    ['cache', 'stats'],
    ['lineage', 'upstream'],
    ['generate', 'sql'],
    ['contract', 'check'],
    ['baseline', 'applications'],
    ['orders', 'centrepoint'],
    ['operate', 'semi-join'],
  ]) {
    const { code, out } = await rowmill([...words, '--help']);
    assert.equal(code, 0, words.join(' '));
    assert.match(out, /^Usage: rowmill /);
  }
});

test('version and help load no addon', async () => {
  const { code, out } = await rowmill(['--version'], { NAPI_RS_NATIVE_LIBRARY_PATH: '/absent.node' });
  assert.equal(code, 0);
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
  assert.equal(out.trim(), version);
});

test('a wrong command line exits with 2 and says what is wrong', async () => {
  for (const [args, said] of [
    [['rum'], /unknown command 'rum'/],
    [['run', '--monht', '2025-10'], /unknown option '--monht'/],
    [['run', 'cost', 'openshfit'], /no pipeline 'cost openshfit'/],
    [['compare', 'a.parquet'], /missing required argument/],
    [['compare', 'a', 'b', '--tolerance', '2'], /percentage/],
    [['generate', 'cost', 'openshift'], /--out/],
    [['status'], /no database is given/],
  ] as const) {
    const { code, err, out } = await rowmill([...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, said);
    assert.equal(out, '');
  }
});

test('a wrong plan exits with 2 and lists every problem', async () => {
  const { code, err } = await rowmill(['config', 'check', 'cost', 'openshift', '--threads', '0', '--mode', 'fast']);
  assert.equal(code, 2);
  for (const path of ['budget.threads', 'mode', 'source.root', 'openshift.clusterId']) assert.match(err, new RegExp(`^  ${path}: `, 'm'));
});

test('under --json a failure is the one document on standard output', async () => {
  const { code, out } = await rowmill(['config', 'check', 'cost', 'openshift', '--json', '--threads', '0']);
  assert.equal(code, 2);
  const { error } = JSON.parse(out) as { error: { code: string; problems: { path: string }[] } };
  assert.equal(error.code, 'PLAN_INVALID');
  assert.ok(error.problems.some(({ path }) => path === 'budget.threads'));
});

test('config check says yes, config show says where each value came from and hides passwords', async () => {
  const check = await rowmill(['config', 'check', 'cost', 'openshift', ...GOOD]);
  assert.deepEqual([check.code, check.out], [0, 'the plan is good: cost openshift, 2025-10-01 to 2025-10-31\n']);
  const show = await rowmill(['config', 'show', 'cost', 'openshift', ...GOOD], { DATABASE_URL: 'postgres://me:secret@host/db' });
  assert.match(show.out, /^source\.root +\/data +command line$/m);
  assert.match(show.out, /^database\.url +postgres:\/\/me:…@host\/db +environment variable DATABASE_URL$/m);
  assert.ok(!show.out.includes('secret'));
});

test('config init writes a file once, and --force writes over it', async (t) => {
  const out = join(folderWith(t), 'plan.yaml');
  assert.equal((await rowmill(['config', 'init', '--out', out])).code, 0);
  const again = await rowmill(['config', 'init', '--out', out]);
  assert.deepEqual([again.code, /--force/.test(again.err)], [1, true]);
  assert.equal((await rowmill(['config', 'init', '--out', out, '--force'])).code, 0);
  assert.equal((await rowmill(['config', 'check', '--plan', out])).code, 0);
});

test('schema prints the JSON Schema of plans', async () => {
  const { code, out } = await rowmill(['schema']);
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as { $schema: string }).$schema, 'https://json-schema.org/draft/2020-12/schema');
});

test('a reader that goes away is no failure', async () => {
  const { child, ended } = start(['schema']);
  child.stdout?.destroy();
  const { code, err } = await ended;
  assert.deepEqual([code, err], [0, '']);
});

test('dry run lists the files of the window and touches nothing', async (t) => {
  const path = 'data/parquet/org/OCP/pod_usage/source=00000000-0000-4000-8000-000000000001/year=2025/month=10/a.parquet';
  const root = folderWith(t, { [path]: 'not read' });
  const args = ['run', 'cost', 'openshift', ...GOOD.slice(2), '--source', root, '--dry-run'];
  const text = await rowmill(args);
  assert.deepEqual([text.code, text.out], [0, `2025-10-01 to 2025-10-31: 1 files\n  pod_hourly  ${join(root, path)}  8 B\n`]);
  const { windows } = JSON.parse((await rowmill([...args, '--json'])).out) as { windows: { units: { input: string; size: number }[] }[] };
  assert.deepEqual(
    windows[0]?.units.map(({ input, size }) => [input, size]),
    [['pod_hourly', 8]],
  );
});

test('a dry run of several windows says which of them has no files, lists the others, and exits as the run would', async (t) => {
  const path = 'data/parquet/org/OCP/pod_usage/source=00000000-0000-4000-8000-000000000001/year=2025/month=10/a.parquet';
  const root = folderWith(t, { [path]: 'not read' });
  const days = ['--start', '2025-10-01', '--end', '2025-11-30'];
  const args = ['run', 'cost', 'openshift', ...GOOD.slice(2, -2), ...days, '--source', root, '--dry-run'];
  const text = await rowmill(args);
  assert.equal(text.code, 1);
  assert.match(
    text.out,
    /^2025-10-01 to 2025-10-31: 1 files\n {2}pod_hourly .*\n\n2025-11-01 to 2025-11-30: 0 files\n {2}there are no input files for .*$/m,
  );
  const { windows } = JSON.parse((await rowmill([...args, '--json'])).out) as { windows: { units: object[]; failure?: { code: string } }[] };
  assert.deepEqual(
    windows.map(({ units, failure }) => [units.length, failure?.code]),
    [
      [1, undefined],
      [0, 'INPUT_MISSING'],
    ],
  );
});
