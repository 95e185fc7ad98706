import type { MapDocument } from '../addon.js';
import {
  type Connection,
  claimKeys,
  claimPage,
  copyDocumentsOut,
  type DocumentChoice,
  type DocumentTable,
  type PageRow,
  shown,
} from '../postgres/index.js';
import type { Scratch } from './scratch.js';
import type { Claim, ClaimedDocument, DocumentSource } from './source.js';

/** What COPY says of each document besides its bytes, and not less than it says of the whole. */
const TUPLE_BYTES = 32;

/** Documents of a table, by id. */
export class TableSource implements DocumentSource {
  readonly by = 'app_id';
  readonly name: string;
  readonly expected: number | null;
  readonly #table: DocumentTable;
  readonly #choice: DocumentChoice;
  readonly #lock: boolean;
  readonly #documentBytes: number;
  #after: string | null = null;

  constructor(table: DocumentTable, choice: DocumentChoice, options: { lock: boolean; expected: number | null; documentBytes: number }) {
    this.#documentBytes = options.documentBytes;
    this.#table = table;
    this.#choice = choice;
    this.#lock = options.lock;
    this.expected = options.expected;
    this.name = `${shown(table.table)}.${table.column}`;
  }

  async prepare(): Promise<void> {
    // The table is its own list.
  }

  async next(connection: Connection, count: number): Promise<Claim | null> {
    const page = { source: this.#table, choice: this.#choice, after: this.#after, count, lock: this.#lock };
    const rows = await claimPage(connection, page);
    this.#after = rows.at(-1)?.key ?? this.#after;
    return rows.length === 0 ? null : this.#claim(rows);
  }

  async again(connection: Connection, documents: readonly ClaimedDocument[]): Promise<Claim> {
    const keys = documents.map(({ key }) => key);
    return this.#claim(await claimKeys(connection, this.#table, keys, this.#lock));
  }

  #claim(rows: readonly PageRow[]): Claim {
    const toClaimed = ({ key, bytes }: PageRow): ClaimedDocument => ({
      key,
      bytes: bytes ?? 0,
      document: { id: key, name: `${shown(this.#table.table)} ${key}` },
    });
    return {
      mine: rows.filter(({ claimed }) => claimed).map(toClaimed),
      elsewhere: rows.filter(({ claimed }) => !claimed).map(toClaimed),
      gone: 0,
    };
  }

  async fetch(
    connection: Connection,
    claimed: readonly ClaimedDocument[],
    into: Scratch,
  ): Promise<{ documents: MapDocument[]; bytes: Buffer | null }> {
    // One that is too large is named with its length, and is failed for that.
    const fitting = claimed.filter(({ bytes }) => (bytes ?? 0) <= this.#documentBytes);
    const total = fitting.reduce((sum, { bytes }) => sum + (bytes ?? 0) + TUPLE_BYTES, TUPLE_BYTES);
    into.atLeast(total);
    const keys = fitting.map(({ key }) => key);
    const { buffer, ranges } = await copyDocumentsOut(connection, this.#table, keys, (bytes, kept) => into.atLeast(bytes, kept));
    const rangeOf = ({ key, bytes }: ClaimedDocument): [number, number] =>
      ranges.get(key) ?? [0, (bytes ?? 0) > this.#documentBytes ? (bytes ?? 0) : 0];
    return { documents: claimed.map((each) => ({ ...each.document, range: rangeOf(each) })), bytes: buffer };
  }

  async done(): Promise<void> {
    // What is in the log is not fetched again.
  }
}
