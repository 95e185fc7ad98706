// What it costs to cross from JavaScript to Rust and back, call by call, and what part of a whole run that is. See bench/README.md.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describe, generate, inspect, openRun, resolvePlan } from '../../dist/addon.js';
import { blankSheet, footing, markdownTable, median, runOnce } from '../../dist/bench/index.js';
import { listUnits } from '../../dist/sources/index.js';
import { publish } from '../publish.mjs';
import { CALLS_HEAD, callPanel, callRows, microseconds } from './suite.mjs';

const SCRIPT = fileURLToPath(new URL('main-thread.mjs', import.meta.url));
/** The call that a run makes again and again. */
const NEXT = 'next(), where nothing is left';

/** Calls for at least `minTime` seconds each, and `rounds` whole runs over `rows` hourly pod rows. */
export async function measure({ minTime, rows, rounds, threads = 2 }) {
  const command = `node bench/seam/crossing.mjs --rows ${rows} --rounds ${rounds} --threads ${threads} --min-time ${minTime}`;
  const sheet = blankSheet({ name: 'seam-crossing', title: 'Crossing N-API', command, rounds, threads });
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  try {
    const small = await monthOf(join(folder, 'small'), { pods: 1, nodes: 1, namespaces: 1, volumes: 1 }, threads);
    const calls = await callsOf(small, minTime);
    const large = await monthOf(join(folder, 'large'), { rows, nodes: Math.ceil(rows / 744 / 15) + 3 }, threads);
    const runs = [];
    for (let round = 0; round <= rounds; round += 1) {
      const measured = await runOnce({ name: 'a run to COPY bytes', script: SCRIPT, job: large });
      if (round > 0) runs.push(measured);
    }
    return { ...sheet, data: { smallMonthFiles: small.units.length, hourlyPodRows: rows }, calls, runs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function monthOf(out, spec, threads) {
  const made = await generate({ out, ...spec });
  const values = JSON.parse(readFileSync(made.clusters[0].plan, 'utf8'));
  const settings = { budget: { threads }, openshift: { input: 'hourly', lookups: 'plan' } };
  const { plan } = await resolvePlan([
    { origin: 'file', values },
    { origin: 'bench', values: settings },
  ]);
  const { sources, tables } = describe().pipelines.find(({ name }) => name === plan.pipeline);
  const columns = tables[0].columns.filter(({ written }) => written).map(({ name, ddl }) => ({ name, type: ddl }));
  return { values, plan, sources, columns, units: await listUnits(plan, plan.windows[0], sources) };
}

async function callsOf({ values, plan, units }, minTime) {
  const one = units.filter(({ input }) => input === 'pod_hourly').slice(0, 1);
  const done = await openRun({ plan, window: 0, units: one, target: { kind: 'discard' } });
  try {
    await done.next();
    return await microseconds(
      {
        'describe()': async () => void describe(),
        'resolvePlan()': () => resolvePlan([{ origin: 'bench', values }]),
        'inspect(), one file': () => inspect({ plan, window: 0, units: one }),
        [NEXT]: () => done.next(),
        'counters()': async () => void done.counters(),
        'run of one file, rows dropped': () => drain(plan, one),
        'run of a month of tiny files, rows dropped': () => drain(plan, units),
      },
      minTime,
    );
  } finally {
    await done.close();
  }
}

async function drain(plan, units) {
  const handle = await openRun({ plan, window: 0, units, target: { kind: 'discard' } });
  try {
    await handle.next();
  } finally {
    await handle.close();
  }
}

/** The seam's part of a run: calls by their price, and what the thread of JavaScript did in all. Parts of the run's seconds, from 0 to 1. */
export function shares({ calls, runs }) {
  const of = (figure) => median(runs.map(figure));
  const price = calls.find(({ name }) => name === NEXT).microseconds / 1e6;
  return {
    seconds: of(({ seconds }) => seconds),
    crossings: of(({ details }) => details.crossings),
    crossingsPerMib: of(({ details }) => details.crossings / (details.bytesOut / 2 ** 20)),
    mibOut: of(({ details }) => details.bytesOut / 2 ** 20),
    priced: of(({ seconds, details }) => (details.crossings * price) / seconds),
    seamCpu: of(({ seconds, details }) => (details.seamCpuSeconds ?? Number.NaN) / seconds),
    seamActive: of(({ seconds, details }) => details.seamActiveSeconds / seconds),
    mainThreadCpu: of(({ seconds, details }) => (details.mainThreadCpuSeconds ?? Number.NaN) / seconds),
  };
}

/** The sheet as text. */
export function table(sheet) {
  const found = shares(sheet);
  const percent = (share) => (Number.isNaN(share) ? 'not told here' : `${(100 * share).toFixed(2)} %`);
  return [
    `# ${sheet.title}`,
    markdownTable(CALLS_HEAD, callRows(sheet.calls)),
    `## A run over ${sheet.data.hourlyPodRows.toLocaleString('en')} hourly pod rows, to rows ready for COPY`,
    markdownTable(
      ['of the run', ''],
      [
        ['seconds', found.seconds.toFixed(3)],
        ['crossings', found.crossings],
        ['crossings per MiB of output', found.crossingsPerMib.toFixed(2)],
        ['output, MiB', found.mibOut.toFixed(1)],
        [`crossings at the price of '${NEXT}'`, percent(found.priced)],
        ['CPU of the JavaScript thread since the run was opened', percent(found.seamCpu)],
        ['time its event loop was busy since then', percent(found.seamActive)],
        ['CPU of the JavaScript thread, listing files included', percent(found.mainThreadCpu)],
      ],
    ),
    footing(sheet),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The sheet as bars. */
export function panels(sheet) {
  const { seamCpu, seamActive, priced } = shares(sheet);
  const bar = (label, share) => ({ label, value: Number.isNaN(share) ? 0 : share, text: `${(100 * share).toFixed(2)} %`, isOwn: true });
  const bars = [bar('calls at their price', priced), bar('CPU of the JavaScript thread', seamCpu), bar('event loop busy', seamActive)];
  return [callPanel('one call', sheet.calls), { heading: 'part of a whole run', bars }];
}

async function main() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '5' },
      threads: { type: 'string', default: '2' },
      'min-time': { type: 'string', default: '0.5' },
    },
  });
  const [rows, rounds, threads, minTime] = [values.rows, values.rounds, values.threads, values['min-time']].map(Number);
  const sheet = await measure({ minTime, rows, rounds, threads });
  await publish(sheet, { text: table(sheet), panels: panels(sheet) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
