import type { Plan } from '../addon.js';
import { RowmillError } from '../errors.js';
import type { PipelineRules, PlannedLookup } from '../pipelines/index.js';
import type { Connection, LookupRow } from '../postgres/index.js';
import type { LookupOrigin } from './types.js';

/** A plan whose look-ups are filled in. */
export interface FilledPlan {
  plan: Plan;
  origins: LookupOrigin[];
  /** Fields that came from tables. */
  fromDatabase: ReadonlySet<string>;
}

/**
 * Fills the plan's look-ups from the tables of its schema, as its choice of look-ups says.
 *
 * The values go straight into the plan's own section: the tables' column types have checked them already, and the engine
 * reads the section anew for every window.
 *
 * @param connection null where no database is given: everything stays as the plan has it
 * @throws RowmillError `SINK_TABLE_MISSING` where the plan insists on the database and a table is missing
 */
export async function fillLookups(connection: Connection | null, plan: Plan, rules: PipelineRules): Promise<FilledPlan> {
  const choice = rules.lookupChoice?.(plan) ?? 'plan';
  const options = { ...plan.options };
  const origins: LookupOrigin[] = [];
  const fromDatabase = new Set<string>();
  for (const lookup of rules.lookups?.(plan) ?? []) {
    const rows = connection && choice !== 'plan' ? await readTable(connection, plan, lookup) : null;
    if (rows) {
      options[lookup.option] = values(lookup, rows);
      for (const replaced of lookup.replaces) options[replaced] = null;
      fromDatabase.add(lookup.field);
      origins.push({ field: lookup.field, origin: `table ${plan.database.schema}.${lookup.table.table}`, entries: rows.length });
    } else if (choice === 'database') {
      throw missing(plan, lookup);
    } else {
      const kept = options[lookup.option];
      origins.push({ field: lookup.field, origin: 'plan', entries: Array.isArray(kept) ? kept.length : 0 });
    }
  }
  return { plan: { ...plan, options }, origins, fromDatabase };
}

/** The room of the database is entered only where there is one: loading it takes longer than all else that a small run to a file loads. */
async function readTable(connection: Connection, plan: Plan, lookup: PlannedLookup): Promise<LookupRow[] | null> {
  const { readLookup } = await import('../postgres/index.js');
  return readLookup(connection, plan.database.schema, lookup.table);
}

function values(lookup: PlannedLookup, rows: LookupRow[]): unknown[] {
  if (lookup.shape === 'records') return rows;
  const only = lookup.table.columns[0]?.name ?? '';
  return rows.map((row) => row[only]);
}

function missing(plan: Plan, lookup: PlannedLookup): RowmillError {
  return new RowmillError({
    code: 'SINK_TABLE_MISSING',
    message: `look-ups shall come from the database, but there is no table ${plan.database.schema}.${lookup.table.table}`,
    help: 'Check database.schema, or take look-ups from the plan where a table is missing (lookups: auto).',
    retryable: false,
    place: { column: lookup.field },
  });
}
