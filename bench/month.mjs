// A month of files made from a shape, verified, and the plan to run it with.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, generate, resolvePlan } from '../dist/addon.js';
import { CORPORA } from './corpora.mjs';

/**
 * Generates the month of a corpus, verifies what the corpus claims, calls `work` with it, and removes it.
 *
 * `work` gets `{ folder, plan, sources, found }`: a folder to write results to, the resolved plan, the inputs of its pipeline, and what was
 * found true of the files.
 */
export async function withMonth(name, { rows, threads }, work) {
  const { spec, holds, input = 'hourly', about } = CORPORA[name] ?? unknown(name);
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-bench-'));
  try {
    const settings = spec(rows);
    const made = await generate({ out: join(folder, 'month'), ...settings });
    // Categories would multiply sums of rows that several match, which is no part of the fold that the peers are asked for.
    const plan = await planOf(made.clusters[0].plan, {
      budget: { threads },
      openshift: { input, lookups: 'plan', deriveNodes: false, categories: [] },
    });
    const found = await verified(plan, made);
    if (!holds(found, rows)) throw new Error(`the corpus ${name} is not what it claims (${about}): ${JSON.stringify(found)}`);
    return await work({ folder, plan, sources: sourcesOf(plan), found: { about, settings, ...found } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unknown(name) {
  throw new Error(`there is no corpus ${name}; there are ${Object.keys(CORPORA).join(', ')}`);
}

/** The plan that the generator wrote, with other settings on top. */
export async function planOf(file, values) {
  return resolved([
    { origin: `file ${file}`, values: JSON.parse(readFileSync(file, 'utf8')) },
    { origin: 'bench', values },
  ]);
}

export async function resolved(layers) {
  const { plan, problems } = await resolvePlan(layers);
  if (!plan) throw new Error(`the plan is refused: ${JSON.stringify(problems)}`);
  return plan;
}

/** The inputs of a plan's pipeline. */
export function sourcesOf(plan) {
  return describe().pipelines.find(({ name }) => name === plan.pipeline).sources;
}

/** Files of a report in the layout of the generator. `tree` is `daily/` or empty. */
export function filesOf({ source, windows }, report, tree) {
  const [{ year, month }] = windows;
  const folder = join(source.root, 'data', 'parquet', tree, source.account, 'OCP', report, `source=${source.id}`, `year=${year}`, `month=${month}`);
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(folder, name))
    .sort();
}

/** A DuckDB to look at files with, closed afterwards. */
export async function withDuckDB(work) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export function fileList(files) {
  return `[${files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')}]`;
}

/** What is true of the hourly pod files, found by another engine than ours. */
async function verified(plan, made) {
  const files = filesOf(plan, 'pod_usage', '');
  const rows = made.hourlyPodRows;
  // Hashes take less memory than long texts; that two of ten million have the same 64 bits is not to be expected.
  const distinct = (value) => `count(DISTINCT hash(${value}))`;
  return withDuckDB(async (query) => {
    const [values] = await query(`
      SELECT ${distinct('pod_labels')} FILTER (pod_labels IS NOT NULL)::INT AS "labelTexts", count_if(pod_labels IS NULL)::INT AS "labelsNull",
        round(coalesce(avg(strlen(pod_labels)), 0), 1)::DOUBLE AS "labelBytesMean"
      FROM read_parquet(${fileList(files)}, hive_partitioning = false)`);
    const groups = await groupCount(query, plan, files, distinct);
    const chunks = await chunkProperties(query, files);
    const [order] = await query(`
      SELECT round(avg((interval_start < time_before)::INT), 4)::DOUBLE AS "stepsBack", round(avg((pod = pod_before)::INT), 4)::DOUBLE AS "samePod"
      FROM (
        SELECT interval_start, pod, lag(interval_start) OVER rows_in_order AS time_before, lag(pod) OVER rows_in_order AS pod_before
        FROM read_parquet(${fileList(files.slice(0, 1))}, hive_partitioning = false, file_row_number = true)
        WINDOW rows_in_order AS (ORDER BY file_row_number))`);
    const { inputs } = made.clusters[0];
    return { rows, ...values, groups, ...chunks, ...order, dailyRows: inputs.pod_daily?.rows ?? 0, files: made.files, bytes: made.bytes };
  });
}

/** Combinations of day, namespace, node and enabled labels of pods, which are the groups of the fold but for label sets that change in a day. */
async function groupCount(query, { options }, files, distinct) {
  const paths = options.enabledKeys.map((key) => `'$."${key}"'`).join(', ');
  const key = `interval_start::DATE, namespace, node, json_extract_string(pod_labels, [${paths}])`;
  const [{ groups }] = await query(`SELECT ${distinct(key)}::INT AS groups FROM read_parquet(${fileList(files)}, hive_partitioning = false)`);
  return groups;
}

/**
 * Encodings of column chunks. A dictionary that fell back leaves a dictionary page behind, so the encodings alone do not tell: chunks count as
 * plain where they hold about as many bytes as their texts have.
 */
async function chunkProperties(query, files) {
  const [all] = await query(`
    WITH chunk AS (FROM parquet_metadata(${fileList(files)})),
    texts AS (
      SELECT file_name, sum(coalesce(strlen(pod_labels) + 4, 0)) AS bytes
      FROM (SELECT pod_labels, filename AS file_name FROM read_parquet(${fileList(files)}, hive_partitioning = false, filename = true)) GROUP BY ALL
    ),
    labels AS (
      SELECT file_name, sum(total_uncompressed_size) AS stored, count(*) AS chunks FROM chunk WHERE path_in_schema = 'pod_labels' GROUP BY ALL
    )
    SELECT (SELECT any_value(compression) FROM chunk) AS compression,
      (SELECT count(*) FROM chunk WHERE path_in_schema = 'pod')::INT AS "rowGroups",
      (SELECT count(DISTINCT path_in_schema) FROM chunk)::INT AS columns,
      (SELECT count_if(encodings LIKE '%DICTIONARY%') FROM chunk)::INT AS "dictionaryChunks",
      (SELECT any_value(encodings) FROM chunk WHERE path_in_schema = 'pod_labels') AS "labelEncodings",
      (SELECT sum(chunks) FROM labels)::INT AS "labelChunks",
      (SELECT coalesce(sum(chunks), 0) FROM labels JOIN texts USING (file_name) WHERE stored > 0.9 * bytes AND bytes > 0)::INT AS "labelChunksPlain"`);
  return { podFiles: files.length, ...all };
}
