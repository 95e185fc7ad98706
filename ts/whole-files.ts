import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RowmillError } from './errors.js';

/** Characters that are written at once. */
const CHUNK = 1 << 16;

/**
 * Writes a file so that nobody ever sees half of it: under another name beside it, which it then gets. Folders above it are made.
 *
 * @returns false where the file exists and `overwrite` is false; it is left as it is then
 * @throws RowmillError `SINK_FILE_FAILED`, and what `pieces` throws
 */
export async function writeWhole(path: string, pieces: Iterable<string> | AsyncIterable<string>, overwrite = true): Promise<boolean> {
  const target = resolve(path);
  const scratch = `${target}.${randomBytes(6).toString('hex')}.part`;
  try {
    await onDisk(path, () => mkdir(dirname(target), { recursive: true }));
    await write(path, scratch, pieces);
    return await onDisk(path, () => finish(scratch, target, overwrite));
  } finally {
    // What kept it from being written may keep it from being removed; that failure is the one to tell.
    await rm(scratch, { force: true }).catch(() => undefined);
  }
}

/** Makes a folder, and those above it; one that exists is left as it is. @throws RowmillError `SINK_FILE_FAILED` */
export async function makeFolder(path: string): Promise<void> {
  await onDisk(path, () => mkdir(path, { recursive: true }));
}

/** Joins small pieces to larger ones. */
export async function* inChunks(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield held.join('');
    [held, length] = [[], 0];
  }
  if (length > 0) yield held.join('');
}

async function write(path: string, scratch: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const file = await onDisk(path, () => open(scratch, 'wx'));
  try {
    for await (const chunk of inChunks(pieces)) await onDisk(path, () => file.writeFile(chunk));
    await onDisk(path, () => file.sync());
  } finally {
    await file.close();
  }
}

/** A link, unlike a rename, fails where the name is taken, however late somebody took it. */
async function finish(scratch: string, target: string, overwrite: boolean): Promise<boolean> {
  if (overwrite) {
    await rename(scratch, target);
    return true;
  }
  try {
    await link(scratch, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = `${path} could not be written: ${(error as Error).message}`;
    const help = 'Name a place that can be written to, with room left.';
    throw new RowmillError({ code: 'SINK_FILE_FAILED', message, help, retryable: false, place: { file: path } }, { cause: error });
  }
}
