// Whether the contenders of the fold have the same rows; compared by DuckDB, with nothing of our own comparison in it.

import { withDuckDB } from '../month.mjs';
import { MEASURES } from '../peers/fold-job.mjs';

/** Sums are exact in rowmill alone; what the order of adding leaves is far below this. */
const RELATIVE = 1e-9;
/** Last digits of numeric(33,15), to which rowmill's are rounded. */
const ABSOLUTE = 5e-15;

/** Throws where the rows of a peer are not those of rowmill's summary: another key, or a number that is not the same to nine digits. */
export async function mustHaveSameRows(summary, peers, { keys }) {
  await withDuckDB(async (query) => {
    await query(`CREATE TEMP TABLE ours AS ${podRows(summary, keys)}`);
    const [{ rows }] = await query('SELECT count(*)::INT AS rows FROM ours');
    if (rows === 0) throw new Error('rowmill gave no Pod rows, so there is nothing to compare');
    for (const [name, file] of Object.entries(peers)) {
      const differences = await query(difference(file, keys));
      if (differences.length === 0) continue;
      throw new Error(`the rows of ${name} differ, so no time counts:\n${differences.map((row) => JSON.stringify(row)).join('\n')}`);
    }
  });
}

/** The Pod rows of a summary with merged labels by key. Unallocated rows are Pod rows too, but without the cost object. */
function podRows(file, keys) {
  const label = (key) => `json_extract_string(pod_labels, '$."${key}"') AS "${key}"`;
  const measures = MEASURES.map((name) => `${name}::DOUBLE AS ${name}`);
  return `
    SELECT usage_start::DATE AS day, namespace, node, pod_labels IS NOT NULL AS labelled, ${keys.map(label)}, ${measures}
    FROM '${file}' WHERE data_source = 'Pod' AND infrastructure_usage_cost IS NOT NULL`;
}

function difference(file, keys) {
  const key = ['day', 'namespace', 'node', 'labelled', ...keys.map((name) => `"${name}"`)];
  const matched = key.map((column) => `ours.${column} IS NOT DISTINCT FROM theirs.${column}`).join(' AND ');
  const differ = MEASURES.map((name) => `NOT ${equal(`ours.${name}`, `theirs.${name}`)}`).join(' OR ');
  return `
    WITH theirs AS (SELECT * REPLACE (day::DATE AS day) FROM '${file}')
    SELECT to_json({'ours': ours, 'theirs': theirs})::VARCHAR AS difference
    FROM ours FULL JOIN theirs ON ${matched}
    WHERE ours.day IS NULL OR theirs.day IS NULL OR ${differ}
    LIMIT 5`;
}

function equal(left, right) {
  const near = `abs(${left} - ${right}) <= greatest(${ABSOLUTE}, ${RELATIVE} * greatest(abs(${left}), abs(${right})))`;
  return `coalesce(${near}, ${left} IS NULL AND ${right} IS NULL)`;
}
