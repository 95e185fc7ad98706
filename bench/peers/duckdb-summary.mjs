// The same summary by DuckDB: the statements of test/oracle, changed from obvious to fast.
//
// The tests load every file into a table and add with compensation. Here files stay files (a view reads what a query asks for), and sums are
// plain sums. What is computed is the same, and the rows are compared before any time counts. A process of its own.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { serve } from '../../dist/bench/child.js';
import { fileList, filesOf } from '../month.mjs';

const ORACLE = fileURLToPath(new URL('../../test/oracle/', import.meta.url));

/** Without a file the columns that the summary reads are scanned, and nothing is done with them. */
serve(async ({ plan, file, threads }) => {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: String(threads) })).connect();
  return async () => {
    await (file ? summarise(connection, plan, file) : scan(connection, plan));
    return file ? { file } : {};
  };
});

/** Inputs by table: folder of the report, and whether its daily tree is read where there is one. */
const TABLES = [
  { table: 'pod_hourly', report: 'pod_usage', tree: 'hourly', in: ['daily', 'hourly'] },
  { table: 'pod_daily', report: 'pod_usage', tree: 'daily', in: ['daily'] },
  { table: 'storage_daily', report: 'storage_usage', tree: 'daily', in: ['daily'] },
  { table: 'storage_hourly', report: 'storage_usage', tree: 'hourly', in: ['hourly'] },
  { table: 'node_labels', report: 'node_labels', tree: 'either', in: ['daily', 'hourly'] },
  { table: 'namespace_labels', report: 'namespace_labels', tree: 'either', in: ['daily', 'hourly'] },
];

/** Writes the summary of a plan's month to a Parquet file. */
async function summarise(connection, plan, file) {
  const { input } = plan.options;
  await connection.run(statement('openshift-tables'));
  await settings(connection, plan);
  const hourly = statement('openshift-hourly');
  for (const each of TABLES)
    if (each.in.includes(input)) await connection.run(view(plan, each, input === 'hourly' ? filterOf(hourly, each.table) : ''));
  if (input === 'hourly') for (const insert of hourly.match(/INSERT INTO[^;]+/g)) await connection.run(insert);
  await connection.run(`COPY (${statement('openshift-daily-summary')}) TO ${quoted(file)} (FORMAT parquet)`);
}

/** Reads the columns that the summary reads, and does nothing with them. */
async function scan(connection, plan) {
  const { input } = plan.options;
  await connection.run(statement('openshift-tables'));
  for (const each of TABLES.filter((table) => table.in.includes(input))) {
    await connection.run(view(plan, each, ''));
    // A maximum needs every value; a count could be answered from the footers.
    await connection.runAndReadAll(`SELECT max(COLUMNS(*)) FROM ${each.table}`);
  }
}

function statement(name) {
  const text = readFileSync(`${ORACLE}${name}.sql`, 'utf8');
  return text.replaceAll(/^--.*$/gm, '').replaceAll('fsum(', 'sum(');
}

async function settings(connection, { source, window, options }) {
  const { alignStart, reportPeriodId, clusterId, clusterAlias } = options;
  await insert(connection, 'params', [[source.id, window.start, window.end, alignStart, reportPeriodId, clusterId, clusterAlias]]);
  const keys = options.enabledKeys.map((key) => [key, true, 'OCP']);
  await insert(connection, 'enabled_tag_keys', keys);
  const categories = options.categories.map(({ namespace, id }) => [namespace, id]);
  await insert(connection, 'cost_category_namespace', categories);
  const nodes = options.nodes.map(({ node, resourceId, role }) => [node, resourceId, role]);
  await insert(connection, 'nodes', nodes);
}

async function insert(connection, table, rows) {
  for (const row of rows) await connection.run(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`, row);
}

/** The table of that name becomes the shape of a view over files, so that a column which they lack is NULL. */
function view(plan, { table, report, tree }, filter) {
  const daily = tree === 'daily' || (tree === 'either' && plan.options.input === 'daily');
  const files = filesOf(plan, report, daily ? 'daily/' : '');
  const shape = `ALTER TABLE ${table} RENAME TO ${table}_shape;`;
  const rows = files.length === 0 ? '' : `UNION ALL BY NAME FROM read_parquet(${fileList(files)}, hive_partitioning = false)`;
  const columns = `SELECT ${COLUMNS[table].join(', ')}`;
  return `${shape} CREATE OR REPLACE TEMP VIEW ${table} AS ${columns} FROM (FROM ${table}_shape ${rows}) ${filter}`;
}

/** The columns of each table as the statement that makes it lists them. */
const COLUMNS = columnsByTable(statement('openshift-tables'));

function columnsByTable(text) {
  const made = [...text.matchAll(/CREATE OR REPLACE TEMP TABLE (\w+) \(([^;]+)\);/g)];
  const columns = made.map(([, table, list]) => [table, list.split(',').map((column) => column.trim().split(' ')[0].replaceAll('"', ''))]);
  const byTable = Object.fromEntries(columns);
  return { ...byTable, storage_hourly: byTable.storage_daily };
}

/** Rows that the hourly statements delete, left out of the view instead. */
function filterOf(hourly, table) {
  const condition = new RegExp(`DELETE FROM ${table} WHERE ([^;]+);`).exec(hourly)?.[1];
  return condition ? `WHERE (${condition}) IS NOT TRUE` : '';
}

function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
