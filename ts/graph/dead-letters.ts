import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
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
 * The letters of a text, a line each.
 *
 * @param path where the text comes from, for errors
 * @throws RowmillError `INPUT_FORMAT_INVALID` at a line that is none
 */
export function letterLines(text: string, path: string): DeadLetter[] {
  return text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [letterOf(line, path, at + 1)]));
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
