import type { TableDescription } from '../addon.js';
import { RowmillError } from '../errors.js';
import { isSuitable, suitableTypes } from './column-types.js';
import { type Connection, inTransaction } from './connect.js';
import { shown, type TableName } from './names.js';
import { ensurePartitions } from './partitions.js';
import { ensureSchema } from './statements/create-schema.js';
import { createTable } from './statements/create-table.js';
import { lockUntilCommit } from './statements/lock.js';
import { type CatalogColumn, readColumns } from './statements/read-columns.js';
import { readTableRights } from './statements/read-rights.js';
import { readTable, type TableRow } from './statements/read-table.js';

/** A column that COPY writes, with the type it has in the table. */
export interface TargetColumn {
  name: string;
  /** As the catalog spells it, for example `numeric(33,15)` or `character varying(253)`. */
  type: string;
}

/** A table that is ready to be written. */
export interface Target {
  table: TableName;
  /** What COPY writes, in this order. */
  columns: TargetColumn[];
  /** Lines for people: what was created. */
  notes: string[];
}

export interface TargetRequest {
  table: TableName;
  spec: TableDescription;
  firstDay: string;
  lastDay: string;
  /** Whether the table and its partitions may be made. */
  create: boolean;
}

/**
 * Makes sure that a table can take the rows: creates it where it is missing, adds monthly partitions, checks every written column.
 *
 * @throws RowmillError `SINK_TABLE_MISSING` (absent, and `create` is false), `SINK_TABLE_MISMATCH` (lists every column that does not fit),
 *   `SINK_RIGHTS_MISSING`
 */
export async function ensureTarget(connection: Connection, request: TargetRequest): Promise<Target> {
  const notes: string[] = [];
  if (!(await readTable(connection, request.table))) notes.push(...(await createTarget(connection, request)));
  const { relation, columns } = await checkTarget(connection, request.table, request.spec);
  const { table, spec, firstDay, lastDay } = request;
  if (spec.partitionBy !== null && relation.partitionKey === `RANGE (${spec.partitionBy})`) {
    // Only the owner can add partitions; for others the ones that are there, or the default one, may do.
    const create = request.create && (await readTableRights(connection, table)).owner;
    notes.push(...(await ensurePartitions(connection, { table, column: spec.partitionBy, firstDay, lastDay, create })));
  }
  return { table: request.table, columns, notes };
}

async function createTarget(connection: Connection, { table, spec, create }: TargetRequest): Promise<string[]> {
  if (!create) {
    throw new RowmillError({
      code: 'SINK_TABLE_MISSING',
      message: `there is no table ${shown(table)}`,
      help: 'Check database.schema, or set database.create: true to have the table made.',
      retryable: false,
      place: {},
    });
  }
  return inTransaction(connection, `creating ${shown(table)}`, async () => {
    await lockUntilCommit(connection, `rowmill create ${shown(table)}`);
    if (await readTable(connection, table)) return [];
    await ensureSchema(connection, table.schema);
    await createTable(connection, table, spec);
    return [`created the table ${shown(table)}`];
  });
}

/** Reads an existing table and refuses it with every reason at once. */
export async function checkTarget(
  connection: Connection,
  table: TableName,
  spec: TableDescription,
): Promise<{ relation: TableRow; columns: TargetColumn[] }> {
  const relation = await readTable(connection, table);
  const catalog = await readColumns(connection, table);
  const problems = relation && ['r', 'p'].includes(relation.kind) ? columnProblems(spec, catalog) : ['it is not a table that can be written'];
  if (relation && problems.length === 0) return { relation, columns: writtenColumns(spec, catalog) };
  throw new RowmillError({
    code: 'SINK_TABLE_MISMATCH',
    message: `${shown(table)} cannot take these rows: ${problems.join('; ')}`,
    help: 'Change the table, or set database.schema to one where rowmill may create its own.',
    retryable: false,
    place: {},
  });
}

function writtenColumns(spec: TableDescription, catalog: CatalogColumn[]): TargetColumn[] {
  const types = new Map(catalog.map((column) => [column.name, column.type]));
  return spec.columns.filter((column) => column.written).map(({ name }) => ({ name, type: types.get(name) ?? '' }));
}

/** Everything that keeps a table from taking the rows, one sentence each. */
function columnProblems(spec: TableDescription, catalog: CatalogColumn[]): string[] {
  const written = spec.columns.filter((column) => column.written);
  const found = new Map(catalog.map((column) => [column.name, column]));
  const names = new Set(written.map((column) => column.name));
  const problems: string[] = [];
  for (const column of written) {
    const actual = found.get(column.name);
    if (!actual) problems.push(`column ${column.name} is missing (wanted ${column.ddl})`);
    else if (!isSuitable(column.ddl, actual.type))
      problems.push(`column ${column.name} is ${actual.type} (wanted ${suitableTypes(column.ddl).join(' or ')})`);
    else if (actual.computed) problems.push(`column ${column.name} is generated by the table and cannot be written`);
  }
  for (const column of catalog) {
    if (!names.has(column.name) && column.notNull && !column.filled)
      problems.push(`column ${column.name} is NOT NULL without a default, and nothing writes it`);
  }
  return problems;
}
