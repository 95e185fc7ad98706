import { appendFileSync, createReadStream, mkdirSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RowmillError } from '../../errors.js';
import { Session, type SessionEvent, type SessionRecord } from './session.js';

/** Sessions that a list shows. */
const LISTED = 20;
const INDEX = 'sessions.jsonl';
const IS_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface SessionStart {
  source: string;
  project: string;
  repository?: string | null;
  /** Whether events of single files are written, too. Default: false. */
  isVerbose?: boolean;
  /** Told of each event, those of single files included. */
  onEvent?: (event: SessionEvent) => void;
}

/** Sessions and their events, in a folder: a file of JSON lines for each, and one that lists them. Only ever appended to. */
export class SessionLog {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Begins a session; its first and its last event put it into the list.
   *
   * @throws RowmillError `SINK_FILE_FAILED` where the folder cannot be written
   */
  start({ isVerbose = false, onEvent, ...of }: SessionStart): Session {
    this.#append(INDEX);
    const session: Session = new Session(of, (event) => {
      if (isVerbose || event.type !== 'ingestion_progress') this.#append(`${session.record.id}.jsonl`, event);
      if (event.type !== 'ingestion_progress') this.#append(INDEX, session.record);
      onEvent?.(event);
    });
    return session;
  }

  /** At once, so that the order is that of what happened, and what happened before a crash is there. */
  #append(file: string, line?: unknown): void {
    try {
      mkdirSync(this.#folder, { recursive: true });
      appendFileSync(join(this.#folder, file), line === undefined ? '' : `${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw new RowmillError(
        {
          code: 'SINK_FILE_FAILED',
          message: `the log of sessions cannot be written: ${(cause as Error).message}`,
          help: 'Give this user the right to write there, or name another folder with paths.logs (LOG_PATH).',
          retryable: true,
          place: { file: join(this.#folder, file) },
        },
        { cause },
      );
    }
  }

  /** The newest sessions, newest first. One that a crash ended is shown as it was told of last. */
  async list(limit = LISTED): Promise<SessionRecord[]> {
    const sessions = new Map<string, SessionRecord>();
    for await (const line of this.#lines(INDEX)) {
      const record = JSON.parse(line) as SessionRecord;
      sessions.delete(record.id);
      sessions.set(record.id, record);
      if (sessions.size > limit) sessions.delete(sessions.keys().next().value ?? '');
    }
    return [...sessions.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  /** Events of a session, as they happened; null where there is no such session. */
  async events(id: string): Promise<SessionEvent[] | null> {
    if (!IS_ID.test(id)) return null;
    const events: SessionEvent[] = [];
    for await (const line of this.#lines(`${id}.jsonl`)) events.push(JSON.parse(line) as SessionEvent);
    return events.length === 0 ? null : events;
  }

  /** A line that a crash cut off is left out. */
  async *#lines(file: string): AsyncGenerator<string> {
    const path = join(this.#folder, file);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.startsWith('{') && line.endsWith('}')) yield line;
    }
  }
}
