// Seven tables of orders by DuckDB, in two ways, each with and without quotes in the text format. A process of its own.
//
// table: the rows that are wanted become a table in memory, and seven statements read it.
// grouping sets: one statement groups by everything at once; what it gives is split afterwards.

import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { serve } from '../../dist/bench/child.js';

serve(async (job) => {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(job.threads) });
  const connection = await instance.connect();
  await connection.run('SET preserve_insertion_order = false');
  const statements = job.way.startsWith('table') ? byTable(job) : byGroupingSets(job);
  return async () => {
    for (const statement of statements) await connection.run(statement);
    return { file: job.out };
  };
});

function byTable(job) {
  const made = `CREATE TEMP TABLE wanted AS SELECT ${job.needed} FROM ${scan(job)}`;
  const copies = Object.entries(job.tables).map(([name, { by, values }]) => {
    const missing = by === 'size_bucket' ? 'WHERE quantity > 0' : '';
    return copy(job, name, `SELECT ${group(job, by)} AS "${by}", ${values.map(statistic)} FROM wanted ${missing} GROUP BY 1`);
  });
  return [made, ...copies];
}

function byGroupingSets(job) {
  const keys = [...new Set(Object.values(job.tables).map(({ by }) => by))];
  const all = [
    ...new Map(
      Object.values(job.tables).flatMap(({ values }) => values.map(([, does, of]) => [`${does}_${of}`, [`${does}_${of}`, does, of]])),
    ).values(),
  ];
  const groups = keys.map((by) => `${group(job, by)} AS "g_${by}"`);
  const sets = keys.map((by) => `("g_${by}")`);
  const numbered = `GROUPING(${keys.map((by) => `"g_${by}"`)}) AS which`;
  const rows = `SELECT ${job.needed}, ${groups} FROM ${scan(job)}`;
  const made = `CREATE TEMP TABLE grouped AS SELECT ${keys.map((by) => `"g_${by}"`)}, ${numbered}, ${all.map(statistic)}
    FROM (${rows}) GROUP BY GROUPING SETS (${sets})`;
  const copies = Object.entries(job.tables).map(([name, { by, values }]) => {
    // GROUPING has a bit, the first key's highest, for every key that is not grouped by.
    const which = 2 ** keys.length - 1 - 2 ** (keys.length - 1 - keys.indexOf(by));
    const named = values.map(([column, does, of]) => `${does}_${of} AS ${column}`);
    return copy(job, name, `SELECT "g_${by}" AS "${by}", ${named} FROM grouped WHERE which = ${which} AND "g_${by}" IS NOT NULL`);
  });
  return [made, ...copies];
}

function copy({ out }, name, query) {
  return `COPY (${query}) TO '${join(out, `${name}.parquet`)}' (FORMAT parquet)`;
}

/** Types are declared for every column, and only those needed are looked at. */
function scan({ file, columns, text, narrow, selection, way }) {
  const type = (name) => (name === text ? 'VARCHAR' : narrow.includes(name) ? 'INTEGER' : 'BIGINT');
  const quotes = way.endsWith('no quotes') ? `quote = '', escape = ''` : `quote = '"', escape = '"'`;
  const declared = columns.map((name) => `'${name}': '${type(name)}'`);
  const read = `read_csv('${file}', columns = {${declared}}, header = true, auto_detect = false, delim = ',', ${quotes})`;
  if (!selection) return read;
  const { securities, participant, from, before } = selection;
  return `${read} WHERE timestamp >= ${from} AND timestamp < ${before} AND security_code IN (${securities}) AND participantid = ${participant}`;
}

function group({ day, hour, borders }, by) {
  const groups = {
    date: `timestamp // ${day}`,
    hour: `timestamp // ${hour} % 24`,
    timestamp_hour: `timestamp // ${hour} * ${hour}`,
    size_bucket: `CASE ${[...borders.keys()]
      .reverse()
      .map((at) => `WHEN quantity > ${borders[at]} THEN ${at}`)
      .join(' ')} END`,
  };
  return groups[by] ?? by;
}

function statistic([name, does, column]) {
  const functions = { mean: 'avg', std: 'stddev_samp' };
  return does === 'distinct' ? `count(DISTINCT ${column}) AS ${name}` : `${functions[does] ?? does}(${column}) AS ${name}`;
}
