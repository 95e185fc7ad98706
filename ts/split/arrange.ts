import { childFolder, type ObjectType, type ScriptObject, splitByHeaders } from './headers.js';
import { fileNameOf, keyOf, type ObjectName } from './names.js';
import { type CreatedType, splitByStatements } from './statements.js';

/** A file of one object. */
export interface SplitFile {
  /** Below the folder of the source, `/` between its parts. */
  path: string;
  type: ObjectType | CreatedType;
  /** Schema and name. */
  name: string;
  /** Schema and name of the table or view that it belongs to; null for what stands for itself. */
  parent: string | null;
  scriptDate: string;
  /** Line of the source on which it begins, from 1. */
  line: number;
  /** The piece of the source, as it was. */
  text: string;
}

/** A script as files. */
export interface SplitScript {
  /** Whether it has header comments; else it was cut at its statements. */
  hasHeaders: boolean;
  /** In the order of the source: their texts one after the other are the source, without what is dropped. */
  files: SplitFile[];
  /** What stands before the first header, and belongs to nothing. */
  dropped: string;
  counts: SplitCounts;
}

export interface SplitCounts {
  objects: number;
  tablesWithConstraints: number;
  indexedViews: number;
  byType: Record<string, number>;
}

const FOLDERS: Readonly<Record<string, string>> = {
  Table: 'tables',
  View: 'views',
  UserDefinedFunction: 'functions',
  StoredProcedure: 'stored_procedures',
  Schema: 'schemas',
  UserDefinedType: 'types',
  XmlSchemaCollection: 'types',
  table: 'tables',
  view: 'views',
  function: 'functions',
  procedure: 'stored_procedures',
  trigger: 'triggers',
  index: 'indexes',
  schema: 'schemas',
};

/** Cuts a script into files of one object each: at its header comments, or at its `CREATE` statements where it has none. */
export function splitScript(text: string): SplitScript {
  const { objects, dropped } = splitByHeaders(text);
  return objects.length > 0 ? byHeaders(objects, dropped) : byStatements(text);
}

function byHeaders(objects: readonly ScriptObject[], dropped: string): SplitScript {
  const paths = new Paths();
  const homes = new Map<string, string>();
  for (const object of objects) {
    if (object.type !== 'Table' && object.type !== 'View') continue;
    const home = `${FOLDERS[object.type]}/${fileNameOf(object)}`;
    if (!homes.has(keyOf(object))) homes.set(keyOf(object), home);
  }
  const files = objects.map((object) => {
    const home = object.parent ? homes.get(keyOf(object.parent)) : undefined;
    const name = fileNameOf(object);
    const path = home ? `${home}/${childFolder(object)}/${name}` : `${FOLDERS[object.type] ?? 'other'}/${name}/${name}`;
    const { type, scriptDate, line, text, parent } = object;
    return { path: paths.take(path), type, name: fullName(object), parent: parent && fullName(parent), scriptDate, line, text };
  });
  const parents = (kind: string): number =>
    new Set(
      objects.flatMap(({ parent, type }) =>
        parent && homes.get(keyOf(parent))?.startsWith(kind) && (kind === 'tables/' || type === 'Index') ? keyOf(parent) : [],
      ),
    ).size;
  return {
    hasHeaders: true,
    files,
    dropped,
    counts: { ...countsOf(files), tablesWithConstraints: parents('tables/'), indexedViews: parents('views/') },
  };
}

function byStatements(text: string): SplitScript {
  const paths = new Paths();
  const files = splitByStatements(text).map((object) => {
    const path = paths.take(`${FOLDERS[object.type] ?? 'unknown'}/${fileNameOf(object)}`);
    return { path, type: object.type, name: fullName(object), parent: null, scriptDate: '', line: object.line, text: object.text };
  });
  return { hasHeaders: false, files, dropped: '', counts: { ...countsOf(files), tablesWithConstraints: 0, indexedViews: 0 } };
}

function countsOf(files: readonly SplitFile[]): Pick<SplitCounts, 'objects' | 'byType'> {
  const byType: Record<string, number> = {};
  for (const { type } of files.toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0))) byType[type] = (byType[type] ?? 0) + 1;
  return { objects: files.length, byType };
}

function fullName({ schema, name }: ObjectName): string {
  return `${schema}.${name}`;
}

/** Paths that no two files share, on no file system: equal ones, in any case, get `_v1`, `_v2`, ... */
class Paths {
  readonly #taken = new Set<string>();
  /** The next version to try, by path: scripts may hold thousands of one name. */
  readonly #next = new Map<string, number>();

  take(path: string): string {
    const key = path.toLowerCase();
    for (let version = this.#next.get(key) ?? 0; ; version += 1) {
      const tried = version === 0 ? path : `${path}_v${version}`;
      if (this.#taken.has(tried.toLowerCase())) continue;
      this.#taken.add(tried.toLowerCase());
      this.#next.set(key, version + 1);
      return `${tried}.sql`;
    }
  }
}
