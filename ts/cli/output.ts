/** Where a command writes: its result to standard output, everything on the way there to standard error. */
export class Output {
  readonly #json: boolean;
  readonly #quiet: boolean;

  constructor(options: { json?: boolean | undefined; quiet?: boolean | undefined }) {
    this.#json = options.json ?? false;
    this.#quiet = options.quiet ?? false;
  }

  /** Whether progress should be shown at all. */
  get isSilent(): boolean {
    return this.#quiet || this.#json;
  }

  /** The result, once per command: one JSON document for machines, or text. `--quiet` keeps it. */
  result(document: unknown, text: () => string): void {
    process.stdout.write(this.#json ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
  }

  /** A line on the way, for people. */
  note(line: string): void {
    if (!this.isSilent) process.stderr.write(`${line}\n`);
  }

  /** A failure: text on standard error, and under `--json` the result document that a reader waits for. */
  failure(document: unknown, text: string): void {
    if (this.#json) process.stdout.write(`${JSON.stringify({ error: document }, null, 2)}\n`);
    process.stderr.write(`${text}\n`);
  }
}

/** A reader that has gone (`rowmill status | head -1`) has what it wanted: no failure, and nothing more to write. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
