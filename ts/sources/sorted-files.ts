import { opendir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { expandTemplate, type Segment } from './template.js';
import { isHidden, matchesName, unlistable } from './walk.js';

/** Names of one folder that are held at a time; a folder with more is listed again for each so many. */
const NAMES_AT_ONCE = 50_000;
/** Entries that are asked of the system at a time. */
const ENTRIES_AT_ONCE = 1024;

const NO_VALUES = { account: null, source: null, year: '', month: '' };

/**
 * The files that paths stand for, each once, in the order of their paths. What is held does not grow with their number.
 *
 * A path is a file; a folder, which stands for all files of these endings below it; or a glob (`**` is any number of folders). Hidden names are left out
 * of folders and globs. A path that does not exist stands for nothing.
 *
 * @param paths absolute
 * @param endings lower case, with their dot
 * @throws RowmillError `INPUT_FILE_UNREADABLE` where a folder exists and cannot be listed
 */
export async function* sortedFiles(paths: readonly string[], endings: readonly string[], namesAtOnce = NAMES_AT_ONCE): AsyncGenerator<string> {
  const files: string[] = [];
  const streams: AsyncGenerator<string>[] = [];
  for (const path of new Set(paths)) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) files.push(path);
    else if (found) streams.push(filesBelow(path, endings, namesAtOnce));
    else if (path.includes('*')) streams.push(matchingFiles(path, namesAtOnce));
  }
  files.sort();
  let last: string | null = null;
  for await (const path of merged([given(files), ...streams])) {
    if (path !== last) yield path;
    last = path;
  }
}

async function* given(files: readonly string[]): AsyncGenerator<string> {
  yield* files;
}

/** Streams in order as one in order. */
async function* merged(streams: readonly AsyncGenerator<string>[]): AsyncGenerator<string> {
  const heads: { path: string; stream: AsyncGenerator<string> }[] = [];
  const advance = async (stream: AsyncGenerator<string>): Promise<void> => {
    const { value, done } = await stream.next();
    if (!done) heads.push({ path: value, stream });
  };
  for (const stream of streams) await advance(stream);
  while (heads.length > 0) {
    const [first, ...others] = heads as [(typeof heads)[0], ...typeof heads];
    const least = others.reduce((found, head) => (head.path < found.path ? head : found), first);
    yield least.path;
    heads.splice(heads.indexOf(least), 1);
    await advance(least.stream);
  }
}

async function* filesBelow(folder: string, endings: readonly string[], namesAtOnce: number): AsyncGenerator<string> {
  for await (const file of visit(folder, [[{ kind: 'folders' }]], namesAtOnce)) {
    if (endings.some((ending) => file.toLowerCase().endsWith(ending))) yield file;
  }
}

async function* matchingFiles(glob: string, namesAtOnce: number): AsyncGenerator<string> {
  const { root } = parse(glob);
  let [folder, segments] = [root, expandTemplate(glob.slice(root.length), NO_VALUES)];
  // Folders that are named need not be listed.
  for (let [head, ...rest] = segments; head?.kind === 'name' && rest.length > 0; [head, ...rest] = segments) {
    [folder, segments] = [join(folder, head.name), rest];
  }
  yield* visit(folder, [segments], namesAtOnce);
}

/**
 * Files below a folder, by what is left of the pattern there: with `**` that may be more than one thing.
 *
 * A folder's name is compared with a slash behind it, which makes the order of its files that of whole paths.
 */
async function* visit(folder: string, wanted: readonly Segment[][], namesAtOnce: number): AsyncGenerator<string> {
  let last: string | null = null;
  do {
    const names: string[] = await nextNames(folder, wanted, last, namesAtOnce);
    for (const name of names) {
      if (name.endsWith('/')) yield* visit(join(folder, name), below(wanted, name.slice(0, -1)), namesAtOnce);
      else yield join(folder, name);
    }
    last = names.length < namesAtOnce ? null : (names.at(-1) ?? null);
  } while (last !== null);
}

/** The least names of a folder behind `last`, sorted; those of folders with a slash. */
async function nextNames(folder: string, wanted: readonly Segment[][], last: string | null, most: number): Promise<string[]> {
  let names: string[] = [];
  let beyond: string | null = null;
  const cut = (): void => {
    names.sort();
    if (names.length > most) names = names.slice(0, most);
    if (names.length === most) beyond = names.at(-1) ?? null;
  };
  const isNext = (name: string): boolean => (last === null || name > last) && (beyond === null || name < beyond);
  try {
    for await (const entry of await opendir(folder, { bufferSize: ENTRIES_AT_ONCE })) {
      const isFolder = entry.isSymbolicLink() ? await leadsToFolder(join(folder, entry.name)) : entry.isDirectory();
      const name = isFolder ? `${entry.name}/` : entry.name;
      if (!isNext(name) || !isWanted(wanted, name)) continue;
      names.push(name);
      if (names.length >= 2 * most) cut();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw unlistable(folder, error);
  }
  cut();
  return names;
}

/** A link that leads nowhere is taken for a file: it will not open, and that is reported. */
async function leadsToFolder(link: string): Promise<boolean> {
  return (await stat(link).catch(() => null))?.isDirectory() ?? false;
}

function isWanted(wanted: readonly Segment[][], name: string): boolean {
  return name.endsWith('/') ? below(wanted, name.slice(0, -1)).length > 0 : wanted.some((segments) => isMatch(segments, name));
}

function isMatch([segment, ...rest]: readonly Segment[], name: string): boolean {
  if (!segment) return false;
  if (segment.kind === 'folders') return rest.length === 0 ? !isHidden(name) : isMatch(rest, name);
  return rest.length === 0 && matchesName(segment, name);
}

/** What is wanted inside of a folder of this name. */
function below(wanted: readonly Segment[][], name: string): Segment[][] {
  const found = new Map<number, Segment[]>();
  const enter = (segments: Segment[]): void => {
    const [segment, ...rest] = segments;
    if (!segment) return;
    if (segment.kind === 'folders') {
      if (!isHidden(name)) found.set(segments.length, segments);
      enter(rest);
    } else if (rest.length > 0 && matchesName(segment, name)) found.set(rest.length, rest);
  };
  for (const segments of wanted) enter(segments);
  return [...found.values()];
}
