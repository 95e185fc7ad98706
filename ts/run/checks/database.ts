import type { TableDescription } from '../../addon.js';
import {
  appliedMigration,
  type Connection,
  checkTarget,
  describeUrl,
  readCreateRights,
  readTable,
  readTableRights,
  serverVersion,
  shown,
  type TableName,
  withConnection,
} from '../../postgres/index.js';
import type { RunContext } from '../context.js';
import { fillLookups } from '../lookups.js';
import type { CheckLine } from '../types.js';
import { fail, guarded, ok, warn } from './line.js';

/** Oldest server that the statements were written for: hashed partitions and `format_type` of partitioned tables. */
const OLDEST_VERSION = 120_000;

/** Is the server there, and may we do there what a run does? Stops at the first thing everything else needs. */
export async function checkDatabase(context: RunContext): Promise<CheckLine[]> {
  const { plan } = context;
  const { url } = plan.database;
  if (!url) {
    const files = plan.output.file ?? plan.output.folder;
    if (files) return [ok('database', `not needed: rows go to ${files}`)];
    return [fail('database', 'none is given', 'Set database.url, or output.file or output.folder to write files.')];
  }
  return guarded('database', () =>
    withConnection(url, async (connection) => {
      const lines = [await versionLine(connection, url)];
      if (!plan.output.file) {
        for (const spec of context.tables) {
          const table = { schema: plan.database.schema, name: spec.name };
          lines.push(...(await guarded('target table', () => targetLines(connection, table, spec, plan.database.create))));
        }
        lines.push(...(await guarded('ledger', () => ledgerLines(connection, plan.database.ledgerSchema))));
      }
      lines.push(...(await guarded('look-ups', () => lookupLines(connection, context))));
      return lines;
    }),
  );
}

async function versionLine(connection: Connection, url: string): Promise<CheckLine> {
  const { text, number } = await serverVersion(connection);
  const detail = `PostgreSQL ${text} at ${describeUrl(url)}`;
  if (number >= OLDEST_VERSION) return ok('database', detail);
  return warn('database', detail, 'rowmill is tested from PostgreSQL 12 on.');
}

async function targetLines(connection: Connection, table: TableName, spec: TableDescription, create: boolean): Promise<CheckLine[]> {
  if (!(await readTable(connection, table))) return [await creationLine(connection, table, create)];
  const { relation } = await checkTarget(connection, table, spec);
  const rights = await readTableRights(connection, table);
  const lacking = (['select', 'insert', 'delete'] as const).filter((right) => !rights[right]).map((right) => right.toUpperCase());
  const detail = `${shown(table)}, ${relation.partitionKey ? `partitioned by ${relation.partitionKey}` : 'not partitioned'}, has every column`;
  if (lacking.length > 0) {
    return [
      fail('target table', `${detail}, but ${lacking.join(', ')} is not granted`, `GRANT ${lacking.join(', ')} ON ${shown(table)} to this user.`),
    ];
  }
  if (relation.partitionKey && create && !rights.owner) {
    return [
      warn(
        'target table',
        `${detail}; only its owner can add partitions`,
        'Rows of a month without a partition go to the default partition, or fail.',
      ),
    ];
  }
  return [ok('target table', detail)];
}

async function creationLine(connection: Connection, table: TableName, create: boolean): Promise<CheckLine> {
  const name = 'target table';
  if (!create) return fail(name, `${shown(table)} does not exist`, 'Set database.create: true, or create the table.');
  const { inSchema, inDatabase } = await readCreateRights(connection, table.schema);
  if (inSchema ?? inDatabase) return ok(name, `${shown(table)} will be created`);
  const needed = inSchema === null ? `CREATE ON DATABASE (there is no schema ${table.schema})` : `CREATE ON SCHEMA ${table.schema}`;
  return fail(name, `${shown(table)} does not exist and may not be created`, `GRANT ${needed} to this user.`);
}

async function ledgerLines(connection: Connection, schema: string): Promise<CheckLine[]> {
  if ((await appliedMigration(connection, schema)) > 0) {
    const rights = await readTableRights(connection, { schema, name: 'load' });
    if (rights.insert && rights.delete && rights.select) return [ok('ledger', `in the schema ${schema}`)];
    return [
      fail(
        'ledger',
        `the schema ${schema} has one that this user may not write`,
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema}.`,
      ),
    ];
  }
  const { inSchema, inDatabase } = await readCreateRights(connection, schema);
  if (inSchema ?? inDatabase) return [ok('ledger', `will be created in the schema ${schema}`)];
  return [
    fail(
      'ledger',
      `may not be created in the schema ${schema}`,
      'GRANT CREATE ON DATABASE to this user, or set database.ledgerSchema to a schema of its own.',
    ),
  ];
}

async function lookupLines(connection: Connection, context: RunContext): Promise<CheckLine[]> {
  const filled = await fillLookups(connection, context.plan, context.rules);
  const lines = filled.origins.map(({ field, origin, entries }) => ok(`look-up ${field}`, `${entries} entries from the ${origin}`));
  for (const window of filled.plan.windows) {
    const reason = context.rules.skip?.(filled.plan, window, filled.fromDatabase);
    if (reason)
      lines.push(warn(`window ${window.start}`, `will be skipped: ${reason}`, 'Create the row, or take look-ups from the plan (lookups: plan).'));
  }
  return lines;
}
