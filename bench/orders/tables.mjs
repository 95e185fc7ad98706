// Whether contenders made the same seven tables; compared by DuckDB, with nothing of our own comparison in it.

import { withDuckDB } from '../month.mjs';
import { SIZES, TABLES } from '../peers/orders-job.mjs';

/** Means and deviations of doubles, added in any order. Everything else is whole, and must be the same. */
const RELATIVE = 1e-9;
const DOUBLES = ['mean', 'std'];

/** Throws where a table of a peer, by name and folder, is not that of rowmill, or where ours have not as many events as the generator made. */
export async function mustHaveSameTables(ours, peers, rows) {
  await withDuckDB(async (query) => {
    const [counted] = await query(`SELECT sum(total_orders)::BIGINT AS events FROM '${ours}/aggregation_by_security.parquet'`);
    if (Number(counted.events) !== rows) throw new Error(`rowmill counted ${counted.events} events, and there are ${rows}`);
    for (const [name, folder] of Object.entries(peers)) {
      for (const [table, about] of Object.entries(TABLES)) {
        const differences = await query(difference(`${ours}/${table}.parquet`, `${folder}/${table}.parquet`, about));
        if (differences.length === 0) continue;
        const shown = differences.map((row) => JSON.stringify(row)).join('\n');
        throw new Error(`${table} of ${name} differs, so no time counts:\n${shown}`);
      }
    }
  });
}

function difference(ours, theirs, { by, values }) {
  const differ = values.map(([name, does]) => {
    const [left, right] = [`ours."${name}"`, `theirs."${name}"`];
    const near = `abs(${left} - ${right}) <= ${RELATIVE} * abs(${left})`;
    return DOUBLES.includes(does) ? `coalesce(NOT ${near}, (${left} IS NULL) <> (${right} IS NULL))` : `${left} IS DISTINCT FROM ${right}`;
  });
  return `
    WITH ours AS (SELECT ${keyOfOurs(by)} AS key, * FROM '${ours}'), theirs AS (SELECT ${keyOfTheirs(by)} AS key, * FROM '${theirs}')
    SELECT to_json({'ours': ours, 'theirs': theirs})::VARCHAR AS difference
    FROM ours FULL JOIN theirs USING (key)
    WHERE ours.key IS NULL OR theirs.key IS NULL OR ${differ.join(' OR ')}
    LIMIT 5`;
}

function keyOfOurs(by) {
  const keys = {
    date: "date::DATE - DATE '1970-01-01'",
    timestamp_hour: 'epoch_ns(timestamp)',
    size_bucket: `list_position([${SIZES.map((size) => `'${size}'`)}], size_bucket) - 1`,
  };
  return keys[by] ?? by;
}

/** A peer may leave a date or an hour in nanoseconds. */
function keyOfTheirs(by) {
  if (by === 'date') return 'CASE WHEN date > 1000000000 THEN date // 86400000000000 ELSE date END';
  if (by === 'hour') return 'CASE WHEN hour > 23 THEN hour // 3600000000000 ELSE hour END';
  return by;
}
