import { ask, type Connection } from '../connect.js';
import { qualified, type TableName } from '../names.js';

export interface PartitionRow extends TableName {
  /** As the server prints it: `FOR VALUES FROM ('2025-10-01') TO ('2025-11-01')`, or `DEFAULT`. */
  bounds: string;
}

/** The partitions directly below a table. */
export async function readPartitions(connection: Connection, table: TableName): Promise<PartitionRow[]> {
  return ask<PartitionRow>(
    connection,
    `reading the partitions of ${qualified(table)}`,
    `SELECT cn.nspname AS schema, c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
     FROM pg_inherits i
     JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
     JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
     WHERE pn.nspname = $1 AND p.relname = $2 AND c.relispartition
     ORDER BY c.relname`,
    [table.schema, table.name],
  );
}
