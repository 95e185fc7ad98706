/** Memory that is used again and again, and grows to what is needed: buffers that are thrown away stay until the collector comes. */
export class Scratch {
  #buffer: Buffer;

  /** @param bytes set aside at first; what is not written to takes no memory */
  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  /** The buffer with room for so many bytes; the first `kept` stay what they are. */
  atLeast(bytes: number, kept = 0): Buffer {
    if (bytes <= this.#buffer.length) return this.#buffer;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, kept);
    this.#buffer = larger;
    return larger;
  }
}

/** Scratches that rest until somebody needs one. */
export class Scratches {
  readonly #resting: Scratch[] = [];
  readonly #bytes: number;
  readonly #mostBytes: number;

  /**
   * @param bytes what each has at first
   * @param mostBytes what one may have grown to and is kept
   */
  constructor(bytes: number, mostBytes: number) {
    this.#bytes = bytes;
    this.#mostBytes = mostBytes;
  }

  /** Lends one to `work`. After a failure it is given up: somebody may still be reading it. */
  async lend<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
    const scratch = this.#resting.pop() ?? new Scratch(this.#bytes);
    const done = await work(scratch);
    if (scratch.buffer.length <= this.#mostBytes) this.#resting.push(scratch);
    return done;
  }
}
