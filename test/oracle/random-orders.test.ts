import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadPlan } from '#ts/plan/index.js';
import { runPlan } from '#ts/run/index.js';
import { type RandomOrders, randomOrders } from './random-orders.js';

const LOGS = 60;
const SQL = fileURLToPath(new URL('../../../test/oracle/orders-aggregates.sql', import.meta.url));
const HOUR = 3_600_000_000_000;

let folder: string;
let connection: DuckDBConnection;
let statements: Map<string, string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowmill-orders-oracle-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  const parts = (await readFile(SQL, 'utf8')).split(/^-- (\w+)$/m).slice(1);
  statements = new Map(parts.flatMap((name, at) => (at % 2 === 0 ? [[name, (parts[at + 1] ?? '').trim().replace(/;$/, '')] as const] : [])));
});

after(async () => {
  connection?.closeSync();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the log through the program; answers the folder with the seven files. */
async function ours({ seed, text, options, days }: RandomOrders): Promise<string> {
  const source = join(folder, `${seed}.csv`);
  await writeFile(source, text);
  const flags = {
    source: { root: source, unitBytes: 1000 + seed },
    window: days ?? {},
    orders: options,
    output: { folder: join(folder, String(seed)) },
  };
  await runPlan(await loadPlan({ pipeline: 'orders', env: {}, flags }));
  return join(folder, String(seed));
}

/** The rows that pass, as a table `events`, by SQL that knows the rules and nothing of the program. */
async function loadEvents({ seed, clocks, options, days }: RandomOrders): Promise<void> {
  const values = clocks.map(({ row, filter, aggregate }) => `(${row}, ${filter}::BIGINT, ${aggregate}::BIGINT)`).join(', ');
  const ofDay = 'filter_clock % 86400000000000';
  const ends = {
    exclusive: `${ofDay} < ${options.hoursEnd * HOUR}`,
    instant: `${ofDay} <= ${options.hoursEnd * HOUR}`,
    hour: `${ofDay} < ${(options.hoursEnd + 1) * HOUR}`,
  };
  const listed = (column: string, list: number[]): string[] => (list.length > 0 ? [`${column} IN (${list.join(', ')})`] : []);
  const terms = [
    ...(days ? [`make_timestamp_ns(filter_clock)::DATE BETWEEN '${days.start}' AND '${days.end}'`] : []),
    ...listed('security_code', options.securityCodes),
    ...listed('participantid', options.participantIds),
    ...listed('exchangeordertype', options.orderTypes),
    ...(options.hoursEnabled ? [`${ofDay} >= ${options.hoursStart * HOUR}`, ends[options.hourEnd]] : []),
  ];
  await connection.run(`
    CREATE OR REPLACE TABLE clocks AS SELECT * FROM (VALUES ${values}) AS clocks(row_num, filter_clock, local);
    CREATE OR REPLACE TABLE events AS
    SELECT log.*, clocks.* EXCLUDE (row_num) FROM read_csv('${join(folder, `${seed}.csv`)}', types = {'timevaliditydecoded': 'VARCHAR'}, auto_type_candidates = ['BIGINT', 'VARCHAR']) AS log
    JOIN clocks USING (row_num) WHERE ${terms.join(' AND ') || 'true'}`);
}

/** Where a file of ours and the oracle's rows differ: in number, in a whole number or text, or in a double beyond its last digits. */
async function differences(out: string, name: string): Promise<string[]> {
  const file = join(out, `${name}.csv`);
  await connection.run(`CREATE OR REPLACE TABLE theirs AS ${statements.get(name)}`);
  const columns = (await connection.runAndReadAll('DESCRIBE theirs')).getRowObjectsJS();
  const types = columns.map(
    ({ column_name, column_type }) => `'${column_name}': '${String(column_type) === 'TIMESTAMP_NS' ? 'VARCHAR' : column_type}'`,
  );
  await connection.run(`CREATE OR REPLACE TABLE ours AS FROM read_csv('${file}', header = true, columns = {${types.join(', ')}})`);
  const compare = columns.map(({ column_name: column, column_type: type }) => {
    const [left, right] = [`ours.${column}`, `theirs.${column}`];
    if (String(type) === 'TIMESTAMP_NS') return `${left} IS DISTINCT FROM strftime(${right}, '%Y-%m-%d %H:%M:%S+00:00')`;
    if (String(type) !== 'DOUBLE') return `${left} IS DISTINCT FROM ${right}`;
    return `(${left} IS NULL) <> (${right} IS NULL) OR abs(${left} - ${right}) > 1e-12 * greatest(abs(${left}), abs(${right}))`;
  });
  const result = await connection.runAndReadAll(`
    WITH ours AS (SELECT *, row_number() OVER () AS nth FROM ours), theirs AS (SELECT *, row_number() OVER () AS nth FROM theirs)
    SELECT ours::VARCHAR AS ours, theirs::VARCHAR AS theirs FROM ours FULL JOIN theirs USING (nth)
    WHERE ours.nth IS NULL OR theirs.nth IS NULL OR ${compare.join(' OR ')}`);
  return result.getRowObjectsJS().map((row) => `${name}: ${row.ours} is not ${row.theirs}`);
}

async function allDifferences(orders: RandomOrders, out: string): Promise<string[]> {
  await loadEvents(orders);
  const found = [];
  for (const name of statements.keys()) found.push(...(await differences(out, name)));
  return found;
}

test('random order logs give the rows that SQL gives, whatever their zone, hours, NULLs and borders', async () => {
  assert.equal(statements.size, 7);
  let rows = 0;
  for (let seed = 0; seed < LOGS; seed += 1) {
    const orders = randomOrders(seed);
    const out = await ours(orders);
    const found = await allDifferences(orders, out);
    assert.deepEqual(found.slice(0, 3), [], `seed ${seed}, ${JSON.stringify({ ...orders.options, days: orders.days })}`);
    const counted = await connection.runAndReadAll('SELECT count(*)::INT AS rows FROM events');
    rows += Number(counted.getRowObjectsJS()[0]?.rows);
  }
  assert.ok(rows > 30 * LOGS, `the filters leave too little to compare: ${rows} rows`);
});

test('an answer that is wrong in one place is found out', async () => {
  const orders = { ...randomOrders(1), days: null };
  const plain = { ...orders, options: { ...orders.options, hoursEnabled: false, securityCodes: [], participantIds: [], orderTypes: [] } };
  const out = await ours(plain);
  assert.deepEqual(await allDifferences(plain, out), []);
  for (const [name, change] of [
    ['aggregation_by_security', (text: string) => text.replace(/,(\d+)\n/, (_, digits) => `,${BigInt(digits) + 1n}\n`)],
    ['aggregation_by_order_size', (text: string) => text.replace('<1K', '<1000')],
    ['timeseries_hourly', (text: string) => text.split('\n').toSpliced(2, 1).join('\n')],
    ['timeseries_daily', (text: string) => text.replace(/(\.\d{6})\d/, (_, digits) => `${digits}${'9'}5`)],
  ] as const) {
    const file = join(out, `${name}.csv`);
    const right = await readFile(file, 'utf8');
    const wrong = change(right);
    assert.notEqual(wrong, right, name);
    await writeFile(file, wrong);
    assert.notEqual((await allDifferences(plain, out)).length, 0, name);
    await writeFile(file, right);
  }
});
