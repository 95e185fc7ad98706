/** The daily summary by DuckDB: the SQL files of this folder, run on a month of files. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** A month of files in the layout `koku`, and what else decides its summary. Days are inclusive. */
export interface OracleMonth {
  /** Folder that holds `data/parquet`. */
  root: string;
  account: string;
  source: string;
  start: string;
  end: string;
  alignStart: boolean;
  /** Whether daily rows are read as they are, or made of hourly ones. */
  input: 'daily' | 'hourly';
  reportPeriodId: number;
  clusterId: string;
  clusterAlias: string | null;
  enabledKeys: string[];
  categories: { namespace: string; id: number }[];
  nodes: { node: string; resourceId: string | null; role: string | null }[];
}

/** From the compiled test to the sources. */
const SQL = new URL('../../../test/oracle/', import.meta.url);

/**
 * Writes the summary of a month as Parquet, with the columns and types of the table.
 *
 * The tables of the connection are made anew each time, so one connection does for any number of months.
 *
 * @throws what DuckDB throws, also where the reproduced statement fails: on malformed labels, on a volume whose pods all lack a node,
 *   on numbers that do not fit.
 */
export async function summaryByOracle(connection: DuckDBConnection, month: OracleMonth, file: string): Promise<void> {
  await connection.run(await sql('openshift-tables.sql'));
  await insertSettings(connection, month);
  const daily = month.input === 'daily' ? 'daily/' : '';
  await insertFiles(connection, month, 'pod_hourly', '', 'pod_usage');
  if (daily) await insertFiles(connection, month, 'pod_daily', daily, 'pod_usage');
  await insertFiles(connection, month, daily ? 'storage_daily' : 'storage_hourly', daily, 'storage_usage');
  await insertFiles(connection, month, 'node_labels', daily, 'node_labels');
  await insertFiles(connection, month, 'namespace_labels', daily, 'namespace_labels');
  if (!daily) await connection.run(await sql('openshift-hourly.sql'));
  await connection.run(`COPY (${await sql('openshift-daily-summary.sql')}) TO ${quoted(file)} (FORMAT parquet)`);
}

function sql(name: string): Promise<string> {
  return readFile(new URL(name, SQL), 'utf8');
}

async function insertSettings(connection: DuckDBConnection, month: OracleMonth): Promise<void> {
  const { source, start, end, alignStart, reportPeriodId, clusterId, clusterAlias } = month;
  await insert(connection, 'params', [[source, start, end, alignStart, reportPeriodId, clusterId, clusterAlias]]);
  await insert(
    connection,
    'enabled_tag_keys',
    month.enabledKeys.map((key) => [key, true, 'OCP']),
  );
  await insert(
    connection,
    'cost_category_namespace',
    month.categories.map(({ namespace, id }) => [namespace, id]),
  );
  await insert(
    connection,
    'nodes',
    month.nodes.map(({ node, resourceId, role }) => [node, resourceId, role]),
  );
}

async function insert(connection: DuckDBConnection, table: string, rows: DuckDBValue[][]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const row = `(${first.map(() => '?').join(', ')})`;
  await connection.run(`INSERT INTO ${table} VALUES ${rows.map(() => row).join(', ')}`, rows.flat());
}

/** Columns are found by name: one that the files lack stays NULL, one that the table lacks is left out. */
async function insertFiles(connection: DuckDBConnection, month: OracleMonth, table: string, tree: string, report: string): Promise<void> {
  const [year, number] = month.start.split('-');
  const partition = `OCP/${report}/source=${month.source}/year=${year}/month=${number}`;
  const files = await parquetFiles(join(month.root, 'data', 'parquet', `${tree}${month.account}`, partition));
  if (files.length === 0) return;
  const columns = (await connection.runAndReadAll(`DESCRIBE ${table}`)).getRowObjectsJS().map((row) => String(row.column_name));
  const read = `read_parquet([${files.map(quoted).join(', ')}], union_by_name = true, hive_partitioning = false)`;
  await connection.run(`INSERT INTO ${table} BY NAME SELECT COLUMNS('^(${columns.join('|')})$') FROM ${read}`);
}

async function parquetFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.parquet')).map((name) => join(folder, name));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
