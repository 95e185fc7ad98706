// The fold by DuckDB, in two ways. A process of its own.
//
// two-phase: groups by the raw label text, then parses the texts of those groups, keeps the enabled keys, and groups again.
// direct: parses the text of every row and groups by the enabled labels at once, which wins where texts are nearly all distinct.
//
// Then the labels of nodes and namespaces are joined and merged, and rows whose merged labels are equal are added up.

import { DuckDBInstance } from '@duckdb/node-api';
import { serve } from '../../dist/bench/child.js';
import { fileList } from '../month.mjs';

serve(async (job) => {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(job.threads) });
  const connection = await instance.connect();
  const query = foldQuery(job);
  const statement = job.file ? `COPY (${query}) TO '${job.file}' (FORMAT parquet)` : `CREATE TEMP TABLE folded AS ${query}`;
  return async () => {
    await connection.run(statement);
    return job.file ? { file: job.file } : {};
  };
});

function foldQuery(job) {
  const { keys, measures, podFiles, nodeLabelFiles, namespaceLabelFiles, start, end } = job;
  const parsed = (text) => `json_extract_string(${text}, [${keys.map((key) => `'$."${key}"'`).join(', ')}])`;
  const window = `interval_start >= TIMESTAMP '${start}' AND interval_start < TIMESTAMP '${end}'`;
  const owners = (files, name) => `
    SELECT DISTINCT day, ${name}, ${parsed('text')} AS labels
    FROM (SELECT DISTINCT interval_start::DATE AS day, ${name}, ${name}_labels AS text FROM ${scan(files)} WHERE ${window})`;
  const merged = keys.map((_, at) => `coalesce(pods.labels[${at + 1}], namespaces.labels[${at + 1}], nodes.labels[${at + 1}])`);
  const label = (_, at) => `labels[${at + 1}] AS "${keys[at]}"`;
  const grouped = (by) => `
    SELECT interval_start::DATE AS day, namespace, node, ${by}, ${aggregates(job).map((sum, at) => `${sum} AS m${at}`)}
    FROM ${scan(podFiles)} WHERE ${window} AND node <> '' GROUP BY ALL`;
  const ways = {
    'two-phase': `texts AS (${grouped('pod_labels AS text')}),
      pods AS (SELECT day, namespace, node, ${parsed('text')} AS labels, ${again()} FROM texts GROUP BY ALL)`,
    direct: `pods AS (${grouped(`${parsed('pod_labels')} AS labels`)})`,
  };
  return `
    WITH ${ways[job.way]},
    nodes AS (${owners(nodeLabelFiles, 'node')}),
    namespaces AS (${owners(namespaceLabelFiles, 'namespace')}),
    folded AS (
      SELECT pods.day, pods.namespace, pods.node, CASE WHEN pods.labels IS NOT NULL THEN [${merged}] END AS labels, ${again()}
      FROM pods LEFT JOIN nodes USING (day, node) LEFT JOIN namespaces ON namespaces.day = pods.day AND namespaces.namespace = pods.namespace
      GROUP BY ALL
    )
    SELECT day, namespace, node, labels IS NOT NULL AS labelled, ${keys.map(label)}, ${measures.map((name, at) => `${scaled(at)} AS ${name}`)}
    FROM folded`;
}

function scan(files) {
  return `read_parquet(${fileList(files)}, hive_partitioning = false)`;
}

/** Hourly rows take the larger of usage and request hour by hour; daily ones state it. Hourly sums of nothing are 0. */
function aggregates({ isDaily }) {
  const sums = ['cpu_core_seconds', 'memory_byte_seconds'].flatMap((unit) => {
    const [usage, request] = [`pod_usage_${unit}`, `pod_request_${unit}`];
    const larger = isDaily ? `coalesce(pod_effective_usage_${unit}, greatest(${usage}, ${request}))` : `greatest(${usage}, ${request})`;
    return [usage, request, larger, `pod_limit_${unit}`].map((value) => (isDaily ? `sum(${value})` : `coalesce(sum(${value}), 0)`));
  });
  return [...sums, 'max(node_capacity_cpu_cores)', 'max(node_capacity_memory_bytes)'];
}

function again() {
  return Array.from({ length: 10 }, (_, at) => `${at < 8 ? 'sum' : 'max'}(m${at}) AS m${at}`).join(', ');
}

/** Seconds to hours, bytes to GiB. */
function scaled(at) {
  if (at < 4) return `m${at} / 3600`;
  if (at < 8) return `m${at} / 3600 / 1073741824`;
  return at === 8 ? 'm8' : 'm9 / 1073741824';
}
