import type { MapDocument } from '../addon.js';
import type { Connection, LogKey } from '../postgres/index.js';
import type { Scratch } from './scratch.js';

/** A document that this process holds. */
export interface ClaimedDocument {
  /** What it is known by in the log. */
  key: string;
  /** Null where only reading it would tell. */
  bytes: number | null;
  /** Where it is. */
  document: MapDocument;
}

/** What came of asking for documents. */
export interface Claim {
  mine: ClaimedDocument[];
  /** What another session has. */
  elsewhere: ClaimedDocument[];
  /** How many there are no more: somebody has done them. */
  gone: number;
}

/** Where documents come from. Claims last until the session's transaction ends. */
export interface DocumentSource {
  /** By what documents are known in the log. */
  readonly by: LogKey;
  /** For reports. */
  readonly name: string;
  /** How many there are to look at; null where that is not known. */
  readonly expected: number | null;
  /** Brings so many documents near, as far as there are, before {@link next} asks for them. Outside of a transaction; one call at a time. */
  prepare(connection: Connection, count: number): Promise<void>;
  /** Claims the next documents, at most so many; null at the end. One call at a time. */
  next(connection: Connection, count: number): Promise<Claim | null>;
  /** Claims certain documents again. */
  again(connection: Connection, documents: readonly ClaimedDocument[]): Promise<Claim>;
  /** Brings the bytes of claimed documents into `into`: documents to map, and the buffer that they lie in where they lie in no file. */
  fetch(connection: Connection, claimed: readonly ClaimedDocument[], into: Scratch): Promise<{ documents: MapDocument[]; bytes: Buffer | null }>;
  /** Notes that documents are done, in the transaction that writes what became of them. */
  done(connection: Connection, keys: readonly string[]): Promise<void>;
}
