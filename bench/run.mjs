// Runs suites of benches and writes what they found into bench/runs/<date>-<machine>. See bench/README.md.
//
//   npm run bench                      every suite at its usual size
//   npm run bench -- fold shapes       some of them
//   npm run bench -- --quick           small, to see that everything runs; its figures mean little
//   npm run bench -- end-to-end --case DIR --rounds 5 --threads 4 --rows 1000000 --note "what else the machine did"

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineName } from '../dist/bench/index.js';
import { PACKAGE } from '../dist/bench/machine.js';
import { SUITES } from './suites.mjs';

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  rows: { type: 'string', multiple: true },
  rounds: { type: 'string', default: '3' },
  threads: { type: 'string', default: '2' },
  corpus: { type: 'string', multiple: true },
  case: { type: 'string', multiple: true, default: process.env.BENCH_CASE ? [process.env.BENCH_CASE] : [] },
  out: { type: 'string', default: join(PACKAGE, 'bench', 'runs', `${new Date().toISOString().slice(0, 10)}-${machineName()}`) },
  note: { type: 'string', multiple: true, default: [] },
};

const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
const names = positionals.length > 0 ? positionals : Object.keys(SUITES);
for (const name of names) if (!SUITES[name]) throw new Error(`there is no suite ${name}; there are ${Object.keys(SUITES).join(', ')}`);
const how = {
  isQuick: values.quick,
  rows: values.rows?.map(Number),
  rounds: Number(values.rounds),
  threads: Number(values.threads),
  corpora: values.corpus,
  cases: values.case,
  folder: values.out,
  notes: values.note,
  onTurn: (contender, round) => process.stderr.write(`  round ${round}: ${contender}\n`),
};
for (const name of names) {
  process.stderr.write(`${name}\n`);
  await SUITES[name](how);
}
process.stdout.write(`${values.out}\n`);
