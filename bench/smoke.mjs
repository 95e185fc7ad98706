// Runs every bench on next to no data and wants sense of it: corpora that are what they claim, rows that agree, checks that can fail, figures
// that are numbers. Writes nothing down that stays.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORPORA } from './corpora.mjs';
import { generatedMonth } from './cost/end-to-end.mjs';
import { fold } from './cost/fold.mjs';
import { collected, kernelsTable } from './kernels.mjs';
import { withDuckDB, withMonth } from './month.mjs';
import { ordersTables } from './orders/suite.mjs';
import { around } from './smoke-around.mjs';
import { SUITES } from './suites.mjs';

const TINY = { rounds: 1, threads: 2 };
const folder = mkdtempSync(join(tmpdir(), 'rowmill-smoke-'));
try {
  for (const name of Object.keys(CORPORA))
    await withMonth(name, { rows: 5000, threads: 2 }, async ({ found }) => assert.equal(found.rows, 5000, name));
  await suites();
  await refusals();
  kernelEstimates();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
await around();

/** The suites that measure contenders, through to their files. */
async function suites() {
  const how = { ...TINY, isQuick: true, corpora: ['dictionary'], cases: [], notes: ['a note'], folder };
  await SUITES.fold({ ...how, rows: [5000], corpora: ['hostile', 'daily'] });
  await SUITES['end-to-end']({ ...how, rows: [5000] });
  await SUITES.shapes({ ...how, rows: [5000] });
  await SUITES.scaling({ ...how, rows: [5000, 10_000] });
  await SUITES['orders-filter']({ ...how, rows: [5000] });
  await SUITES['orders-aggregates']({ ...how, rows: [5000] });
  await SUITES['orders-scaling'](how);
  await SUITES.applications(how);
  await SUITES['applications-memory'](how);
  await SUITES.lineage(how);
  // Its peers would have to be fetched.
  process.env.BENCH_ENVIRONMENTS ??= 'none';
  await SUITES['lineage-peers'](how);
  const written = readdirSync(folder).filter((name) => name.endsWith('.json'));
  assert.equal(written.length, 14, written.join(', '));
  for (const name of written) {
    const { comparisons, notes } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    assert.deepEqual(notes.slice(0, 1), ['a note']);
    for (const { results, base, work } of comparisons) {
      assert.ok(results[base] && work.rows >= (/^(?:applications|lineage)/.test(name) ? 20 : 5000), `${name}: ${JSON.stringify(work)}`);
      for (const [contender, [measured]] of Object.entries(results)) {
        // Other programs end within the tick of the clock that counts their time.
        const isTooShort = /\((cat|wc -l)\)/.test(contender);
        const isMeasured = measured.seconds > 0 && (isTooShort || (measured.cpuSeconds > 0 && measured.peakRssBytes > 1e6));
        assert.ok(isMeasured, `${contender}: ${JSON.stringify(measured)}`);
      }
    }
    assert.match(readFileSync(join(folder, name.replace('.json', '.md')), 'utf8'), /- Machine: /);
    assert.match(readFileSync(join(folder, name.replace('.json', '.svg')), 'utf8'), /<rect .*<\/svg>/s);
  }
}

/** A check that cannot fail proves nothing: peers whose rows are wrong in one place must be found out. */
async function refusals() {
  const spoilt = {
    'a number that differs in the seventh digit':
      'SELECT * REPLACE (pod_limit_cpu_core_hours * (1 + 1e-6 * is_one::INT) AS pod_limit_cpu_core_hours) FROM rows',
    'a label that differs': "SELECT * REPLACE (CASE WHEN is_one THEN 'other' ELSE app END AS app) FROM rows",
    'a row too few': 'FROM rows WHERE NOT is_one',
    'a row too many': "FROM rows UNION ALL SELECT * REPLACE (DATE '2025-11-01' AS day) FROM rows WHERE is_one",
  };
  for (const [what, query] of Object.entries(spoilt)) {
    // One of the rows that has a number to be changed.
    const isOne = 'row_number() OVER (ORDER BY pod_limit_cpu_core_hours DESC) = 1 AS is_one';
    const spoil = ([[, file]]) => rewritten(file, `WITH rows AS (SELECT *, ${isOne} FROM '${file}') SELECT * EXCLUDE (is_one) FROM (${query})`);
    await assert.rejects(fold('dictionary', { ...TINY, rows: 5000, peersAsked: ['DuckDB'], spoil }), /the rows of DuckDB .* differ/, what);
  }
  const spoil = ([[, file]]) => rewritten(file, `SELECT * REPLACE (pod_usage_cpu_core_hours * 1.000001 AS pod_usage_cpu_core_hours) FROM '${file}'`);
  await assert.rejects(generatedMonth({ ...TINY, rows: 5000, input: 'daily', spoil }), /the rows of DuckDB differ/);
  const isOne = 'row_number() OVER (ORDER BY security_code) = 1';
  for (const [what, values] of Object.entries({ 'a sum': 'quantity_sum + 1', 'a mean': 'quantity_mean * 1.000001' })) {
    const [column] = values.split(' ');
    const spoilTable = (tables) =>
      rewritten(
        join(tables, 'aggregation_by_security.parquet'),
        `SELECT * REPLACE (CASE WHEN ${isOne} THEN ${values} ELSE ${column} END AS ${column}) FROM '${tables}/aggregation_by_security.parquet'`,
      );
    const asked = { ...TINY, rows: 5000, peersAsked: ['DuckDB'], spoil: spoilTable };
    await assert.rejects(ordersTables(false, asked), /aggregation_by_security of DuckDB.* differs/, what);
  }
}

async function rewritten(file, query) {
  await withDuckDB((run) => run(`COPY (${query}) TO '${file}.spoilt' (FORMAT parquet)`));
  renameSync(`${file}.spoilt`, file);
}

/** Building the kernels takes minutes; their estimates are read from made-up ones. */
function kernelEstimates() {
  const estimate = { point_estimate: 500, confidence_interval: { lower_bound: 490, upper_bound: 510 } };
  for (const [name, throughput] of [
    ['sum/usual', { Elements: 1000 }],
    ['labels/short', { Bytes: 64 }],
    ['like/prefix', null],
  ]) {
    const at = join(folder, 'criterion', name, 'new');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'estimates.json'), JSON.stringify({ median: estimate }));
    writeFileSync(join(at, 'benchmark.json'), JSON.stringify({ full_id: name, throughput }));
  }
  const found = collected(join(folder, 'criterion'));
  assert.deepEqual(
    found.map(({ name, perSecond }) => [name, Math.round(perSecond)]),
    [
      ['labels/short', 128_000_000],
      ['like/prefix', 0],
      ['sum/usual', 2_000_000_000],
    ],
  );
  assert.match(kernelsTable(found), /sum\/usual \| 500 \| 490 to 510 \| 2000\.0/);
}
