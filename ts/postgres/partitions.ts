import { RowmillError } from '../errors.js';
import { type Connection, inTransaction } from './connect.js';
import { addMonths, type Month, monthOf, monthsBetween } from './months.js';
import { shown, type TableName } from './names.js';
import { createPartition } from './statements/create-partition.js';
import { lockUntilCommit } from './statements/lock.js';
import { type PartitionRow, readPartitions } from './statements/read-partitions.js';

/** Days from `from` to the day before `to`; null is open. */
interface Range {
  from: string | null;
  to: string | null;
}

export interface PartitionRequest {
  table: TableName;
  /** The date column the table is partitioned by. */
  column: string;
  /** First and last day that will be written. */
  firstDay: string;
  lastDay: string;
  /** Whether missing partitions may be made. */
  create: boolean;
}

/**
 * Makes the monthly partitions of the month before, of and after the days; rows of a new partition are moved out of the default one.
 *
 * Months that an existing partition covers, in part or whole, are left as they are.
 *
 * @returns one line for people per partition made
 * @throws RowmillError `SINK_TABLE_MISMATCH` where rows would have no partition and none may be made
 */
export async function ensurePartitions(connection: Connection, request: PartitionRequest): Promise<string[]> {
  if (missingMonths(request, await readPartitions(connection, request.table)).length === 0) return [];
  if (!request.create) {
    refuseHoles(request, await readPartitions(connection, request.table));
    return [];
  }
  return inTransaction(connection, `creating partitions of ${shown(request.table)}`, async () => {
    await lockUntilCommit(connection, `rowmill partitions ${shown(request.table)}`);
    const partitions = await readPartitions(connection, request.table);
    const rest = partitions.find((partition) => partition.bounds === 'DEFAULT') ?? null;
    const notes: string[] = [];
    for (const month of missingMonths(request, partitions)) notes.push(await addMonth(connection, request, month, rest));
    return notes;
  });
}

async function addMonth(connection: Connection, request: PartitionRequest, month: Month, rest: TableName | null): Promise<string> {
  const partition = { schema: request.table.schema, name: `${request.table.name}_${month.replace('-', '_')}` };
  const moved = await createPartition(connection, {
    parent: request.table,
    partition,
    column: request.column,
    from: `${month}-01`,
    to: `${addMonths(month, 1)}-01`,
    rest,
  });
  return `created the partition ${shown(partition)}${moved > 0 ? ` and moved ${moved} rows into it` : ''}`;
}

function missingMonths(request: PartitionRequest, partitions: PartitionRow[]): Month[] {
  const ranges = partitions.map((partition) => parseBounds(partition.bounds)).filter((range) => range !== null);
  const months = monthsBetween(addMonths(monthOf(request.firstDay), -1), addMonths(monthOf(request.lastDay), 1));
  return months.filter((month) => !ranges.some((range) => overlaps(range, { from: `${month}-01`, to: `${addMonths(month, 1)}-01` })));
}

/** Where none may be made, the months of the data need a partition of their own or a default one. */
function refuseHoles(request: PartitionRequest, partitions: PartitionRow[]): void {
  if (partitions.some((partition) => partition.bounds === 'DEFAULT')) return;
  const needed = monthsBetween(monthOf(request.firstDay), monthOf(request.lastDay));
  const holes = missingMonths(request, partitions).filter((month) => needed.includes(month));
  if (holes.length === 0) return;
  throw new RowmillError({
    code: 'SINK_TABLE_MISMATCH',
    message: `${shown(request.table)} has no partition for ${holes.join(', ')} and no default partition`,
    help: 'Create the partitions, or let rowmill do it: set database.create: true and run as a member of the role that owns the table.',
    retryable: false,
    place: {},
  });
}

/** The range of a partition bound by one date; null for the default partition and for bounds of another shape. */
export function parseBounds(bounds: string): Range | null {
  const match = /^FOR VALUES FROM \((?:'([^']*)'|MINVALUE)\) TO \((?:'([^']*)'|MAXVALUE)\)$/.exec(bounds);
  return match ? { from: match[1]?.slice(0, 10) ?? null, to: match[2]?.slice(0, 10) ?? null } : null;
}

function overlaps(a: Range, b: Range): boolean {
  return (a.from === null || b.to === null || a.from < b.to) && (b.from === null || a.to === null || b.from < a.to);
}
