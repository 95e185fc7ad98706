import { randomUUID } from 'node:crypto';
import type { FileOutcome } from '../ingester.js';

export type SessionStatus = 'pending' | 'in_progress' | 'completed' | 'completed_with_errors' | 'failed';

/** A session as lists show it. */
export interface SessionRecord {
  id: string;
  /** What asked for it: `run`, `watch`, `upload`, `text`. */
  source: string;
  project: string;
  repository: string | null;
  status: SessionStatus;
  totalFiles: number;
  /** Failed and skipped ones included. */
  processed: number;
  failed: number;
  /** Files that the graph had as they are. */
  skipped: number;
  /** Nodes that were written. */
  nodes: number;
  /** ISO 8601 in UTC; `endedAt` is null until it ends. */
  startedAt: string;
  endedAt: string | null;
}

/** What happens in a session, in the order in which it does. */
export type SessionEvent = { timestamp: string } & (
  | { type: 'ingestion_started'; data: { id: string; source: string; project: string; repository: string | null; total: number } }
  | {
      type: 'ingestion_progress';
      data: {
        id: string;
        current_file: string;
        status: 'complete' | 'error';
        processed: number;
        total: number;
        /** 0 to 100, rounded. */
        percentage: number;
        nodes: number;
        error: string | null;
      };
    }
  | {
      type: 'ingestion_complete';
      data: {
        id: string;
        status: SessionStatus;
        total: number;
        processed: number;
        failed: number;
        skipped: number;
        nodes: number;
        seconds: number;
        errors: { file: string; error: string }[];
      };
    }
);

/** Errors that the last event lists. */
const ERRORS_KEPT = 100;

/** One go at some files: counts them, and tells what happens. */
export class Session {
  readonly record: SessionRecord;
  readonly #beganMs = performance.now();
  readonly #errors: { file: string; error: string }[] = [];
  readonly #tell: (event: SessionEvent) => void;

  /** @param tell is told of each event */
  constructor(of: { source: string; project: string; repository?: string | null }, tell: (event: SessionEvent) => void) {
    this.#tell = tell;
    const counts = { totalFiles: 0, processed: 0, failed: 0, skipped: 0, nodes: 0 };
    const { source, project, repository = null } = of;
    const startedAt = new Date().toISOString();
    this.record = { id: randomUUID(), source, project, repository, status: 'pending', ...counts, startedAt, endedAt: null };
  }

  /** Says how many files there are. */
  begin(total: number): void {
    Object.assign(this.record, { status: 'in_progress', totalFiles: total });
    const { id, source, project, repository } = this.record;
    this.#tell({ type: 'ingestion_started', timestamp: now(), data: { id, source, project, repository, total } });
  }

  /** Says what became of a file. One that was skipped is counted, and no event. */
  file({ name, status, nodes, error }: FileOutcome): void {
    const { record } = this;
    record.processed += 1;
    if (status === 'unchanged') {
      record.skipped += 1;
      return;
    }
    record.nodes += nodes;
    if (error !== null) {
      record.failed += 1;
      if (this.#errors.length < ERRORS_KEPT) this.#errors.push({ file: name, error });
    }
    const { id, processed, totalFiles: total } = record;
    const percentage = total === 0 ? 100 : Math.min(100, Math.round((100 * processed) / total));
    const data = {
      id,
      current_file: name,
      status: error === null ? ('complete' as const) : ('error' as const),
      processed,
      total,
      percentage,
      nodes,
      error,
    };
    this.#tell({ type: 'ingestion_progress', timestamp: now(), data });
  }

  /** Ends it; with an error it failed as a whole. */
  end(error: unknown = null): void {
    const { record } = this;
    const status = error !== null ? 'failed' : record.failed > 0 ? 'completed_with_errors' : 'completed';
    Object.assign(record, { status, endedAt: now() });
    if (error !== null) this.#errors.push({ file: '', error: error instanceof Error ? error.message : String(error) });
    const { id, totalFiles: total, processed, failed, skipped, nodes } = record;
    const seconds = (performance.now() - this.#beganMs) / 1000;
    const data = { id, status: record.status, total, processed, failed, skipped, nodes, seconds, errors: this.#errors };
    this.#tell({ type: 'ingestion_complete', timestamp: now(), data });
  }
}

function now(): string {
  return new Date().toISOString();
}
