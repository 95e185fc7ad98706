// The kernels one by one: runs the criterion benches of crates/*/benches and puts their estimates into one sheet.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blankSheet, footing, markdownTable, record } from '../dist/bench/index.js';
import { ROOT, rustEnvironment } from '../scripts/toolchain.mjs';

/** Builds and runs every bench of every crate; `isQuick` takes fewer samples. */
export async function kernels({ folder, isQuick, rounds, threads, notes }) {
  const home = mkdtempSync(join(tmpdir(), 'rowmill-criterion-'));
  try {
    const about = { name: 'kernels', title: 'Kernels, one by one', command: 'npm run bench -- kernels', rounds, threads };
    const sheet = { ...blankSheet(about), notes: [...notes] };
    await cargoBench(home, isQuick);
    sheet.kernels = collected(home);
    const text = `# ${sheet.title}\n\n${kernelsTable(sheet.kernels)}\n\n${footing(sheet)}\n`;
    process.stdout.write(text);
    await record(folder, sheet, { text, panels: kernelsPanels(sheet.kernels) });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function cargoBench(home, isQuick) {
  const crates = readdirSync(join(ROOT, 'crates')).filter((crate) => existsSync(join(ROOT, 'crates', crate, 'benches')));
  const args = ['bench', ...crates.flatMap((crate) => ['-p', `rowmill-${crate}`]), '--benches', '--', ...(isQuick ? ['--quick'] : []), '--noplot'];
  const env = { ...rustEnvironment(), CRITERION_HOME: home };
  // What criterion prints is for people, and so is not standard output of ours.
  const child = spawn('cargo', args, { cwd: ROOT, env, stdio: ['ignore', process.stderr, 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`cargo bench ended with ${code}`))));
  });
}

/** Every estimate below a folder of criterion's, by name: median nanoseconds with their interval, and how much was worked on. */
export function collected(home) {
  const files = readdirSync(home, { recursive: true }).filter((name) => name.endsWith(join('new', 'estimates.json')));
  return files.map((name) => kernelOf(join(home, name))).sort((left, right) => left.name.localeCompare(right.name));
}

function kernelOf(file) {
  const { median } = JSON.parse(readFileSync(file, 'utf8'));
  const { full_id: name, throughput } = JSON.parse(readFileSync(join(file, '..', 'benchmark.json'), 'utf8'));
  const [[unit, amount] = ['', 0]] = Object.entries(throughput ?? {});
  const { lower_bound: least, upper_bound: largest } = median.confidence_interval;
  const nanoseconds = median.point_estimate;
  return { name, nanoseconds, least, largest, unit: unit.toLowerCase(), amount, perSecond: (amount / nanoseconds) * 1e9 };
}

export function kernelsTable(found) {
  const rows = found.map(({ name, nanoseconds, least, largest, unit, perSecond }) => [
    name,
    nanoseconds.toFixed(0),
    `${least.toFixed(0)} to ${largest.toFixed(0)}`,
    unit === 'elements' ? (perSecond / 1e6).toFixed(1) : '',
    unit === 'bytes' ? (perSecond / 2 ** 20).toFixed(0) : '',
  ]);
  return markdownTable(['kernel', 'ns', '95 % interval', 'M elements/s', 'MiB/s'], rows);
}

function kernelsPanels(found) {
  const panel = (heading, unit, scale) => ({
    heading,
    bars: found
      .filter((kernel) => kernel.unit === unit)
      .map(({ name, perSecond }) => ({ label: name, value: perSecond / scale, text: (perSecond / scale).toFixed(0), isOwn: true })),
  });
  return [panel('M elements/s', 'elements', 1e6), panel('MiB/s', 'bytes', 2 ** 20)].filter(({ bars }) => bars.length > 0);
}
