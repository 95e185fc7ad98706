import type { DocumentOutcome } from '../addon.js';
import type { BatchReport, DocumentCounts, FailedDocument, FailureStage, StageSeconds } from './types.js';

/** Failures that a report holds; the log has them all. */
const FAILURES_KEPT = 1000;

/** What a batch came to, once it is committed. */
export interface BatchResult {
  loaded: { id: string | null }[];
  failed: FailedDocument[];
  blank: number;
  done: number;
  outside: number;
  rows: number[];
  bytes: number;
  outcomes: DocumentOutcome[];
  splits: number;
  seconds: number;
}

/** Counts of a run; nothing is counted before it is committed. */
export class Tally {
  readonly counts: DocumentCounts = { taken: 0, loaded: 0, failed: 0, blank: 0, done: 0, outside: 0, elsewhere: 0 };
  readonly rows: number[];
  readonly stages: StageSeconds = { claim: 0, fetch: 0, map: 0, load: 0 };
  readonly failures: FailedDocument[] = [];
  readonly byStage: Partial<Record<FailureStage, number>> = {};
  readonly quality = { documents: 0, issues: 0, kinds: {} as Record<string, number> };
  readonly warnings: Record<string, number> = {};
  readonly batches: BatchReport[] = [];
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
    const taken = batch.loaded.length + batch.failed.length + batch.blank;
    counts.taken += taken;
    counts.loaded += batch.loaded.length;
    counts.failed += batch.failed.length;
    counts.blank += batch.blank;
    counts.done += batch.done;
    counts.outside += batch.outside;
    for (const [table, rows] of batch.rows.entries()) this.rows[table] = (this.rows[table] ?? 0) + rows;
    this.bytes += batch.bytes;
    this.splits += batch.splits;
    for (const failure of batch.failed) this.#fail(failure);
    for (const outcome of batch.outcomes) this.#note(outcome);
    if (taken === 0) return;
    const rows = batch.rows.reduce((sum, count) => sum + count, 0);
    this.batches.push({ number: this.batches.length + 1, taken, failed: batch.failed.length, rows, seconds: batch.seconds });
  }

  #fail(failure: FailedDocument): void {
    this.byStage[failure.stage] = (this.byStage[failure.stage] ?? 0) + 1;
    if (this.failures.length < FAILURES_KEPT) this.failures.push(failure);
  }

  #note({ issues }: DocumentOutcome): void {
    let isFlawed = false;
    for (const { severity, kind } of issues) {
      if (severity === 'warning') this.warnings[kind] = (this.warnings[kind] ?? 0) + 1;
      else {
        isFlawed = true;
        this.quality.issues += 1;
        this.quality.kinds[kind] = (this.quality.kinds[kind] ?? 0) + 1;
      }
    }
    if (isFlawed) this.quality.documents += 1;
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
