// The fold by nodejs-polars: the ways of polars_fold.py, as far as its interface goes. A process of its own.

import { dirname, join } from 'node:path';
import pl from 'nodejs-polars';
import { serve } from '../../dist/bench/child.js';

const KEY = ['day', 'namespace', 'node'];
const STREAMING = { engine: 'streaming' };

serve(async (job) => async () => fold(job));

/** Joins here never match NULL, so a text that is NULL becomes the JSON text that stands for it. */
const NO_LABELS = 'null';

const WAYS = { 'two-phase': inTwoPhases, direct: directly };

function fold(job) {
  const { keys } = job;
  const pods = WAYS[job.way](job);
  const withOwners = joined(joined(pods, owners(job, 'node'), ['day', 'node']), owners(job, 'namespace'), ['day', 'namespace']);
  const folded = withOwners
    .withColumns(...keys.map(merged))
    .groupBy([...KEY, 'labelled', ...keys])
    .agg(...sumsAgain())
    .select(...[...KEY, 'labelled', ...keys].map((name) => pl.col(name)), ...scaled(job.measures))
    .collectSync(STREAMING);
  if (!job.file) return { rowsOut: folded.height };
  folded.writeParquet(job.file);
  return { file: job.file };
}

function podRows(job) {
  const text = pl.col('pod_labels').fillNull(pl.lit(NO_LABELS)).alias('text');
  return scan(job, 'podFiles')
    .filter(pl.col('node').neq(pl.lit('')))
    .withColumns(day(), text);
}

function inTwoPhases(job) {
  const { keys } = job;
  const texts = podRows(job)
    .groupBy([...KEY, 'text'])
    .agg(...firstSums(job))
    .collectSync(STREAMING);
  const kept = parsed(texts.select('text').unique(), keys).withColumns(isLabelled());
  return joined(texts.lazy(), kept.lazy(), ['text'])
    .groupBy([...KEY, 'labelled', ...keys])
    .agg(...sumsAgain());
}

function directly(job) {
  const { keys } = job;
  return parsed(podRows(job), keys)
    .withColumns(isLabelled())
    .groupBy([...KEY, 'labelled', ...keys])
    .agg(...firstSums(job));
}

function isLabelled() {
  return pl.col('text').neq(pl.lit(NO_LABELS)).alias('labelled');
}

/** Later wins: node, namespace, pod. Without labels of its own a pod has none at all. */
function merged(key) {
  const found = pl
    .col(key)
    .fillNull(pl.col(`namespace ${key}`))
    .fillNull(pl.col(`node ${key}`));
  return pl.when(pl.col('labelled')).then(found).otherwise(pl.lit(null)).alias(key);
}

function day() {
  return pl.col('interval_start').cast(pl.Date).alias('day');
}

/** Files of an input lie in one folder. */
function scan(job, files) {
  const at = (text) => pl.lit(new Date(text)).cast(pl.Datetime('ms'));
  const rows = pl.scanParquet(join(dirname(job[files][0]), '*.parquet'), { hivePartitioning: false });
  return rows.filter(
    pl
      .col('interval_start')
      .gtEq(at(job.start))
      .and(pl.col('interval_start').lt(at(job.end))),
  );
}

function firstSums({ isDaily }) {
  const sums = ['cpu_core_seconds', 'memory_byte_seconds'].flatMap((unit) => {
    const [usage, request] = [pl.col(`pod_usage_${unit}`), pl.col(`pod_request_${unit}`)];
    const larger = pl.maxHorizontal([usage, request]);
    const effective = isDaily ? pl.col(`pod_effective_usage_${unit}`).fillNull(larger) : larger;
    return [usage, request, effective, pl.col(`pod_limit_${unit}`)].map((value) => value.sum());
  });
  const largest = ['node_capacity_cpu_cores', 'node_capacity_memory_bytes'].map((name) => pl.col(name).max());
  return [...sums, ...largest].map((value, at) => value.alias(`m${at}`));
}

function sumsAgain() {
  return Array.from({ length: 10 }, (_, at) => (at < 8 ? pl.col(`m${at}`).sum() : pl.col(`m${at}`).max()));
}

function parsed(texts, keys) {
  return texts.withColumns(...keys.map((key) => pl.col('text').str.jsonPathMatch(`$.${key}`).alias(key)));
}

function owners(job, name) {
  const text = pl.col(`${name}_labels`).fillNull(pl.lit(NO_LABELS)).alias('text');
  const rows = scan(job, `${name}LabelFiles`).select(day(), pl.col(name), text).unique().collectSync(STREAMING);
  const labels = parsed(rows.select('text').unique(), job.keys);
  const named = job.keys.map((key) => pl.col(key).alias(`${name} ${key}`));
  return joined(rows.lazy(), labels.lazy(), ['text'])
    .select(pl.col('day'), pl.col(name), ...named)
    .unique();
}

function joined(left, right, on) {
  return left.join(right, { on, how: 'left' });
}

function scaled(measures) {
  const [hours, gigabytes] = [1 / 3600, 1 / 2 ** 30];
  const factor = (at) => (at < 4 ? hours : at < 8 ? hours * gigabytes : at === 8 ? 1 : gigabytes);
  return measures.map((name, at) =>
    pl
      .col(`m${at}`)
      .mul(pl.lit(factor(at)))
      .alias(name),
  );
}
