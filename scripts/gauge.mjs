// The gate on instruction counts: runs every kernel of crates/gauge under valgrind and compares with bench/baseline/instructions.json.
// Run by scripts/test (step `gauge`) and by people who made something faster or slower:
//   node scripts/gauge.mjs check [KERNEL ...]    fails where a kernel takes more than 10 % more than the baseline
//   node scripts/gauge.mjs update                writes the counts as they are now into the baseline; commit it with what caused them
// Why instructions, and how to find out what makes them more: docs/performance.md.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from './gauge/compare.mjs';
import { buildGauge, conditions, countAll, findValgrind, generate, kernels } from './gauge/count.mjs';
import { ROOT } from './toolchain.mjs';

const BASELINE = join(ROOT, 'bench', 'baseline', 'instructions.json');

const [command, ...names] = process.argv.slice(2);
try {
  if (command === 'check') process.exitCode = (await check()) ? 0 : 1;
  else if (command === 'update' && names.length === 0) await update();
  else usage();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function usage() {
  process.stderr.write('node scripts/gauge.mjs check [KERNEL ...] | update\n');
  process.exitCode = 2;
}

async function check() {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8'));
  const { found, made } = await measure(names);
  const expected =
    names.length === 0 ? baseline.kernels : Object.fromEntries(Object.entries(baseline.kernels).filter(([name]) => names.includes(name)));
  const { ok, lines } = compare({ made: baseline.made, kernels: expected }, { made, kernels: found });
  process.stdout.write(`${lines.join('\n')}\n`);
  return ok;
}

async function update() {
  const { found, made } = await measure([]);
  writeFileSync(BASELINE, `${JSON.stringify({ made, kernels: found }, null, 2)}\n`);
  process.stdout.write(`${Object.keys(found).length} kernels are in ${BASELINE}\n`);
}

/** The instructions of the kernels with these names, or of all. */
async function measure(wanted) {
  const valgrind = findValgrind();
  const gauge = buildGauge();
  const known = kernels(gauge);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`there is no kernel ${unknown.join(', ')}; \`gauge list\` says which there are`);
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-gauge-'));
  try {
    generate(gauge, folder);
    const found = await countAll(gauge, folder, wanted.length === 0 ? known : wanted);
    return { found, made: conditions(valgrind) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
