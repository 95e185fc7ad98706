import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { compare } from '#ts/addon.js';
import { RowmillError } from '#ts/errors.js';
import { loadPlan } from '#ts/plan/index.js';
import { runPlan } from '#ts/run/index.js';
import { rowsThatDiffer } from './rows-that-differ.js';
import { type OracleMonth, summaryByOracle } from './summary-oracle.js';

/** About one in ten fails as the statement does; the others have rows to compare. */
const MONTHS = 230;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
let connection: DuckDBConnection;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowmill-oracle-'));
  const example = ['run', '--quiet', '--profile', 'ci', '-p', 'rowmill-testkit', '--example', 'random-months', '--', folder, String(MONTHS)];
  await promisify(execFile)('cargo', example, { cwd: ROOT });
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

after(async () => {
  connection?.closeSync();
  await rm(folder, { recursive: true, force: true });
});

async function readMonth(seed: number): Promise<OracleMonth> {
  const root = join(folder, String(seed));
  const settings = JSON.parse(await readFile(join(root, 'month.json'), 'utf8')) as Omit<OracleMonth, 'root'>;
  return { ...settings, root, reportPeriodId: 7, clusterId: 'cluster-random', clusterAlias: seed % 3 === 0 ? null : 'Random' };
}

async function run(month: OracleMonth, file: string): Promise<void> {
  const openshift = {
    clusterId: month.clusterId,
    clusterAlias: month.clusterAlias,
    reportPeriodId: month.reportPeriodId,
    input: month.input,
    alignStart: month.alignStart,
    lookups: 'plan',
    enabledKeys: month.enabledKeys,
    categories: month.categories,
    nodes: month.nodes,
    deriveNodes: false,
  };
  const flags = {
    source: { root: month.root, layout: 'koku', account: month.account, id: month.source },
    window: { start: month.start, end: month.end, split: false },
    openshift,
    output: { file },
  };
  await runPlan(await loadPlan({ pipeline: 'cost openshift', env: {}, flags }));
}

/** The error of a promise, null where it has none. */
function failure(promise: Promise<void>): Promise<Error | null> {
  return promise.then(
    () => null,
    (error: Error) => error,
  );
}

test(`a run agrees with the SQL oracle on ${MONTHS} random months, and fails where the oracle fails`, async () => {
  let rows = 0;
  const problems: string[] = [];
  for (let seed = 0; seed < MONTHS; seed += 1) {
    const month = await readMonth(seed);
    const [ours, theirs] = [join(month.root, 'ours.parquet'), join(month.root, 'theirs.parquet')];
    const theirError = await failure(summaryByOracle(connection, month, theirs));
    const ourError = await failure(run(month, ours));
    if (ourError && !(ourError instanceof RowmillError && ourError.code.startsWith('DATA_'))) throw ourError;
    if (theirError || ourError) {
      if (!theirError || !ourError)
        problems.push(`month ${seed}: oracle ${theirError?.message ?? 'succeeds'}, run ${ourError?.message ?? 'succeeds'}`);
      continue;
    }
    const differences = await rowsThatDiffer(connection, ours, theirs);
    if (differences.length > 0) problems.push(`month ${seed}: ${differences.join('\n')}`);
    rows += Number((await connection.runAndReadAll(`SELECT count(*) AS rows FROM '${ours}'`)).getRowObjectsJS()[0]?.rows);
  }
  assert.deepEqual(problems, []);
  assert.ok(rows > 2000, `${rows} rows are too few to mean anything`);
});

test('our own comparison finds a month equal to the oracle, and finds what was changed in it', async () => {
  const month = await readMonth(await seedWithStorage());
  const [theirs, changed] = [join(month.root, 'theirs.parquet'), join(month.root, 'changed.parquet')];
  await summaryByOracle(connection, month, theirs);
  const request = { left: theirs, pipeline: 'cost openshift', table: 'reporting_ocpusagelineitem_daily_summary', tolerance: 1e-9, samples: 5 };
  const itself = await compare({ ...request, right: theirs });
  assert.deepEqual([itself.onlyLeft, itself.onlyRight, itself.different], [0, 0, 0]);
  const first = 'row_number() OVER (ORDER BY node_capacity_cpu_cores NULLS LAST) = 1';
  const cores = `(node_capacity_cpu_cores + CASE WHEN ${first} THEN 1 ELSE 0 END)::DECIMAL(33, 15) AS node_capacity_cpu_cores`;
  await connection.run(`COPY (SELECT * REPLACE (${cores}) FROM '${theirs}') TO '${changed}'`);
  const other = await compare({ ...request, right: changed });
  assert.deepEqual([other.onlyLeft, other.onlyRight, other.different], [0, 0, 1]);
  assert.equal((await rowsThatDiffer(connection, theirs, changed)).length, 1);
});

/** The first month whose summary has rows of both kinds. */
async function seedWithStorage(): Promise<number> {
  for (let seed = 0; seed < MONTHS; seed += 1) {
    const month = await readMonth(seed);
    const file = join(month.root, 'theirs.parquet');
    if (await failure(summaryByOracle(connection, month, file))) continue;
    const kinds = 'count(DISTINCT data_source) AS kinds, count(node_capacity_cpu_cores) AS cores';
    const [count] = (await connection.runAndReadAll(`SELECT ${kinds} FROM '${file}'`)).getRowObjectsJS();
    if (Number(count?.kinds) === 2 && Number(count?.cores) > 0) return seed;
  }
  throw new Error('no month has both kinds of rows');
}
