import type { CopyPiece } from '../addon.js';

/** Tables' COPY streams, taken one table after the other from the one stream in which the engine hands them out. */
export class TableStreams {
  readonly #next: () => Promise<CopyPiece | null>;
  /** Taken from the engine, and not yet by a table. */
  #ahead: CopyPiece | null;

  /** @param first what `next` has answered already */
  constructor(first: CopyPiece | null, next: () => Promise<CopyPiece | null>) {
    this.#ahead = first;
    this.#next = next;
  }

  /** The bytes of one table, to be taken when those of the tables before it are at their end. */
  async *of(table: number): AsyncGenerator<Buffer> {
    while (this.#ahead?.table === table) {
      const { bytes } = this.#ahead;
      // Let go first: a piece is as large as the budget allows, and the next one must not be waited for with this one still held.
      this.#ahead = null;
      yield bytes;
      this.#ahead = await this.#next();
    }
  }
}
