import { opendir, stat } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { expandTemplate, type Segment } from './template.js';
import { isHidden, matchesName, unlistable } from './walk.js';

/** Names of one folder that are held at a time; a folder with more is listed again for each so many. */
const NAMES_AT_ONCE = 50_000;
/** Paths of a page at most. */
const PAGE = 1000;
/** Entries that are asked of the system at a time. */
const ENTRIES_AT_ONCE = 1024;

const NO_VALUES = { account: null, source: null, year: '', month: '' };

/** Paths in order, some at a time: one by one they would cost more than the work on them. */
type Pages = AsyncGenerator<string[]>;

/**
 * The files that paths stand for, each once, in the order of their paths, some at a time. What is held does not grow with their number.
 *
 * A path is a file; a folder, which stands for all files of these endings below it; or a glob (`**` is any number of folders). Hidden names are left out
 * of folders and globs. A path that does not exist stands for nothing.
 *
 * @param paths absolute
 * @param endings lower case, with their dot
 * @throws RowmillError `INPUT_FILE_UNREADABLE` where a folder exists and cannot be listed
 */
export async function* sortedFiles(paths: readonly string[], endings: readonly string[], namesAtOnce = NAMES_AT_ONCE): Pages {
  const files: string[] = [];
  const streams: Pages[] = [];
  for (const path of new Set(paths)) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) files.push(path);
    else if (found) streams.push(filesBelow(path, endings, namesAtOnce));
    else if (path.includes('*')) streams.push(matchingFiles(path, namesAtOnce));
  }
  if (files.length > 0) streams.push(given(files.sort()));
  const [only, ...others] = streams;
  if (only) yield* others.length === 0 ? only : merged(streams);
}

async function* given(files: string[]): Pages {
  yield files;
}

/** Streams in order as one in order, without what two of them have. */
async function* merged(streams: readonly Pages[]): Pages {
  const heads: { page: string[]; at: number; stream: Pages }[] = [];
  for (const stream of streams) heads.push({ page: [], at: 0, stream });
  let last: string | null = null;
  for (;;) {
    for (const head of heads) if (head.at === head.page.length) [head.page, head.at] = [await nextPage(head.stream), 0];
    const open = heads.filter(({ page }) => page.length > 0);
    if (open.length === 0) return;
    const page: string[] = [];
    while (open.every(({ page: paths, at }) => at < paths.length)) {
      const least = open.reduce((found, head) => (pathOf(head) < pathOf(found) ? head : found));
      const path = pathOf(least);
      least.at += 1;
      if (path !== last) page.push(path);
      last = path;
    }
    if (page.length > 0) yield page;
  }
}

function pathOf({ page, at }: { page: readonly string[]; at: number }): string {
  return page[at] ?? '';
}

/** The next page with something on it; an empty one at the end. */
async function nextPage(stream: Pages): Promise<string[]> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return [];
    if (value.length > 0) return value;
  }
}

async function* filesBelow(folder: string, endings: readonly string[], namesAtOnce: number): Pages {
  for await (const files of visit(folder, [[{ kind: 'folders' }]], namesAtOnce)) {
    yield files.filter((file) => endings.some((ending) => file.toLowerCase().endsWith(ending)));
  }
}

async function* matchingFiles(glob: string, namesAtOnce: number): Pages {
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
async function* visit(folder: string, wanted: readonly Segment[][], namesAtOnce: number): Pages {
  const prefix = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  let last: string | null = null;
  do {
    const names: string[] = await nextNames(folder, wanted, last, namesAtOnce);
    let page: string[] = [];
    for (const name of names) {
      const isFolder = name.endsWith('/');
      if (!isFolder) page.push(prefix + name);
      if (isFolder ? page.length > 0 : page.length >= PAGE) {
        yield page;
        page = [];
      }
      if (isFolder) yield* visit(prefix + name.slice(0, -1), below(wanted, name.slice(0, -1)), namesAtOnce);
    }
    if (page.length > 0) yield page;
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
