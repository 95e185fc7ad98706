import type { DocumentOutcome } from '../addon.js';
import type { BatchReport, DocumentCounts, FailedDocument, FailureStage, StageSeconds } from './types.js';

/** Failures that a report holds; the log has them all. */
const FAILURES_KEPT = 1000;
/** Batches that a report holds. */
const BATCHES_KEPT = 1000;

/** What was found in documents that were loaded. */
export interface Notes {
  quality: { documents: number; issues: number; kinds: Record<string, number> };
  warnings: Record<string, number>;
}

/** What a batch came to, once it is committed. */
export interface BatchResult {
  loaded: number;
  /** Ids of what was loaded, where they are remembered. */
  loadedIds: string[];
  failed: FailedDocument[];
  blank: number;
  done: number;
  outside: number;
  rows: number[];
  bytes: number;
  notes: Notes;
  splits: number;
  seconds: number;
}

/** Nothing yet, over so many tables. */
export function emptyResult(tables: number): BatchResult {
  const counts = { loaded: 0, blank: 0, done: 0, outside: 0, bytes: 0, splits: 0, seconds: 0 };
  return { ...counts, loadedIds: [], failed: [], rows: new Array<number>(tables).fill(0), notes: emptyNotes() };
}

function emptyNotes(): Notes {
  return { quality: { documents: 0, issues: 0, kinds: {} }, warnings: {} };
}

/** Counts what was found in a document. */
export function note({ quality, warnings }: Notes, { issues }: DocumentOutcome): void {
  let isFlawed = false;
  for (const { severity, kind } of issues) {
    if (severity === 'warning') count(warnings, kind);
    else {
      isFlawed = true;
      quality.issues += 1;
      count(quality.kinds, kind);
    }
  }
  if (isFlawed) quality.documents += 1;
}

function count(counts: Record<string, number>, kind: string, more = 1): void {
  counts[kind] = (counts[kind] ?? 0) + more;
}

/** Counts of a run; nothing is counted before it is committed. */
export class Tally {
  readonly counts: DocumentCounts = { taken: 0, loaded: 0, failed: 0, blank: 0, done: 0, outside: 0, elsewhere: 0 };
  readonly rows: number[];
  readonly stages: StageSeconds = { claim: 0, fetch: 0, map: 0, load: 0 };
  readonly failures: FailedDocument[] = [];
  readonly byStage: Partial<Record<FailureStage, number>> = {};
  readonly notes = emptyNotes();
  readonly batches: BatchReport[] = [];
  #batches = 0;
  bytes = 0;
  splits = 0;
  retries = 0;

  constructor(tables: number) {
    this.rows = new Array<number>(tables).fill(0);
  }

  get rowsTotal(): number {
    return this.rows.reduce((sum, rows) => sum + rows, 0);
  }

  /** Takes in a batch that was committed. */
  add(batch: BatchResult): void {
    const { counts } = this;
    const taken = batch.loaded + batch.failed.length + batch.blank;
    counts.taken += taken;
    counts.loaded += batch.loaded;
    counts.failed += batch.failed.length;
    counts.blank += batch.blank;
    counts.done += batch.done;
    counts.outside += batch.outside;
    for (const [table, rows] of batch.rows.entries()) this.rows[table] = (this.rows[table] ?? 0) + rows;
    this.bytes += batch.bytes;
    this.splits += batch.splits;
    for (const failure of batch.failed) this.#fail(failure);
    this.#note(batch.notes);
    if (taken === 0) return;
    const rows = batch.rows.reduce((sum, count) => sum + count, 0);
    this.#batches += 1;
    const report = { number: this.#batches, taken, failed: batch.failed.length, rows, seconds: batch.seconds };
    if (this.batches.length < BATCHES_KEPT) this.batches.push(report);
  }

  #fail(failure: FailedDocument): void {
    this.byStage[failure.stage] = (this.byStage[failure.stage] ?? 0) + 1;
    if (this.failures.length < FAILURES_KEPT) this.failures.push(failure);
  }

  #note({ quality, warnings }: Notes): void {
    this.notes.quality.documents += quality.documents;
    this.notes.quality.issues += quality.issues;
    for (const [kind, times] of Object.entries(quality.kinds)) count(this.notes.quality.kinds, kind, times);
    for (const [kind, times] of Object.entries(warnings)) count(this.notes.warnings, kind, times);
  }

  /** Measures the seconds of a stage. */
  async timed<T>(stage: keyof StageSeconds, work: () => Promise<T>): Promise<T> {
    const beganMs = performance.now();
    try {
      return await work();
    } finally {
      this.stages[stage] += (performance.now() - beganMs) / 1000;
    }
  }
}
