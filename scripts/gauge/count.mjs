// Instruction counts of the kernels of crates/gauge, by valgrind. Imported by scripts/gauge.mjs; runs nothing itself.
//
// A kernel's count is that of a process that prepares and runs it once, less that of one that only prepares it: exact for any number of threads,
// and nothing has to be marked in the code. Counts repeat because valgrind shows every program the same processor (so that glibc and the codecs
// choose the same variants), gives it the same addresses, runs one thread at a time, and because environment, paths and data are always the same.

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, run, rustEnvironment } from '../toolchain.mjs';

const PROFILE = 'gauge';
/** Cachegrind without its caches counts instructions, and is the quickest tool that does. */
const TOOL = ['--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null'];

/** The version of valgrind, after installing it where that can be done without asking. */
export function findValgrind() {
  const version = () => spawnSync('valgrind', ['--version'], { encoding: 'utf8' }).stdout?.trim() || undefined;
  const found = version();
  if (found) return found;
  const isDebian = spawnSync('apt-get', ['--version']).status === 0;
  if (isDebian && process.getuid?.() === 0) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'valgrind', 'libc6-dbg']);
  }
  const installed = version();
  if (installed) return installed;
  throw new Error(
    'valgrind is not installed, and counts instructions here: `sudo apt-get install valgrind`, or `dnf install valgrind`, or your own way.',
  );
}

/** Builds the program; answers its path. */
export function buildGauge() {
  const env = rustEnvironment();
  run('cargo', ['build', '--profile', PROFILE, '-p', 'rowmill-gauge'], { env });
  return join(env.CARGO_TARGET_DIR, env.CARGO_BUILD_TARGET, PROFILE, 'gauge');
}

/** Names of all kernels. */
export function kernels(gauge) {
  return execFileSync(gauge, ['list'], { encoding: 'utf8' }).trim().split('\n');
}

/** Makes the kernels' input in `folder`, always the same. */
export function generate(gauge, folder) {
  execFileSync(gauge, ['data', 'data'], { cwd: folder });
}

/** What counts depend on besides the code. */
export function conditions(valgrind) {
  const env = rustEnvironment();
  const libc = process.report.getReport().header.glibcVersionRuntime;
  return {
    target: env.CARGO_BUILD_TARGET,
    rustc: execFileSync('rustc', ['--version'], { env, cwd: ROOT, encoding: 'utf8' }).trim(),
    valgrind,
    libc: libc ? `glibc ${libc}` : 'another',
    // Valgrind shows programs one of three processors; which one, this decides on any machine of today.
    avx2: /^flags\s*:.*\bavx2\b/m.test(readFileSync('/proc/cpuinfo', 'utf8')) ? 'yes' : 'no',
  };
}

/** Instructions by kernel, in the order of the names; as many kernels at a time as there are processors. */
export async function countAll(gauge, folder, names) {
  const counts = new Map();
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) counts.set(name, await count(gauge, folder, name));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return Object.fromEntries(names.map((name) => [name, counts.get(name)]));
}

async function count(gauge, folder, name) {
  const prepared = await instructions(gauge, folder, name, 0);
  return (await instructions(gauge, folder, name, 1)) - prepared;
}

async function instructions(gauge, folder, name, times) {
  const args = [...TOOL, gauge, 'run', name, '--data', 'data', '--times', String(times)];
  const { stderr } = await promisify(execFile)('valgrind', args, { cwd: folder, env: { PATH: process.env.PATH } });
  const digits = /I\s+refs:\s+([\d,]+)/.exec(stderr)?.[1];
  if (digits === undefined) throw new Error(`valgrind says no count for ${name}:\n${stderr}`);
  return Number(digits.replaceAll(',', ''));
}
