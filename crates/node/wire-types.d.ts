/* Types of what crosses between TypeScript and Rust. The generated declarations refer to them. */

/** A failure as data; `addon.ts` makes a `RowmillError` of it. */
export interface Failure {
  code: string
  message: string
  help: string | null
  retryable: boolean
  place: Place
}

/** Where something is: as much of it as is known. Rows and row groups count from 0. */
export interface Place {
  file?: string
  rowGroup?: number
  /** Of a text file, from 1. */
  line?: number
  row?: number
  column?: string
  value?: string
}

/** Either a value or a failure. */
export type Answer<T> = { ok: T; failure?: undefined } | { ok?: undefined; failure: Failure }

/** A setting of a plan. `default` and `example` are JSON text. */
export interface Field {
  path: string
  kind: 'text' | 'anyText' | 'flag' | 'integer' | 'number' | 'bytes' | 'day' | 'month' | 'uuid' | 'choice' | 'integerOrAuto' | 'integers' | 'texts' | 'textMap' | 'records'
  min?: number
  max?: number
  of?: string[] | Field[]
  default: string | null
  required: boolean
  flag: string
  doc: string
  example: string
  env: string
}

/** A column of an output table. */
export interface ColumnDescription {
  name: string
  ddl: string
  written: boolean
  generated: boolean
  key: boolean
  nullable: boolean
  /** Name in a file of the table's own; null where the file does not have it. */
  inFile: string | null
}

/** An output table. */
export interface TableDescription {
  name: string
  /** Name of its file, without ending. */
  file: string
  doc: string
  columns: ColumnDescription[]
  primaryKey: string[]
  partitionBy: string | null
  indexes: [method: string, expression: string][]
  deleteBy: string
  deleteWhere: string
}

/** An input and where its files lie, by layout. */
export interface SourceDescription {
  name: string
  doc: string
  layouts: Record<string, string[]>
}

/** Settings that go together; `settings` is JSON text: an object by section. */
export interface Preset {
  name: string
  doc: string
  settings: string
}

/** A pipeline. */
export interface PipelineDescription {
  name: string
  about: string
  fields: Field[]
  sources: SourceDescription[]
  /** `whole`: one window for all days. */
  windowing: 'months' | 'whole'
  presets: Preset[]
  tables: TableDescription[]
}

/** Everything that types, docs and DDL are generated from. */
export interface Description {
  version: string
  codes: { code: string; retryable: boolean; meaning: string }[]
  commonFields: Field[]
  pipelines: PipelineDescription[]
}

/** One source of raw settings. */
export interface Layer {
  origin: string
  values: Record<string, unknown>
}

/** A value of a plan and where it came from. */
export interface Origin {
  path: string
  value: unknown
  origin: string
}

/** One thing that is wrong with a plan. */
export interface Problem {
  path: string
  message: string
  value: unknown
  allowed: string
  origin: string
}

/** Days of one month that are replaced together; both inclusive, `YYYY-MM-DD`. */
export interface Window {
  start: string
  end: string
  year: string
  month: string
}

/** Form of a file with rows. */
export type FileFormat = 'csv' | 'csv.gz' | 'parquet'

/** A normalised plan. */
export interface Plan {
  pipeline: string
  source: { root: string; layout: string; account: string | null; id: string | null; paths: Record<string, string[]>; unitBytes: number | null; onBadRow: 'fail' | 'skip' | 'quarantine'; maxBadRows: number }
  window: { start: string; end: string; split: boolean }
  windows: Window[]
  mode: 'streaming' | 'memory'
  budget: { memory: number; threads: number; spill: string; foldBytes: number | null; batchRows: number }
  database: { url: string | null; schema: string; ledgerSchema: string; create: boolean }
  output: { file: string | null; folder: string | null; format: FileFormat; quarantine: string | null }
  verify: { tolerance: number }
  options: Record<string, unknown>
}

/** A plan with the origin of its values, or everything that is wrong with it. */
export type Resolution = { plan: Plan; origins: Origin[]; problems?: undefined } | { problems: Problem[]; plan?: undefined; origins?: undefined }

/** A file, or a range of its bytes, that feeds one input. `version` is any text that changes with the content. */
export interface Unit {
  input: string
  uri: string
  size: number
  version: string
  /** Half-open; absent for the whole file. */
  range?: { start: number; end: number }
}

/** A column of the target table, its type as `format_type` prints it. */
export interface TargetColumn {
  name: string
  type: string
}

/**
 * Where finished rows go. `files` is the folder of what a pipeline writes beside its tables. `folder` has a file per table; `decode` reads only,
 * and folds nothing.
 */
export type Target =
  | { kind: 'copy'; tables: { columns: TargetColumn[] }[]; files?: string }
  | { kind: 'parquet'; path: string; files?: string }
  | { kind: 'folder'; path: string; format: FileFormat; files?: string }
  | { kind: 'discard' }
  | { kind: 'decode' }

/** One window of a plan to run. */
export interface Job {
  plan: Plan
  window: number
  units: Unit[]
  target: Target
}

/** What a run would read, from footers alone. */
export interface Inspection {
  inputs: InputInspection[]
  memory: { stage: string; bytes: number }[]
  unitIds: string[]
  failures: Failure[]
}

/** One input of a run that was inspected. */
export interface InputInspection {
  name: string
  files: number
  bytes: number
  rows: number
  /** Whether `rows` has all of them: how many a text file has shows when it is read. */
  rowsKnown: boolean
  rowGroups: number
  rowGroupsPruned: number
  rowsPruned: number
  bytesProjected: number
  columnsMissing: string[]
}

/** What a run has done so far; counts are exact to 2^53. */
export interface Counters {
  stage: 'read' | 'finish' | 'done'
  filesTotal: number
  filesDone: number
  rowGroupsRead: number
  rowGroupsPruned: number
  rowsRead: number
  /** Of them those that passed the filter. */
  rowsKept: number
  bytesRead: number
  stateBytes: number
  spilledBytes: number
  spills: number
  rowsOut: number
  bytesOut: number
  /** CPU seconds of the run's threads by phase, in the order of the road. */
  cpu: { phase: string; seconds: number }[]
  /** Workers that may work now. */
  workersActive: number
  /** What each worker is doing: the file at hand (empty where there is none). */
  workers: { file: string; state: 'reading' | 'resting' | 'idle' }[]
}

/** What there is to say about a run whose output is complete. */
export interface Report {
  /** First day that has rows, where the pipeline moved it behind the window's first. */
  firstDay: string | null
  /** What the pipeline has to say of its own; null where there is nothing. */
  details: unknown
  rejected: { reason: string; rows: number; place: Place }[]
  inputs: { name: string; files: number }[]
  /** Rows left after each term of an input's filter, in the order in which they are applied. */
  filters: { input: string; name: string; rows: number }[]
  /** Every table with its rows; complete once `next` has answered null. */
  tables: { name: string; rows: number }[]
  /** The files that were written; complete once `next` has answered null. */
  files: { path: string; rows: number; bytes: number }[]
  /** The file that keeps bad records, where one was written. */
  quarantine: { path: string; rows: number; bytes: number } | null
}

/** Two result sets, compared. */
export interface Comparison {
  leftRows: number
  rightRows: number
  matched: number
  onlyLeft: number
  onlyRight: number
  different: number
  samples: {
    kind: 'onlyLeft' | 'onlyRight' | 'different'
    key: Record<string, string | null>
    column: string | null
    left: string | null
    right: string | null
  }[]
  totals: { column: string; left: number | null; right: number | null; relative: number }[]
  days: { day: string | null; leftRows: number; rightRows: number; different: number }[]
}


/** Files that an operator reads one after the other, with the columns of the first. */
export interface OperandFiles {
  /** `.csv`, `.csv.gz` or `.parquet`. */
  paths: string[]
  /** How columns of a text file are read. Where nothing is said: integers where an operator compares or calculates, else text. */
  types?: Record<string, 'text' | 'integer' | 'double'>
  /** Columns to make: the date that clocks in a zone show at an instant (nanoseconds of UTC). */
  derive?: { name: string; column: string; zone: string }[]
}

/** What to say of the rows of a key; NULLs are passed over, but for `first` and `last`. */
export type AggregateFunction =
  | { function: 'count'; column?: string }
  | { function: 'vwap'; price: string; quantity: string }
  | { function: 'sum' | 'mean' | 'min' | 'max' | 'duration' | 'first' | 'last' | 'firstNonNull' | 'lastNonNull'; column: string }

/** An operator with what it is to do. */
export type Operator =
  | { operator: 'semiJoin'; with: OperandFiles; key: string[]; withKey: string[]; partition?: string[] }
  | { operator: 'groupBy'; by: string[]; aggregates: ({ name: string } & AggregateFunction)[]; order?: string[] }
  | { operator: 'firstRow' | 'lastRow'; key: string[]; order: string[] }
  | { operator: 'byDate'; column: string; date: string; zone?: string; orLatest?: boolean }
  | { operator: 'asOf'; with: OperandFiles; key: string[]; withKey: string[]; time: string; withTime: string; withOrder?: string[]; take: string[]; prefix?: string }
  | { operator: 'bookLifetime'; key: string[]; partition?: string[]; time: string; reason: string; leaves: string; exits: number[]; exitsWhenNothingLeft?: number[] }

/** An operator, what it reads, and the file that it writes; with partitions `{column}` in its path stands for a value. */
export type Operation = { input: OperandFiles; out: string } & Operator

/** What an operator has done. */
export interface OperationReport {
  /** Rows of the first input. */
  rowsRead: number
  /** Rows of either input with a NULL in their key (or without a time, for lifetimes), which match nothing and belong to no group. */
  rowsWithoutKey: number
  rowsWritten: number
  /** Different keys that were held. */
  keys: number
  /** Keys that are in several partitions and follow the first of them. */
  keysInSeveralPartitions: number
  /** By date: the date whose rows were kept; absent where there are none. */
  date?: string
  /** The files that were written. */
  files: { path: string; rows: number; bytes: number }[]
}

/** Something that is wrong with a contract. */
export interface ContractProblem {
  category: string
  /** JSON pointer; empty for the whole. */
  place: string
  message: string
  fix: string
  example: string
}

/** What is allowed in a contract, and probably not meant. */
export interface ContractWarning {
  kind: string
  /** JSON pointer. */
  place: string
  message: string
  fix: string
}

/** An expression that does not give the same in both dialects. */
export interface ExpressionDifference {
  /** JSON pointer. */
  place: string
  expression: string
  /** Rows for which it differs, of those for which it was asked. */
  rows: number
  of: number
  /** The first document with such a row. */
  document: string
  /** What both gave there; null unless values may be shown. */
  example: string | null
}

/** A contract of ours that was made of one of old. */
export interface ImportedContract {
  /** Null where there are problems. */
  contract: Record<string, unknown> | null
  /** The same as JSON for people; null where there are problems. */
  text: string | null
  /** Places are those of the contract of old. */
  problems: ContractProblem[]
  /** Quirks that were turned on, and why. */
  switches: { name: string; why: string }[]
  /** What was passed over, and other things to know. */
  notes: string[]
}

/** A column that a contract writes. */
export interface ContractColumn {
  name: string
  /** In PostgreSQL. */
  sqlType: string
  /** Most characters of a text. */
  length: number | null
  nullable: boolean
  /** Where its values come from, in words; null for a column that slots or pairs fill. */
  from: string | null
}

/** A table that a contract writes. */
export interface ContractTable {
  name: string
  columns: ContractColumn[]
  primaryKey: string[]
  /** The table that rows hang off, by these columns, which are its key. */
  parent: { table: string; columns: string[]; key: string[] } | null
  onRepeat: 'fail' | 'update' | 'keepFirst'
}

/** What a contract reads and writes. */
export interface ContractDescription {
  name: string
  schema: string | null
  log: string
  source: { schema?: string; table: string; key: string; column: string; join?: { schema?: string; table: string; key: string } } | null
  /** Quirks that are turned on. */
  compat: Record<string, boolean>
  /** Parents before children. */
  tables: ContractTable[]
}

/** How one file holds many documents: one after the other, inside an element, or wherever an element of a name is. */
export type ManyDocuments = 'roots' | { inside: string } | { named: string }

/** A document in a file. */
export interface ListedDocument {
  path: string
  /** Name in an archive. */
  member?: string
  /** Bytes in the file (in what it decompresses to), half-open. */
  range?: [number, number]
  /** Null where only reading it would tell. */
  bytes: number | null
}

export interface MapperOptions {
  threads: number
  /** Whether messages show values of documents. */
  reveal: boolean
  /** Whether bytes that are not UTF-8 are windows-1252. */
  windows1252: boolean
  /** Most bytes of a document. */
  documentBytes: number
  /** The time of the run, in microseconds since 1970, UTC. */
  now: number
}

/** A document to map: in a file, or a range of the buffer that comes along. */
export interface MapDocument {
  /** Id by which the source knows it, a whole number as text. */
  id?: string
  /** For messages. */
  name: string
  path?: string
  member?: string
  range?: [number, number]
}

/** What became of a document. Values are masked, unless they were asked for. */
export interface DocumentOutcome {
  ordinal: number
  /** Id that the document says it has, as text. */
  documentId: string | null
  status: 'mapped' | 'failed' | 'blank'
  stage?: 'parsing' | 'validation' | 'mapping'
  reason?: string
  place?: { line?: number; column?: number; path?: string; attribute?: string } | null
  issues: { severity: 'warning' | 'quality'; kind: string; message: string }[]
  bytes: number
  rows: number
}
