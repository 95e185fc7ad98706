// How long the program takes to begin, beside Node alone, in turns. See bench/README.md.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { blankSheet, footing, markdownTable, median, range } from '../../dist/bench/index.js';
import { PACKAGE } from '../../dist/bench/machine.js';
import { publish } from '../publish.mjs';

const PROGRAM = join(PACKAGE, 'bin', 'rowmill.mjs');
const NODE = 'node -e 0';
/** A window without files ends in a failure that names the places that were looked at. */
const FAILED = 1;

/** `rounds` of every command, from the start of its process to the end of it. */
export async function measure({ rounds }) {
  const sheet = blankSheet({
    name: 'startup',
    title: 'Start-up of the program',
    command: `node bench/startup/startup.mjs --rounds ${rounds}`,
    rounds,
    threads: 1,
  });
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  try {
    const commands = commandsIn(folder);
    const results = Object.fromEntries(commands.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const { name, args, code } of commands) {
        const milliseconds = await once(name, args, code);
        if (round > 0) results[name].push(milliseconds);
      }
    }
    return { ...sheet, results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commandsIn(folder) {
  const id = '00000000-0000-4000-8000-000000000001';
  const out = join(folder, 'summary.parquet');
  const source = ['--source', folder, '--account', 'org', '--source-id', id];
  const run = [PROGRAM, 'run', 'cost', 'openshift', ...source, '--cluster-id', 'c', '--month', '2025-10', '--out', out];
  const plan = join(folder, 'plan.yaml');
  const settings = [`source: { root: ${folder}, account: org, id: ${id} }`, 'openshift: { clusterId: c }', 'window: { month: 2025-10 }'];
  writeFileSync(plan, ['pipeline: cost openshift', ...settings, `output: { file: ${out} }`, ''].join('\n'));
  return [
    { name: NODE, args: ['-e', '0'], code: 0 },
    { name: 'rowmill --version', args: [PROGRAM, '--version'], code: 0 },
    { name: 'rowmill --help', args: [PROGRAM, '--help'], code: 0 },
    { name: 'run on an empty directory', args: run, code: FAILED },
    { name: 'the same from a plan in YAML', args: [PROGRAM, 'run', '--plan', plan], code: FAILED },
  ];
}

/** Milliseconds of one command; refuses an end that is not the expected one, since a failure is quick. */
function once(name, args, expected) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      const milliseconds = performance.now() - began;
      if (code === expected) resolve(milliseconds);
      else reject(new Error(`'${name}' ended with ${code}, expected ${expected}`));
    });
  });
}

/** Medians and what they are of Node's. */
export function medians({ results }) {
  const node = median(results[NODE]);
  return Object.entries(results).map(([name, milliseconds]) => ({
    name,
    milliseconds: median(milliseconds),
    spread: range(milliseconds),
    ratio: median(milliseconds) / node,
  }));
}

/** The sheet as text. */
export function table(sheet) {
  const rows = medians(sheet).map(({ name, milliseconds, spread, ratio }) => [
    name,
    milliseconds.toFixed(0),
    `${spread.least.toFixed(0)} to ${spread.largest.toFixed(0)}`,
    ratio.toFixed(2),
  ]);
  return [`# ${sheet.title}`, markdownTable(['command', 'ms', 'ms, range', 'ratio to Node'], rows), footing(sheet)].join('\n\n').concat('\n');
}

/** The sheet as bars. */
export function panels(sheet) {
  const bars = medians(sheet).map(({ name, milliseconds, ratio }) => ({
    label: name,
    value: milliseconds,
    text: `${milliseconds.toFixed(0)} ms, ${ratio.toFixed(2)} times Node`,
    isOwn: name !== NODE,
  }));
  return [{ heading: 'milliseconds from start to end', bars }];
}

async function main() {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
  const sheet = await measure({ rounds: Number(values.rounds) });
  await publish(sheet, { text: table(sheet), panels: panels(sheet) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
