import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RowmillError } from '../errors.js';
import type { Segment } from './template.js';

/**
 * Paths of the files below `root` that match, in no order.
 *
 * Hidden names and names that begin with `_` (markers and work in progress of other engines) match no `*` and no `**`. A folder that
 * does not exist holds no files.
 *
 * @throws RowmillError `INPUT_FILE_UNREADABLE` where a folder exists and cannot be listed
 */
export async function walk(root: string, segments: readonly Segment[]): Promise<string[]> {
  const found: string[] = [];
  await visit(root, segments, found);
  // `a/**/b/**` reaches the same file by more than one way.
  return [...new Set(found)];
}

async function visit(folder: string, segments: readonly Segment[], found: string[]): Promise<void> {
  const [segment, ...rest] = segments;
  if (!segment) return;
  if (segment.kind === 'name' && rest.length > 0) return visit(join(folder, segment.name), rest, found);
  const entries = await list(folder);
  if (segment.kind === 'folders') {
    await visitEntries(folder, entries, rest, found);
    for (const entry of entries) if (isFolder(entry) && !isHidden(entry.name)) await visit(join(folder, entry.name), segments, found);
    return;
  }
  await visitEntries(folder, entries, segments, found);
}

/** Matches the first segment against what lies in the folder. */
async function visitEntries(folder: string, entries: readonly Dirent[], segments: readonly Segment[], found: string[]): Promise<void> {
  const [segment, ...rest] = segments;
  if (!segment) {
    for (const entry of entries) if (isFile(entry) && !isHidden(entry.name)) found.push(join(folder, entry.name));
    return;
  }
  if (segment.kind === 'folders') return visit(folder, segments, found);
  for (const entry of entries) {
    if (!matchesName(segment, entry.name)) continue;
    if (rest.length > 0) {
      if (isFolder(entry)) await visit(join(folder, entry.name), rest, found);
    } else if (isFile(entry)) found.push(join(folder, entry.name));
  }
}

/** Whether a name is as a segment of a pattern wants it; only a plain name matches one that is hidden. */
export function matchesName(segment: Exclude<Segment, { kind: 'folders' }>, name: string): boolean {
  return segment.kind === 'name' ? segment.name === name : !isHidden(name) && segment.pattern.test(name);
}

/** A link may be either; what it is not shows when it is listed or opened. */
function isFolder(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isSymbolicLink();
}

function isFile(entry: Dirent): boolean {
  return entry.isFile() || entry.isSymbolicLink();
}

/** Whether a name begins as those do that are not meant for readers. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_');
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw unlistable(folder, error);
  }
}

/** The failure of a folder that exists and cannot be listed. */
export function unlistable(folder: string, error: unknown): RowmillError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new RowmillError(
    {
      code: 'INPUT_FILE_UNREADABLE',
      message: `the folder cannot be listed: ${message}`,
      help: code === 'EACCES' ? 'Give this user the right to read and enter it.' : 'Check the folder and the disk or mount it lies on.',
      retryable: true,
      place: { file: folder },
    },
    { cause: error },
  );
}
