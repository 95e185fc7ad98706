/** The only importer of the addon for lineage: unwraps failures and wraps handles. */

import type {
  CacheCheck,
  CacheOptions,
  CacheStats,
  DialectDescription,
  FileRead,
  FileSummary,
  ResolvedFiles as NativeResolved,
  LineageTree as NativeTree,
  TextOptions,
  TreeOptions,
} from '#native-lineage';
import { ask, loadAddon, unwrap } from '../answers.js';
import type { GraphCopy, GraphParts, GraphSource } from '../graph/model.js';

export type {
  CacheCheck,
  CacheOptions,
  CacheStats,
  DialectDescription,
  FileProblem,
  FileRead,
  FileSummary,
  TextOptions,
  TreeOptions,
} from '#native-lineage';

/** What the generated types say of the exports. */
type Native = typeof import('#native-lineage');

let loaded: Native | null = null;

/** Loaded on first use: its parsers take more memory than the rest of rowmill. */
function native(): Native {
  loaded ??= loadAddon<Native>('#native-lineage', 'build:addon:lineage');
  return loaded;
}

/** A file to take in. */
export interface TreeFile {
  /** Where it is. */
  path: string;
  /** What it is called in the graph: `/` between the parts, relative to the root of the walk. */
  name: string;
}

/**
 * A tree of files whose lineage depends on one another: what any of them says of the columns of a table counts for all.
 *
 * Calls may overlap; they are carried out one after the other, on threads of their own.
 */
export class LineageTree {
  readonly #tree: NativeTree;

  private constructor(tree: NativeTree) {
    this.#tree = tree;
  }

  /**
   * Opens an empty tree. A damaged cache is set aside and begun anew.
   *
   * @throws RowmillError `PLAN_INVALID` for a dialect that is not known and a cache that can neither be opened nor made, `INPUT_FORMAT_INVALID` and
   * `INPUT_FILE_UNREADABLE` for the schema file, `INSTALL_ADDON_MISSING`
   */
  static async open(options: TreeOptions): Promise<LineageTree> {
    return new LineageTree(await ask(() => native().openTree(options)));
  }

  /** Takes in files. A name that was taken in before is replaced; one that cannot be read is forgotten, and its answer says why. */
  read(files: readonly TreeFile[]): Promise<FileRead[]> {
    return ask(() => this.#tree.read(files as TreeFile[]));
  }

  /**
   * Takes in a text under a name, to be read in its own way.
   *
   * @throws RowmillError `PLAN_INVALID` for a dialect that is not known
   */
  readText(name: string, text: string, own: TextOptions = {}): Promise<FileRead> {
    return ask(() => this.#tree.readText(name, text, own));
  }

  /** Forgets files: what they said of columns does not count any more. */
  async forget(names: readonly string[]): Promise<void> {
    await ask(() => this.#tree.forget(names as string[]));
  }

  /** The files whose graphs are not those that were handed out last, at most so many, by name; none when there are no more. */
  async resolve(most: number): Promise<Resolved> {
    return new Resolved(await ask(() => this.#tree.resolve(most)));
  }

  /**
   * Reads with so many threads from now on, and keeps results of parsing in another cache, or in none. What was taken in stays.
   *
   * @throws RowmillError `PLAN_INVALID` for a cache that can neither be opened nor made; nothing has changed then
   */
  async configure(threads: number, cache: CacheOptions | null): Promise<void> {
    await ask(() => this.#tree.configure(threads, cache));
  }

  /** Notes in the cache what was looked at, and how often it helped. Do it last. */
  async flush(): Promise<void> {
    await ask(() => this.#tree.flush());
  }
}

/** Files whose graphs are new. The graphs are made, or fetched from the cache, when they are asked for. */
export class Resolved implements GraphSource {
  readonly #resolved: NativeResolved;
  readonly #files: FileSummary[];

  constructor(resolved: NativeResolved) {
    this.#resolved = resolved;
    this.#files = resolved.files();
  }

  /** What is known of them, by name. */
  files(): readonly FileSummary[] {
    return this.#files;
  }

  /** @throws RowmillError `INPUT_FILE_CHANGED` where a file that must be read again is not what it was */
  graph(from: number, to: number): Promise<GraphParts> {
    return ask(() => this.#resolved.graphs(from, to));
  }

  /** @throws RowmillError as {@link graph} */
  copy(from: number, to: number, first: number): Promise<GraphCopy> {
    return ask(() => this.#resolved.copy(from, to, first));
  }

  /** Lets go of the graphs at once; what is known of the files stays. Without it they are held until the collector comes by, which does not see how large they are. */
  free(): void {
    this.#resolved.free();
  }
}

/** The dialects that are known. */
export function dialects(): DialectDescription[] {
  return unwrap(native().dialects());
}

/** What is in a cache, and how often it helped. */
export function cacheStats(cache: CacheOptions): Promise<CacheStats> {
  return ask(() => native().cacheStats(cache));
}

/** Holds so many entries of a cache, chosen at random, against the files that they were made of; deletes those that are damaged, or of other files. */
export function checkCache(cache: CacheOptions, sample: number): Promise<CacheCheck> {
  return ask(() => native().checkCache(cache, sample));
}

/** Empties a cache; answers with the number of entries that there were. */
export function clearCache(cache: CacheOptions): Promise<number> {
  return ask(() => native().clearCache(cache));
}

/** Writes so many made-up SQL files, at most 100,000, below a folder; answers with their bytes. The same number gives the same files. */
export function generateSql(folder: string, files: number): Promise<number> {
  return ask(() => native().generateSql(folder, files));
}

/**
 * The statements of a text by the rules of a dialect; routines stay whole, comments between statements belong to none.
 *
 * @throws RowmillError `PLAN_INVALID` for a dialect that is not known
 */
export function splitStatements(text: string, dialect: string): Promise<{ text: string; line: number }[]> {
  return ask(() => native().splitStatements(text, dialect));
}
