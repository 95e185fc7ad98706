// The steps of scripts/test, in order. Imported by it; runs nothing itself.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, rustEnvironment } from './toolchain.mjs';

/** What scripts/generate.mjs and scripts/build-addon.mjs write and git keeps. */
const GENERATED = [
  'ts/native',
  'ts/native-lineage',
  'ts/plan/schema.json',
  'ts/plan/plan-types.ts',
  'ts/cli/flags.ts',
  'ts/error-codes.ts',
  'docs/plan.md',
  'docs/errors.md',
];

const CI = ['--profile', 'ci'];

/** `run` answers with how much passed and failed; nothing after a step that `isNeeded` makes sense without it. */
export const STEPS = [
  { name: 'install', isNeeded: true, run: () => check('npm', ['ci', '--no-audit', '--no-fund']) },
  { name: 'fmt', run: () => check('cargo', ['fmt', '--all', '--check']) },
  { name: 'layers', run: () => node('scripts/check-layers.mjs') },
  { name: 'biome', run: () => node('node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.') },
  { name: 'addon', isNeeded: true, run: () => node('scripts/build-addon.mjs', ...CI) },
  { name: 'lineage', isNeeded: true, run: () => node('scripts/build-addon.mjs', '--addon', 'lineage', ...CI) },
  { name: 'generated', run: generatedFiles },
  { name: 'tsc', isNeeded: true, run: () => node('node_modules/typescript/bin/tsc', '--build', '.', 'test') },
  { name: 'node', run: nodeTests },
  { name: 'cargo', run: cargoTests },
  { name: 'clippy', run: () => check('cargo', ['clippy', '--workspace', '--all-targets', ...CI, '--', '-D', 'warnings']) },
  { name: 'bench', run: benchSmoke },
  { name: 'gauge', run: gauge },
];

/** Runs a program; its whole output is shown, and collected where asked. */
function execute(program, args, { collect = false } = {}) {
  return new Promise((resolve) => {
    const stdio = ['ignore', collect ? 'pipe' : 'inherit', 'inherit'];
    const child = spawn(program, args, { cwd: ROOT, env: rustEnvironment(), stdio });
    let text = '';
    child.stdout?.on('data', (chunk) => {
      process.stdout.write(chunk);
      text += chunk;
    });
    child.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve({ ok: false, text });
    });
    child.on('close', (code) => resolve({ ok: code === 0, text }));
  });
}

/** A step that passes or fails as one. */
async function check(program, args) {
  return asOne((await execute(program, args)).ok);
}

function node(script, ...args) {
  return check(process.execPath, [join(ROOT, script), ...args]);
}

function asOne(ok) {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Generates again and wants no difference: what is committed is what the sources say. */
async function generatedFiles() {
  const { ok } = await execute(process.execPath, [join(ROOT, 'scripts', 'generate.mjs')]);
  const { ok: known, text } = await execute('git', ['status', '--porcelain', '--', ...GENERATED], { collect: true });
  if (text) process.stdout.write('These files differ from what their generator writes: run scripts/generate.mjs and commit them.\n');
  return asOne(ok && known && text === '');
}

async function nodeTests() {
  const folder = join(ROOT, 'build', 'test');
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.test.js'));
  if (files.length === 0) return { passed: 0, failed: 1 };
  // The second reporter is for counting: the shape of the first one's last lines has changed between versions of Node.
  const counts = join(ROOT, 'build', 'node-tests.tap');
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${counts}`],
  ];
  const { ok } = await execute(process.execPath, ['--test', ...reporters, ...files.sort().map((name) => join(folder, name))]);
  const tap = existsSync(counts) ? readFileSync(counts, 'utf8') : '';
  const number = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  return atLeastOne(ok, { passed: number('pass'), failed: number('fail') + number('cancelled') });
}

async function cargoTests() {
  const { ok, text } = await execute('cargo', ['test', '--workspace', '--no-fail-fast', ...CI], { collect: true });
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  const sum = (at) => results.reduce((total, match) => total + Number(match[at]), 0);
  return atLeastOne(ok, { passed: sum(1), failed: sum(2) });
}

/** A program that failed without a failed test did not compile, or died: that is a failure too. */
function atLeastOne(ok, { passed, failed }) {
  return { passed, failed: ok ? failed : Math.max(failed, 1) };
}

async function benchSmoke() {
  if (!existsSync(join(ROOT, 'bench', 'smoke.mjs'))) return { passed: 0, failed: 0 };
  return node('bench/smoke.mjs');
}

/** Valgrind, which counts, is at home on Linux: elsewhere the gate cannot run, and says so. */
async function gauge() {
  if (process.platform === 'linux') return node('scripts/gauge.mjs', 'check');
  process.stdout.write('Instructions are counted on Linux only.\n');
  return { passed: 0, failed: 0 };
}
