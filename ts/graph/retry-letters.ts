import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { RowmillError } from '../errors.js';
import { type DeadLetter, letterLines } from './dead-letters.js';
import type { GraphItems, GraphSink, KnownFile, RunId } from './sink.js';
import { isOfItems } from './write-parts.js';

/** What became of the letters of a file. */
export interface RetryReport {
  /** Nodes and edges that the file held letters of. */
  letters: number;
  /** Nodes and edges that are in the graph now. */
  written: number;
  /** Letters of files that were written whole since, or whose text is another now: a run has done, or does, what they ask for. */
  outdated: number;
  /** Letters of another sink; they stay. */
  ofOthers: number;
  /** Letters that still fail; they stay, with the newer reason. */
  failed: number;
}

/** Letters that are tried at once; where they fail, each half is. */
const AT_ONCE = 500;

/**
 * Writes what a dead-letter file holds, and leaves in it what still fails; a file of which nothing is left is deleted. Doing it twice changes nothing, and
 * one that was killed is made up for by doing it again. What a run appends meanwhile stays.
 *
 * @param sink opened, and closed by the caller
 * @throws RowmillError `INPUT_FILE_UNREADABLE`, `INPUT_FORMAT_INVALID`, and what the sink throws where no item is at fault: then the file is as it was
 */
export async function retryLetters(path: string, sink: GraphSink, run: RunId): Promise<RetryReport> {
  const bytes = await readWhole(path);
  const letters = newest(letterLines(bytes.toString('utf8'), path));
  const known = await sink.known();
  const report: RetryReport = { letters: letters.length, written: 0, outdated: 0, ofOthers: 0, failed: 0 };
  const left: DeadLetter[] = [];
  const due: DeadLetter[] = [];
  for (const letter of letters) {
    if (letter.sink !== sink.name) left.push(letter);
    else if (isOutdated(letter, known.get(letter.file.name))) report.outdated += 1;
    else due.push(letter);
  }
  report.ofOthers = left.length;
  // Nodes first: an edge finds its ends.
  const ordered = [...due.filter(({ kind }) => kind === 'node'), ...due.filter(({ kind }) => kind === 'edge')];
  for (let at = 0; at < ordered.length; at += AT_ONCE) {
    const failed = await addOrKeep(sink, ordered.slice(at, at + AT_ONCE), run);
    report.failed += failed.length;
    left.push(...failed);
  }
  report.written = due.length - report.failed;
  await replaceLetters(path, left, bytes.length);
  return report;
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const help = 'Give the file that the run named; where nothing failed, there is none.';
    const message = `the dead-letter file could not be read: ${(error as Error).message}`;
    throw new RowmillError({ code: 'INPUT_FILE_UNREADABLE', message, help, retryable: false, place: { file: path } }, { cause: error });
  }
}

/** Each item once: a file that failed in several runs has as many letters of it. */
function newest(letters: readonly DeadLetter[]): DeadLetter[] {
  return [...new Map(letters.map((letter) => [`${letter.sink} ${letter.file.name} ${JSON.stringify(letter.item)}`, letter])).values()];
}

/** Whether a file is held whole, or with another text: then the letter's item is there, or is none of it any more. */
function isOutdated({ file }: DeadLetter, held: KnownFile | undefined): boolean {
  return held !== undefined && (held.digest !== '' || held.sha256 !== file.sha256);
}

/** Writes letters, in halves where they fail; answers those that cannot be written. */
async function addOrKeep(sink: GraphSink, letters: readonly DeadLetter[], run: RunId): Promise<DeadLetter[]> {
  if (letters.length === 0) return [];
  try {
    await sink.add(itemsOf(letters), run);
    return [];
  } catch (error) {
    if (!isOfItems(error)) throw error;
    const [only] = letters;
    if (only && letters.length === 1) return [again(only, error)];
    const middle = (letters.length + 1) >> 1;
    return [...(await addOrKeep(sink, letters.slice(0, middle), run)), ...(await addOrKeep(sink, letters.slice(middle), run))];
  }
}

function again(letter: DeadLetter, error: RowmillError): DeadLetter {
  return { ...letter, timestamp: new Date().toISOString(), error: `${error.code}: ${error.message}`, attempts: letter.attempts + 1 };
}

function itemsOf(letters: readonly DeadLetter[]): GraphItems {
  const files = new Map(letters.map(({ file }) => [file.name, file]));
  return {
    files: [...files.values()],
    nodes: letters.flatMap((letter) => (letter.kind === 'node' ? [letter.item] : [])),
    edges: letters.flatMap((letter) => (letter.kind === 'edge' ? [letter.item] : [])),
  };
}

/** Writes the file anew: the letters that are left, and what came to it after its first bytes were read. */
async function replaceLetters(path: string, left: readonly DeadLetter[], read: number): Promise<void> {
  const rest = await tailOf(path, read);
  const text = new Set(left.map((letter) => `${JSON.stringify(letter)}\n`));
  if (text.size === 0 && rest.length === 0) {
    await rm(path, { force: true });
    return;
  }
  const part = `${path}.${randomUUID()}.part`;
  await writeFile(part, Buffer.concat([Buffer.from([...text].join('')), rest]));
  await rename(part, path);
}

async function tailOf(path: string, from: number): Promise<Buffer> {
  await using file = await open(path);
  const { size } = await file.stat();
  const rest = Buffer.alloc(Math.max(0, size - from));
  await file.read(rest, 0, rest.length, from);
  return rest;
}
