// Files of a month to summary rows: rowmill, DuckDB with the same rows, and what merely reading costs, in turns. See bench/README.md.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { rowsThatDiffer } from '../../build/test/oracle/rows-that-differ.js';
import { describe, generate, resolvePlan } from '../../dist/addon.js';
import { runChild } from '../child.mjs';
import { machine, versions } from '../machine.mjs';
import { footing, markdownTable, median, writeReport } from '../report.mjs';

const CONTENDERS = ['rowmill to nothing', 'rowmill to Parquet', 'DuckDB to Parquet', 'DuckDB scan', 'read bytes'];
const SCRIPT = fileURLToPath(new URL('contender.mjs', import.meta.url));

/** Measures one month and gives back everything raw. Fails where the rows of the two engines differ. */
export async function endToEnd({ rows, input, rounds, threads, distinct }) {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  try {
    const shape = { rows, nodes: Math.ceil(rows / 744 / 15) + 3, labels: { distinct } };
    const made = await generate({ out: folder, ...shape });
    const plan = await planOf(made.clusters[0].plan, { input, threads });
    const sources = describe().pipelines.find(({ name }) => name === plan.pipeline).sources;
    const before = machine();
    const results = Object.fromEntries(CONTENDERS.map((contender) => [contender, []]));
    // The round before the first is not counted: it warms the page cache, and its rows are compared.
    for (let round = 0; round <= rounds; round += 1) {
      for (const contender of CONTENDERS) {
        const measured = await runChild(SCRIPT, { contender, plan, sources, threads, file: join(folder, `${contender}.parquet`) });
        if (round > 0) results[contender].push(measured);
      }
      if (round === 0) await mustAgree(join(folder, 'rowmill to Parquet.parquet'), join(folder, 'DuckDB to Parquet.parquet'));
    }
    return { shape: { ...shape, input, threads, bytes: made.bytes, files: made.files }, machine: before, versions: versions(), rounds, results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function planOf(file, { input, threads }) {
  const { plan, problems } = await resolvePlan([
    { origin: `file ${file}`, values: JSON.parse(readFileSync(file, 'utf8')) },
    { origin: 'bench', values: { budget: { threads }, openshift: { input, lookups: 'plan', deriveNodes: false } } },
  ]);
  if (!plan) throw new Error(`the plan is refused: ${JSON.stringify(problems)}`);
  return plan;
}

async function mustAgree(ours, theirs) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const differences = await rowsThatDiffer(connection, ours, theirs);
  connection.closeSync();
  if (differences.length > 0) throw new Error(`the contenders' rows differ, so no time counts:\n${differences.join('\n')}`);
}

/** Medians per contender, and ratios to the first that gives rows. */
export function summaryTable({ results }) {
  const of = (contender, figure) => median(results[contender].map((measured) => measured[figure]));
  const [{ rowsRead, bytesRead }] = results['rowmill to Parquet'];
  const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);
  const base = 'rowmill to Parquet';
  const lines = Object.keys(results).map((contender) => {
    const [seconds, cpu, peak] = ['seconds', 'cpuSeconds', 'peakRssBytes'].map((figure) => of(contender, figure));
    const spread = results[contender].map(({ cpuSeconds }) => cpuSeconds);
    return [
      contender,
      seconds.toFixed(2),
      cpu.toFixed(2),
      `${Math.min(...spread).toFixed(2)} to ${Math.max(...spread).toFixed(2)}`,
      Math.round(rowsRead / seconds).toLocaleString('en'),
      mib(bytesRead / seconds),
      mib(peak),
      mib(of(contender, 'rssBeforeBytes')),
      (cpu / of(base, 'cpuSeconds')).toFixed(2),
      (peak / of(base, 'peakRssBytes')).toFixed(2),
    ];
  });
  const head = ['contender', 's', 'CPU s', 'CPU s, range', 'rows/s', 'MiB/s', 'peak RSS MiB', 'RSS before MiB', 'CPU ratio', 'memory ratio'];
  return markdownTable(head, lines);
}

async function main() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      input: { type: 'string', default: 'hourly' },
      rounds: { type: 'string', default: '3' },
      threads: { type: 'string', default: '2' },
      distinct: { type: 'string', default: '400' },
      note: { type: 'string', multiple: true, default: [] },
    },
  });
  const [rows, rounds, threads, distinct] = [values.rows, values.rounds, values.threads, values.distinct].map(Number);
  const command = `node bench/cost/end-to-end.mjs --rows ${rows} --input ${values.input} --rounds ${rounds} --threads ${threads} --distinct ${distinct}`;
  const result = { command, notes: values.note, ...(await endToEnd({ rows, input: values.input, rounds, threads, distinct })) };
  const table = `# Month to summary, ${rows} hourly pod rows, ${values.input} input\n\n${summaryTable(result)}\n\n${footing(result)}\n`;
  process.stdout.write(table);
  process.stdout.write(`\n${writeReport(`cost-end-to-end-${values.input}-${rows}-distinct-${distinct}`, result, table)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
