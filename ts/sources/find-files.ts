import { stat } from 'node:fs/promises';
import { parse } from 'node:path';
import { expandTemplate } from './template.js';
import { walk } from './walk.js';

const NO_VALUES = { account: null, source: null, year: '', month: '' };

/**
 * The files that a path stands for, in no order: itself where it is a file; where it is a folder, all files of these endings below it; where it has a `*`, all
 * files that match (`**` is any number of folders). Hidden names are left out of folders and globs.
 *
 * @param path absolute
 * @param endings lower case, with their dot
 * @returns nothing where there is no such file
 * @throws RowmillError `INPUT_FILE_UNREADABLE` where a folder exists and cannot be listed
 */
export async function findFiles(path: string, endings: readonly string[]): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return [path];
  const { root } = parse(path);
  if (!found) return path.includes('*') ? walk(root, expandTemplate(path.slice(root.length), NO_VALUES)) : [];
  const files = await walk(path, [{ kind: 'folders' }]);
  return files.filter((file) => endings.some((ending) => file.toLowerCase().endsWith(ending)));
}
