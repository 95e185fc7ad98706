import type { Plan, Window } from '../addon.js';
import type { JobSelection } from '../plan/job-matrix.js';
import type { LookupTable, Summary } from '../postgres/index.js';

/** A table of the database that may fill a field of the plan. */
export interface PlannedLookup {
  /** Path of the plan field, as reports name it. */
  field: string;
  /** Name of the field in the plan's own section. */
  option: string;
  /** Where the values lie. */
  table: LookupTable;
  /** `texts`: a list of the only column; `records`: a list of rows. */
  shape: 'texts' | 'records';
  /** Names of settings that count no longer once the table has its say. */
  replaces: readonly string[];
}

/** What a pipeline's demo makes and shows. */
export interface DemoRules {
  /** Settings of the generator for this folder and about so many rows. */
  generate(folder: string, rows: number): Record<string, unknown>;
  /** Usage by namespace. */
  namespaces: Summary;
  /** Capacity that nothing used. */
  unallocated: Summary;
}

/** What running a pipeline takes on this side: data and small pure functions, no I/O. Only the name and the owned rows are a must. */
export interface PipelineRules {
  /** The pipeline's name in the plan. */
  name: string;
  /** Columns and values that tell this run's rows from those of others in the same table and days; the same for each of its tables. */
  owned(plan: Plan, window: Window): Record<string, string | number | null>;
  /** Which tables may fill the plan, where any may. */
  lookups?(plan: Plan): PlannedLookup[];
  /** `auto`: each table that exists wins over the plan; `plan`: no table is read; `database`: a missing table is an error. Absent: `plan`. */
  lookupChoice?(plan: Plan): 'auto' | 'plan' | 'database';
  /** Why a window cannot be summarised with the look-ups found; null where it can, as it always can where this is absent. */
  skip?(plan: Plan, window: Window, fromDatabase: ReadonlySet<string>): string | null;
  /** The input whose time column tells which hours of a day are there; absent where days are never partial. */
  hourly?: { input: string; column: string };
  /** Which securities and days a plan asks for; absent where a pipeline does not work by jobs. */
  selection?(plan: Plan): JobSelection;
  /** Absent for a pipeline without a demo. */
  demo?: DemoRules;
}
