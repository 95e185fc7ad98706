/**
 * What crosses the seam, as types. `ts/native` holds the generated loader; `ts/addon.ts` is its only importer and
 * hands these on.
 *
 * Counts are JavaScript numbers, exact up to 2^53. Money crosses inside COPY bytes only.
 */

import type { Failure, Place, Problem } from './errors.js';
import type { Plan } from './plan/plan-types.js';

/** A result, or the failure it ended in. */
export type Answer<T> = { ok: T } | { failure: Failure };

export type FieldKind = 'text' | 'flag' | 'integer' | 'number' | 'bytes' | 'day' | 'month' | 'uuid' | 'choice' | 'texts' | 'textMap' | 'records';

/** One setting of a plan. */
export interface Field {
  /** Dotted path, for example `budget.memory`. */
  path: string;
  kind: FieldKind;
  /** Smallest and largest allowed value, both inclusive. */
  min?: number;
  max?: number;
  /** The words of a `choice`, or the fields of each object of `records`. */
  of?: string[] | Field[];
  /** Default as JSON text. */
  default: string | null;
  required: boolean;
  /** Name of the flag without dashes; empty where there is none. */
  flag: string;
  doc: string;
  /** A sensible value as JSON text. */
  example: string;
  /** Environment variable that sets it. */
  env: string;
}

export interface ColumnDescription {
  name: string;
  /** Type as DDL spells it, for example `numeric(33,15)`. */
  ddl: string;
  /** Whether the pipeline writes it; the others stay NULL. */
  written: boolean;
  /** Whether the addon makes the value itself, a random uuid per row. */
  generated: boolean;
  /** Whether it is part of what tells two rows apart. */
  key: boolean;
  nullable: boolean;
}

export interface TableDescription {
  name: string;
  doc: string;
  columns: ColumnDescription[];
  primaryKey: string[];
  /** Date column by which the table is partitioned, one partition a month. */
  partitionBy: string;
  /** Pairs of method and expression list. */
  indexes: [string, string][];
  /** Equality column of the window delete. */
  deleteBy: string;
  /** Extra SQL condition of the window delete. */
  deleteWhere: string;
}

export interface SourceDescription {
  /** Name of the input. */
  name: string;
  doc: string;
  /** Path template below the root, by layout. */
  layouts: Record<string, string>;
}

export interface PipelineDescription {
  name: string;
  about: string;
  fields: Field[];
  sources: SourceDescription[];
  tables: TableDescription[];
}

/** What the addon knows: the source of every generated file. */
export interface Description {
  version: string;
  codes: { code: string; retryable: boolean; meaning: string }[];
  commonFields: Field[];
  pipelines: PipelineDescription[];
}

/** Raw values of one origin; later layers win. */
export interface Layer {
  /** As people read it: `file plan.yaml`, `environment`, `flags`. */
  origin: string;
  /** Nested, or flat with dotted paths; both at once are fine. */
  values: Record<string, unknown>;
}

/** Where a value of the plan came from. */
export interface Origin {
  path: string;
  value: unknown;
  origin: string;
}

export type Resolution = { plan: Plan; origins: Origin[] } | { problems: Problem[] };

/** The smallest piece of work: a file in one version that feeds one input. */
export interface Unit {
  /** Name of the input. */
  input: string;
  /** Absolute path. */
  uri: string;
  /** Bytes when it was listed. */
  size: number;
  /** Changes with the content: the modification time in nanoseconds. */
  version: string;
}

export interface InspectedInput {
  name: string;
  files: number;
  rows: number;
  bytes: number;
  rowGroups: number;
  /** Row groups and rows that statistics show to lie outside the window. */
  rowGroupsPruned: number;
  rowsPruned: number;
  /** Columns that a file lacks; they read as NULL. */
  columnsMissing: string[];
  /** Compressed bytes of the columns and row groups that will be read. */
  bytesProjected: number;
}

export interface Inspection {
  inputs: InspectedInput[];
  /** One per file that cannot be read. */
  failures: Failure[];
  memory: { stage: string; bytes: number }[];
  unitIds: string[];
}

/** A column as the sink has it: name and type in PostgreSQL. */
export interface TargetColumn {
  name: string;
  type: string;
}

/** Where a run's rows go. */
export type Target = { kind: 'copy'; columns: TargetColumn[] } | { kind: 'parquet'; path: string } | { kind: 'discard' };

export interface RunRequest {
  plan: Plan;
  /** Index into `plan.windows`, from 0. */
  window: number;
  units: Unit[];
  target: Target;
}

/** What the engine has counted so far. */
export interface Counters {
  stage: 'open' | 'read' | 'merge' | 'finish' | 'done';
  filesTotal: number;
  filesDone: number;
  rowGroupsRead: number;
  rowGroupsPruned: number;
  rowsRead: number;
  /** Compressed. */
  bytesRead: number;
  groups: number;
  spilledBytes: number;
  spills: number;
  rowsOut: number;
  bytesOut: number;
  threads: { unit: string | null; rows: number }[];
}

/** What a window's run has found out. */
export interface RunReport {
  /** First day with data in the window, `YYYY-MM-DD`: where the delete range begins. */
  firstDay: string | null;
  /** Rows read and left out, by reason, with the place of the first. */
  rejected: { reason: string; rows: number; place: Place }[];
  inputs: { name: string; rows: number }[];
}

export interface SpoolRequest {
  pipeline: string;
  table: string;
  path: string;
  columns: TargetColumn[];
}

export interface CompareRequest {
  /** Paths of Parquet files. */
  left: string;
  right: string;
  pipeline: string;
  table: string;
  /** Largest relative difference that counts as equal. */
  tolerance: number;
  /** Samples to keep at most. */
  samples: number;
}

export interface ComparisonSample {
  kind: 'onlyLeft' | 'onlyRight' | 'different';
  key: Record<string, unknown>;
  column?: string;
  left?: unknown;
  right?: unknown;
}

export interface Comparison {
  leftRows: number;
  rightRows: number;
  matched: number;
  onlyLeft: number;
  onlyRight: number;
  different: number;
  samples: ComparisonSample[];
  totals: { column: string; left: string | number | null; right: string | number | null; relative: number | null }[];
  days: { day: string; leftRows: number; rightRows: number; different: number }[];
}

export interface RollupRequest {
  path: string;
  by: string[];
  sums: string[];
}

/** Raw handles as the addon exports them. */
export interface NativeRun {
  next(): Promise<Answer<Buffer | null>>;
  counters(): Counters;
  report(): RunReport;
  cancel(): void;
  close(): Promise<unknown>;
}

export interface NativeSpool {
  write(bytes: Buffer): Promise<Answer<null>>;
  finish(): Promise<Answer<{ rows: number }>>;
  close(): Promise<unknown>;
}

/** The exports of the addon: the closed list. */
export interface Native {
  describe(): Answer<Description>;
  resolvePlan(layers: Layer[]): Promise<Answer<Resolution>>;
  inspect(request: { plan: Plan; window: number; units: Unit[] }): Promise<Answer<Inspection>>;
  openRun(request: RunRequest): Promise<Answer<NativeRun>>;
  openSpool(request: SpoolRequest): Promise<Answer<NativeSpool>>;
  compare(request: CompareRequest): Promise<Answer<Comparison>>;
  rollup(request: RollupRequest): Promise<Answer<{ rows: Record<string, unknown>[] }>>;
  generate(spec: Record<string, unknown>): Promise<Answer<Record<string, unknown>>>;
}
