import { createReadStream } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { RowmillError } from '../errors.js';
import type { GraphEdge, GraphFile, GraphNode } from './model.js';

/** An item that could not be written: one line of a dead-letter file. */
export type DeadLetter = {
  /** When it was given up, ISO 8601 in UTC. */
  timestamp: string;
  /** The failure, as the sink told it. */
  error: string;
  sink: string;
  /** Database that refused it, without passwords. */
  database: string;
  /** Times that it was tried alone. */
  attempts: number;
  /** The file that tells of it. */
  file: GraphFile;
} & ({ kind: 'node'; item: GraphNode } | { kind: 'edge'; item: GraphEdge });

/** Appends letters to a file; makes it and its folder where they are missing. */
export async function appendLetters(path: string, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''));
}

/**
 * Reads the letters of a file.
 *
 * @throws RowmillError `INPUT_FORMAT_INVALID` at a line that is none
 */
export async function* readLetters(path: string): AsyncGenerator<DeadLetter> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() !== '') yield letterOf(text, path, line);
  }
}

function letterOf(text: string, file: string, line: number): DeadLetter {
  try {
    const letter = JSON.parse(text) as DeadLetter;
    if ((letter.kind === 'node' || letter.kind === 'edge') && letter.item && letter.file?.name) return letter;
  } catch {
    // Said below, as for a line of something else.
  }
  throw new RowmillError({
    code: 'INPUT_FORMAT_INVALID',
    message: 'the line is no item of a dead-letter file',
    help: 'Give the file that the run named; remove the line where it was cut off.',
    retryable: false,
    place: { file, line, value: text.slice(0, 200) },
  });
}
