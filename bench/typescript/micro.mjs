// What TypeScript does once per run or once per window: none of it may be felt beside reading a month. See bench/README.md.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describe, resolvePlan } from '../../dist/addon.js';
import { blankSheet, footing, markdownTable } from '../../dist/bench/index.js';
import { readCsv } from '../../dist/plan/csv-table.js';
import { loadPlan } from '../../dist/plan/index.js';
import { planTemplate } from '../../dist/plan/plan-template.js';
import { ensurePartitions } from '../../dist/postgres/partitions.js';
import { fingerprint } from '../../dist/run/fingerprint.js';
import { listUnits } from '../../dist/sources/index.js';
import { publish } from '../publish.mjs';
import { CALLS_HEAD, callPanel, callRows, microseconds } from '../seam/suite.mjs';

const SOURCE = '00000000-0000-4000-8000-000000000001';
const PIPELINE = 'cost openshift';
/** Months of partitions that are there already. */
const MONTHS = 120;

/** Each call for at least `minTime` seconds, over `files` input files and `rows` rows of a look-up table. */
export async function measure({ minTime, files, rows }) {
  const command = `node bench/typescript/micro.mjs --files ${files} --rows ${rows} --min-time ${minTime}`;
  const sheet = blankSheet({ name: 'typescript', title: 'What TypeScript does for a run', command, rounds: 0, threads: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  try {
    const calls = await microseconds(await callsIn(folder, { files, rows }), minTime);
    return { ...sheet, data: { files, rows, months: MONTHS }, calls };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function callsIn(folder, { files, rows }) {
  const pipeline = describe().pipelines.find(({ name }) => name === PIPELINE);
  const [yaml, json, csv] = ['plan.yaml', 'plan.json', 'nodes.csv'].map((name) => join(folder, name));
  const { plan } = await loadPlan({ pipeline: PIPELINE, env: {}, flags: settings(folder) });
  writeFileSync(yaml, planTemplate(pipeline, describe().commonFields));
  writeFileSync(json, JSON.stringify({ pipeline: PIPELINE, ...settings(folder) }));
  writeFileSync(csv, `node,resource_id,node_role\n${Array.from({ length: rows }, (_, row) => `node-${row},i-${row},worker\n`).join('')}`);
  const [window] = plan.windows;
  layFiles(folder, files);
  const units = await listUnits(plan, window, pipeline.sources);
  if (units.length !== files) throw new Error(`${units.length} files are found, expected ${files}`);
  const layers = [{ origin: 'bench', values: JSON.parse(readFileSync(json, 'utf8')) }];
  const request = {
    table: { schema: 'public', name: 'summary' },
    column: 'usage_start',
    firstDay: '2025-10-01',
    lastDay: '2025-10-31',
    create: true,
  };
  const connection = partitioned();
  return {
    'load a plan from YAML': () => loadPlan({ file: yaml, env: {} }),
    'load a plan from JSON': () => loadPlan({ file: json, env: {} }),
    'load a plan from flags': () => loadPlan({ pipeline: PIPELINE, env: {}, flags: settings(folder) }),
    'resolve the same in Rust': () => resolvePlan(layers),
    [`list ${files} files`]: () => listUnits(plan, window, pipeline.sources),
    [`fingerprint of ${files} files`]: async () => fingerprint(plan, window, units),
    [`plan partitions beside ${MONTHS} months`]: () => ensurePartitions(connection, request),
    [`read ${rows} rows of CSV`]: () => readCsv(csv, ['node', 'resource_id', 'node_role']),
  };
}

function settings(folder) {
  return {
    'source.root': folder,
    'source.account': 'org',
    'source.id': SOURCE,
    'openshift.clusterId': 'cluster',
    'window.month': '2025-10',
  };
}

/** Empty files spread over days, as a month has them. */
function layFiles(folder, files) {
  const report = join(folder, 'data/parquet/org/OCP/pod_usage', `source=${SOURCE}`, 'year=2025', 'month=10');
  mkdirSync(report, { recursive: true });
  for (let file = 0; file < files; file += 1) writeFileSync(join(report, `2025-10-${String((file % 31) + 1).padStart(2, '0')}.${file}.parquet`), '');
}

/** A session whose table has its months already: what is measured is the planning, not the server. */
function partitioned() {
  const rows = Array.from({ length: MONTHS }, (_, month) => ({
    schema: 'public',
    name: `summary_${month}`,
    bounds: `FOR VALUES FROM ('${dayOf(month)}') TO ('${dayOf(month + 1)}')`,
  }));
  return { query: async () => ({ rows, rowCount: rows.length }) };
}

function dayOf(month) {
  return `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** The sheet as text. */
export function table(sheet) {
  return [`# ${sheet.title}`, markdownTable(CALLS_HEAD, callRows(sheet.calls)), footing(sheet)].join('\n\n').concat('\n');
}

/** The sheet as bars. */
export function panels({ calls }) {
  return [callPanel('one call', calls)];
}

async function main() {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '10000' },
      rows: { type: 'string', default: '10000' },
      'min-time': { type: 'string', default: '1' },
    },
  });
  const sheet = await measure({ minTime: Number(values['min-time']), files: Number(values.files), rows: Number(values.rows) });
  await publish(sheet, { text: table(sheet), panels: panels(sheet) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
