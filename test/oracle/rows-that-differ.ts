/** Two result files compared by DuckDB, with nothing of our own comparison in it. */

import type { DuckDBConnection } from '@duckdb/node-api';

const JSON_COLUMNS = ['pod_labels', 'volume_labels', 'all_labels', 'infrastructure_usage_cost'];

/** Sums are exact on neither side; what remains after their order is far below this. */
const RELATIVE = 1e-9;

/** Last digits of numeric(33,15) that rounding may move. */
const ABSOLUTE = 5e-15;

/** Unallocated amounts are differences of much larger ones: relative to the capacity they were taken from. */
const OF_CAPACITY = 1e-12;

/**
 * Rows of either file that have no equal in the other, as JSON texts, at most ten.
 *
 * Rows are numbered within equal keys in the order of their measures to nine digits, and compared pair by pair.
 */
export async function rowsThatDiffer(connection: DuckDBConnection, left: string, right: string): Promise<string[]> {
  const columns = (await connection.runAndReadAll(`DESCRIBE FROM '${left}'`)).getRowObjectsJS();
  const isMeasure = (column: Record<string, unknown>) => String(column.column_type).startsWith('DECIMAL');
  const measures = columns.filter(isMeasure).map(({ column_name }) => String(column_name));
  const keys = columns.filter((column) => !isMeasure(column)).map(({ column_name }) => String(column_name));
  const same = [...keys, 'nth'].map((key) => `l.${key} IS NOT DISTINCT FROM r.${key}`).join(' AND ');
  const differ = measures.map((measure) => `coalesce(NOT (${equal(measure)}), true)`).join(' OR ');
  const result = await connection.runAndReadAll(`
    WITH l AS (${numbered(left, keys, measures)}), r AS (${numbered(right, keys, measures)})
    SELECT to_json({'left': l, 'right': r})::VARCHAR AS difference
    FROM l FULL JOIN r ON ${same}
    WHERE l.nth IS NULL OR r.nth IS NULL OR ${differ}
    LIMIT 10
  `);
  return result.getRowObjectsJS().map(({ difference }) => String(difference));
}

function numbered(file: string, keys: string[], measures: string[]): string {
  const canonical = JSON_COLUMNS.map((column) => `${ordered(column)} AS ${column}`).join(', ');
  const doubles = measures.map((measure) => `${measure}::DOUBLE AS ${measure}`).join(', ');
  const nine = measures.map((measure) => `format('{:.8e}', ${measure})`).join(', ');
  return `
    SELECT *, row_number() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${nine}) AS nth
    FROM (SELECT * REPLACE (${canonical}, ${doubles}) FROM '${file}')
  `;
}

/** JSON objects of texts and numbers with their members in order. */
function ordered(column: string): string {
  const entries = `list_sort(map_entries(${column}::JSON::MAP(VARCHAR, VARCHAR)))`;
  const value = column === 'infrastructure_usage_cost' ? 'entry.value::DOUBLE::VARCHAR' : 'entry.value';
  return `to_json([[entry.key, ${value}] FOR entry IN ${entries}])::VARCHAR`;
}

function equal(measure: string): string {
  const [left, right] = [`l.${measure}`, `r.${measure}`];
  const apart = `abs(${left} - ${right})`;
  const capacity = measure.includes('cpu') ? 'l.node_capacity_cpu_core_hours' : 'l.node_capacity_memory_gigabyte_hours';
  const ofCapacity = `(l.infrastructure_usage_cost IS NULL AND ${apart} <= ${OF_CAPACITY} * abs(${capacity}))`;
  const close = `${apart} <= greatest(${ABSOLUTE}, ${RELATIVE} * greatest(abs(${left}), abs(${right}))) OR ${ofCapacity}`;
  return `(${left} IS NULL AND ${right} IS NULL) OR (${left} IS NOT NULL AND ${right} IS NOT NULL AND (${close}))`;
}
