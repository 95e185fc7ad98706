import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RowmillError } from '../errors.js';
import type { TreeFile } from './tree.js';

/** Endings of files that are read, in any case. */
const ENDINGS = /\.(?:sql|ddl|py|json)$/i;
/** Folders that hold nothing of one's own; those whose names begin with a dot are left out as well. */
const LEFT_OUT = new Set(['__pycache__', 'venv', 'node_modules']);

/** The files of a tree. */
export interface WalkedTree {
  /** By name. */
  files: TreeFile[];
  /** What the names of files below each folder begin with. */
  prefixes: string[];
}

/** Which files are meant. */
export interface WalkOptions {
  /** Whether folders below are walked, too. Default: true. */
  isRecursive?: boolean;
  /** Whether a file of this name is. Default: those with lineage. */
  isWanted?: (name: string) => boolean;
}

/**
 * Files with lineage below folders (those of folders below them, too, unless told otherwise), and files that were named themselves, whatever their endings.
 *
 * @throws RowmillError `INPUT_MISSING` where a path is not there, `INPUT_FILE_UNREADABLE` where a folder cannot be listed, `PLAN_INVALID` for two paths
 * whose files would have the same names
 */
export async function walkTree(paths: readonly string[], { isRecursive = true, isWanted = isRead }: WalkOptions = {}): Promise<WalkedTree> {
  const tree: WalkedTree = { files: [], prefixes: [] };
  const roots = new Map<string, string>();
  for (const path of paths) {
    const root = resolve(path);
    const name = basename(root) || 'root';
    const other = roots.get(name);
    if (other !== undefined) throw sameName(other, path);
    roots.set(name, path);
    if ((await kindOf(path)) === 'file') tree.files.push({ path: root, name });
    else {
      tree.prefixes.push(`${name}/`);
      await visit(root, name, tree.files, { isRecursive, isWanted });
    }
  }
  tree.files.sort((left, right) => (left.name < right.name ? -1 : 1));
  return tree;
}

async function kindOf(path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    throw new RowmillError(
      {
        code: 'INPUT_MISSING',
        message: `there is no ${path}`,
        help: 'Name a folder or a file that is there.',
        retryable: false,
        place: { file: path },
      },
      { cause },
    );
  }
}

/** Whether a file of this name is read when it lies in a folder. */
export function isRead(name: string): boolean {
  return ENDINGS.test(name);
}

/** Whether a folder of this name is looked into. */
export function isEntered(name: string): boolean {
  return !name.startsWith('.') && !LEFT_OUT.has(name);
}

async function visit(folder: string, name: string, files: TreeFile[], options: Required<WalkOptions>): Promise<void> {
  const entries = await list(folder);
  for (const entry of entries) {
    const [path, inGraph] = [join(folder, entry.name), `${name}/${entry.name}`];
    if (entry.isDirectory()) {
      if (options.isRecursive && isEntered(entry.name)) await visit(path, inGraph, files, options);
      // A link is followed to a file only: to a folder it may lead round in a circle.
    } else if (options.isWanted(entry.name) && !(entry.isSymbolicLink() && (await leadsToFolder(path)))) files.push({ path, name: inGraph });
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RowmillError(
      {
        code: 'INPUT_FILE_UNREADABLE',
        message: `the folder cannot be listed: ${reason}`,
        help: 'Give this user the right to read it, or move it away.',
        retryable: true,
        place: { file: folder },
      },
      { cause },
    );
  }
}

function sameName(first: string, second: string): RowmillError {
  return new RowmillError({
    code: 'PLAN_INVALID',
    message: `${first} and ${second} end in the same name, by which their files are known in the graph`,
    help: 'Run them one after the other, or name the folder that holds both.',
    retryable: false,
    place: {},
  });
}
