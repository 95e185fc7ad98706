import type { TableDescription } from '../../addon.js';
import { type Connection, change } from '../connect.js';
import { qualified, quoted, type TableName } from '../names.js';

/** Creates the table as the pipeline describes it, with indexes: where it has a date column for that, partitioned by its ranges, with a default partition. */
export async function createTable(connection: Connection, table: TableName, spec: TableDescription): Promise<void> {
  const doing = `creating ${qualified(table)}`;
  const columns = spec.columns.map((column) => `${quoted(column.name)} ${column.ddl}${column.nullable ? '' : ' NOT NULL'}`);
  // PostgreSQL wants the partition column in every unique key of a partitioned table.
  const key = new Set(spec.partitionBy === null ? spec.primaryKey : [...spec.primaryKey, spec.partitionBy]);
  columns.push(`PRIMARY KEY (${[...key].map(quoted).join(', ')})`);
  const partitions = spec.partitionBy === null ? '' : ` PARTITION BY RANGE (${quoted(spec.partitionBy)})`;
  await change(connection, doing, `CREATE TABLE ${qualified(table)} (${columns.join(', ')})${partitions}`);
  for (const [method, expression] of spec.indexes) {
    await change(connection, doing, `CREATE INDEX ON ${qualified(table)} USING ${method} (${expression})`);
  }
  if (spec.partitionBy === null) return;
  const rest = qualified({ schema: table.schema, name: `${table.name}_default` });
  await change(connection, doing, `CREATE TABLE ${rest} PARTITION OF ${qualified(table)} DEFAULT`);
}
