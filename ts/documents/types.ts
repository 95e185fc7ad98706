/** Where a document fails. `reading` and the rest of the first line are found before the database is asked. */
export type FailureStage = 'parsing' | 'validation' | 'mapping' | 'insertion' | 'constraint_violation' | 'database';

/** A document that was not loaded. */
export interface FailedDocument {
  /** Its id in the table of documents, or its own; null where it has none that can be read. As text: ids may be beyond 2^53. */
  id: string | null;
  /** The file, the member of an archive or the row that it came from. */
  source: string;
  stage: FailureStage;
  /** What is wrong, where, and what to do; values are masked unless they were asked for. */
  reason: string;
  attempts: number;
}

/** Documents by what became of them. */
export interface DocumentCounts {
  /** Taken by this run: the sum of loaded, failed and blank. */
  taken: number;
  loaded: number;
  failed: number;
  /** Nothing but white space, or null. */
  blank: number;
  /** Not taken: an earlier run has loaded them, or has failed with them for good. */
  done: number;
  /** Not taken: outside of the range or the shard. */
  outside: number;
  /** Not taken: another process was working on them to the end of this run. */
  elsewhere: number;
}

/** Seconds by what was done; over all connections, so that their sum may be more than the run's. */
export interface StageSeconds {
  claim: number;
  fetch: number;
  map: number;
  load: number;
}

/** A batch that was committed. */
export interface BatchReport {
  number: number;
  taken: number;
  failed: number;
  rows: number;
  seconds: number;
}

/** How far a run is. */
export interface ApplicationsProgress {
  counts: DocumentCounts;
  rows: number;
  /** Documents that there are to look at; null while that is not known. */
  expected: number | null;
  seconds: number;
}

/** What a run did. */
export interface ApplicationsReport {
  runId: string;
  sessionId: string;
  contract: string;
  source: string;
  /** Host, port, database and schema. */
  target: string;
  startedAt: string;
  seconds: number;
  counts: DocumentCounts;
  /** Rows written. */
  rows: number;
  tables: { name: string; rows: number }[];
  /** Bytes of documents. */
  bytes: number;
  documentsPerMinute: number;
  failuresByStage: Partial<Record<FailureStage, number>>;
  /** The first of them; all are in the log. */
  failures: FailedDocument[];
  /** Documents that were loaded with something left out, and how many times something was. */
  quality: { documents: number; issues: number; kinds: Record<string, number> };
  warnings: Record<string, number>;
  /** The first thousand. */
  batches: BatchReport[];
  /** Times that a part of a batch was refused and tried again in halves. */
  splits: number;
  /** Times that a batch was begun again because the database was away or busy. */
  retries: number;
  stageSeconds: StageSeconds;
  /** Largest memory of the process. */
  peakRssBytes: number;
  settings: Record<string, unknown>;
}
