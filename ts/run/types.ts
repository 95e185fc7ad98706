import type { Comparison, Counters, Origin, Plan } from '../addon.js';
import type { Place } from '../errors.js';
import type { EngineControl } from './monitor-types.js';

/** How far a run has come; asked for on a timer, never pushed by the engine. */
export interface Progress {
  /** Number of the window being worked on, from 1. */
  window: number;
  /** Windows of the plan. */
  windows: number;
  /** First day of the window, `YYYY-MM-DD`. */
  start: string;
  /** Last day of the window, inclusive. */
  end: string;
  /** What is being done now: computing, or writing rows to the database. */
  phase: 'compute' | 'load' | 'commit';
  /** What the engine has counted for this window so far. */
  counters: Counters;
  /** Bytes of all files of this window. */
  bytesTotal: number;
  /** Bytes of this window sent to the database so far. */
  bytesLoaded: number;
  /** Seconds since the run began. */
  seconds: number;
}

/** What every entry point that may take long accepts. */
export interface Watch {
  /** Cancels: the open transaction is rolled back and the run can be resumed. */
  signal?: AbortSignal;
  /** Called a few times a second at most. */
  onProgress?(progress: Progress): void;
  /** Called with the engine of each window when it opens, and with null before it closes; bytes of all files of the window. */
  onEngine?(engine: EngineControl | null, bytesTotal: number): void;
  /** Called with one line for people: a window skipped, a retry, a look-up taken from a table. */
  onNote?(line: string): void;
}

export interface RunOptions extends Watch {
  /** The resolved plan. With `output.file` no server is needed; else `database.url` must be set. */
  plan: Plan;
  /** Where each value of the plan came from; look-ups from the database are added in the report. */
  origins: Origin[];
  /** Id for the ledger; a random one where absent. */
  runId?: string;
}

export interface ResumeOptions extends Watch {
  url: string;
  /** Schema of the ledger. */
  ledgerSchema: string;
  /** Which run; the newest one that is not done where absent. */
  runId?: string;
}

/** Rows that were read and left out, by reason. */
export interface Rejected {
  reason: string;
  rows: number;
  /** Where the first of them is. */
  place: Place;
}

/** What became of one table. */
export interface TableReport {
  /** Name, without schema. */
  name: string;
  /** Rows written. */
  rows: number;
  /** Bytes sent to the database; 0 for a file. */
  bytes: number;
  /** Rows of the old result that were deleted. */
  deleted: number;
}

/** A file that a run wrote. */
export interface WrittenFile {
  path: string;
  rows: number;
  bytes: number;
}

/** Rows that passed a filter and all those before it. */
export interface FilterCount {
  input: string;
  name: string;
  rows: number;
}

/** One window of a run. */
export interface WindowReport {
  start: string;
  end: string;
  /** First day that was replaced; later than `start` where the input begins later. */
  firstDay: string;
  /** Rows written, over all tables. */
  rows: number;
  /** Bytes sent to the database, over all tables; 0 for files. */
  bytes: number;
  /** Rows of the old result that were deleted, over all tables. */
  deleted: number;
  /** The same by table, in the pipeline's order. */
  tables: TableReport[];
  seconds: number;
  /** 1 where nothing had to be tried again. */
  attempts: number;
  /** Why nothing was done: this run has loaded it already, or there is no report period for it. */
  skipped?: 'loaded' | 'period';
}

/** Where one look-up came from. */
export interface LookupOrigin {
  /** Path of the plan field it fills. */
  field: string;
  /** `plan`, or `table <schema>.<name>`. */
  origin: string;
  /** Number of entries. */
  entries: number;
}

export interface RunReport {
  runId: string;
  pipeline: string;
  /** Tables with schema, or path of the file or folder. */
  target: string;
  windows: WindowReport[];
  /** The tables over all windows, in the pipeline's order. */
  tables: TableReport[];
  /** Files that were written: tables in a folder, and what the pipeline writes beside its tables. */
  files: WrittenFile[];
  /** The file that keeps bad records, of the last window that had any; null where there is none. */
  quarantine: WrittenFile | null;
  /** Rows read from files, over all windows. */
  rowsRead: number;
  /** Rows that passed every filter: what was computed from. */
  rowsKept: number;
  /** Rows that passed each filter, in the order in which filters are applied; empty where there are none. */
  filters: FilterCount[];
  /** Bytes read from files, compressed. */
  bytesRead: number;
  rowsOut: number;
  seconds: number;
  /** Rows read per second of the whole run; 0 for a run of no time. */
  rowsPerSecond: number;
  /** Largest resident memory of this process since it started. */
  peakRssBytes: number;
  /** State written to disk because it did not fit the budget. */
  spilledBytes: number;
  /** CPU seconds of the engine's threads by phase, in the order of the road, over all windows: where the time went. */
  cpu: { phase: string; seconds: number }[];
  rejected: Rejected[];
  /** Sum of `rejected`. */
  rowsRejected: number;
  lookups: LookupOrigin[];
  /** What the pipeline has to say of its own, of the last window that was computed; null where there is nothing. */
  details: unknown;
  mode: string;
  threads: number;
  memoryBudgetBytes: number;
  /** The lines that were also given to `onNote`. */
  notes: string[];
}

export type RunState = 'running' | 'done' | 'failed' | 'interrupted';

/** One run as the ledger knows it. */
export interface RunStatus {
  runId: string;
  pipeline: string;
  /** A run whose process is gone shows as `interrupted`. */
  state: RunState;
  /** ISO 8601 with zone. */
  startedAt: string;
  finishedAt: string | null;
  host: string;
  pid: number;
  windows: number;
  windowsLoaded: number;
  rowsLoaded: number;
  /** Why it failed. */
  error: { code: string; message: string } | null;
}

/** One line of the preflight check. */
export interface CheckLine {
  name: string;
  state: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do about it; always there for `fail`. */
  help?: string;
}

export interface VerifyOptions extends Watch {
  plan: Plan;
  /** A Parquet file, or `schema.table` in the plan's database; recomputed from the input where absent. */
  baseline?: string;
  /** The only table to check; all of the pipeline where absent, and needed where a baseline could be of several. */
  table?: string;
  /** Largest relative difference that counts as equal. */
  tolerance: number;
  /** Samples of differing rows to keep. Default 20. */
  samples?: number;
  /** Counts differences on partial days as failures too. */
  strict?: boolean;
}

/** A day whose rows may still change, because its hours were not all there. */
export interface PartialDay {
  day: string;
  reason: string;
  leftRows: number;
  rightRows: number;
  different: number;
}

/** One table of one window. */
export interface VerifyWindow {
  start: string;
  end: string;
  /** Name, without schema. */
  table: string;
  /** Left is the baseline, right is the target table. */
  comparison: Comparison;
  partialDays: PartialDay[];
  /** Differences on whole days: what makes the check fail. */
  failures: number;
  /** Differences on partial days. */
  warnings: number;
}

export interface VerifyReport {
  ok: boolean;
  /** `recomputed`, or the name of the baseline. */
  baseline: string;
  /** What was checked: tables with schema. */
  target: string;
  tolerance: number;
  windows: VerifyWindow[];
  failures: number;
  warnings: number;
}

export interface CompareOptions {
  /** Path of a `.parquet` file, or `schema.table` in `url`. */
  left: string;
  right: string;
  /** Needed where a side is a table. */
  url?: string;
  pipeline: string;
  /** Table of the pipeline that the rows are of; needed where it has several. */
  table?: string;
  tolerance: number;
  /** Samples of differing rows to keep. Default 20. */
  samples?: number;
}

export interface DemoOptions extends Watch {
  /** Rows of hourly pod usage to generate, about. */
  rows?: number;
  /** Kept afterwards where given; else a temporary folder that is removed. */
  directory?: string;
}

/** Sums of one namespace over the demo month. */
export interface NamespaceUsage {
  namespace: string;
  cpuCoreHours: number;
  memoryGibHours: number;
  storageGibMonths: number;
}

export interface DemoReport {
  month: string;
  /** Version of the PostgreSQL server that was used. */
  server: string;
  /** Folder of the generated files, where it was kept. */
  directory: string | null;
  namespaces: NamespaceUsage[];
  /** What no pod used, by kind of node. */
  unallocated: NamespaceUsage[];
  run: RunReport;
}
