import { basename, dirname, extname, join, resolve } from 'node:path';
import { splitStatements } from '../lineage/index.js';
import { type CreatedKind, createdObjects } from './create-statements.js';
import { type Placed, placed } from './families.js';
import { fileName, type OutFile, readScript, writeAll } from './files.js';
import { type ObjectType, type ScriptObject, scriptObjects } from './script-objects.js';

export interface SplitOptions {
  /** Where the files go. */
  out: string;
  /** `objects`: a folder for each script; `database`: a folder for each database, with raw, separated, embeddings, graph and metadata below it. */
  layout?: 'objects' | 'database';
  /** Name of the database. Default: of the script's name what stands before its first `-` or `_`, else its folder's name, else `default`. */
  database?: string;
  /** Whether each file begins with a comment on its object. Default: true. */
  headers?: boolean;
  /** Whether files that are there may be replaced. Default: false. */
  overwrite?: boolean;
  /** Dialect of scripts without headers. Default: tsql. */
  dialect?: string;
  /** Told of what somebody may not expect. */
  onWarning?: (line: string) => void;
  /** Default: now. */
  at?: Date;
}

/** What became of a script. */
export interface SplitReport {
  source: string;
  /** Where its files are. */
  folder: string;
  /** `headers` where objects have headers, `statements` where they were found by their CREATE statements. */
  by: 'headers' | 'statements';
  objects: number;
  byType: Record<string, number>;
  manifest: string;
  files: string[];
}

const FOLDERS: Readonly<Partial<Record<ObjectType, string>>> = {
  Table: 'tables',
  View: 'views',
  UserDefinedFunction: 'functions',
  StoredProcedure: 'stored_procedures',
  Schema: 'schemas',
  UserDefinedType: 'types',
  XmlSchemaCollection: 'types',
};
const DATABASE_FOLDERS = ['raw', 'separated', 'embeddings', 'graph', 'metadata'];

/**
 * Cuts a script into one file for each of its objects, indexes and constraints beside the tables that they belong to, and a manifest.
 *
 * @throws RowmillError of reading and writing; nothing is written where a file is there already
 */
export async function splitScript(path: string, options: SplitOptions): Promise<SplitReport> {
  const text = await readScript(path);
  const objects = scriptObjects(text);
  const at = options.at ?? new Date();
  const made = objects.length > 0 ? byHeaders(path, objects, options, at) : await byStatements(path, text, options, at);
  const { separated, metadata, extra } = places(path, text, options);
  const manifest = `${metadata}${made.manifest}`;
  const files = [...made.files.map((file) => ({ ...file, path: `${separated}${file.path}` })), ...extra, { path: manifest, text: `${made.json}\n` }];
  await writeAll(options.out, files, options.overwrite ?? false);
  const full = (file: string): string => join(options.out, file);
  return {
    source: path,
    folder: full(separated),
    by: objects.length > 0 ? 'headers' : 'statements',
    objects: made.files.length,
    byType: made.byType,
    manifest: full(manifest),
    files: files.map((file) => full(file.path)),
  };
}

interface Made {
  files: OutFile[];
  byType: Record<string, number>;
  manifest: string;
  json: string;
}

function byHeaders(path: string, objects: readonly ScriptObject[], options: SplitOptions, at: Date): Made {
  const all = placed(objects);
  const names = pathsOf(all);
  const files = all.map((each, place) => ({ path: names[place] ?? '', text: textOf(each, path, options.headers ?? true, at) }));
  const byType = countBy(all.map(({ object }) => object.type));
  const parents = (type: ObjectType, isChild: (each: Placed) => boolean): number =>
    new Set(all.filter(isChild).flatMap(({ parent }) => (parent?.type === type ? [parent] : []))).size;
  const json = {
    generated_at: at.toISOString(),
    source_file: basename(path),
    counts: {
      objects_separated: all.length,
      tables_with_constraints: parents('Table', ({ childFolder }) => childFolder !== 'indexes'),
      indexed_views: parents('View', ({ childFolder }) => childFolder === 'indexes'),
      by_type: byType,
    },
    files: grouped(all.map(({ object }, place) => [object.type, names[place] ?? ''])),
  };
  return { files, byType, manifest: 'organization_manifest.json', json: JSON.stringify(json, null, 2) };
}

async function byStatements(path: string, text: string, options: SplitOptions, at: Date): Promise<Made> {
  const found = createdObjects(await splitStatements(text, options.dialect ?? 'tsql'));
  const used = new Map<string, number>();
  const files = found.map(({ kind, name, text: statement }) => {
    const base = `${kind}/${fileName(name)}`;
    const count = (used.get(base.toLowerCase()) ?? 0) + 1;
    used.set(base.toLowerCase(), count);
    return { path: `${base}${count === 1 ? '' : `_v${count - 1}`}.sql`, text: `${statement}\n` };
  });
  const byType = countBy(found.map(({ kind }): CreatedKind => kind));
  const listed = grouped(found.map(({ kind }, place) => [kind, files[place]?.path ?? '']));
  const json = {
    generated_at: at.toISOString(),
    source_file: basename(path),
    counts: { objects_separated: found.length, by_type: byType },
    files: listed,
  };
  return { files, byType, manifest: 'separation_manifest.json', json: JSON.stringify(json, null, 2) };
}

/** Where each object goes: by its own name, with its schema where another of its kind has the same, with a number where even that is taken. */
function pathsOf(all: readonly Placed[]): string[] {
  const folders = new Map<ScriptObject, string>();
  const used = new Map<string, number>();
  const claim = (path: string): string => {
    const count = (used.get(path.toLowerCase()) ?? 0) + 1;
    used.set(path.toLowerCase(), count);
    return count === 1 ? path : `${path}_v${count - 1}`;
  };
  const kindOf = ({ object }: Placed): string => FOLDERS[object.type] ?? 'other';
  const own = all.filter(({ parent }) => parent === null);
  const shared = countBy(own.map((each) => `${kindOf(each)}/${each.object.name.toLowerCase()}`));
  for (const each of own) {
    const { name, schema } = each.object;
    const isShared = (shared[`${kindOf(each)}/${name.toLowerCase()}`] ?? 0) > 1;
    folders.set(each.object, claim(`${kindOf(each)}/${fileName(isShared ? `${schema}.${name}` : name)}`));
  }
  return all.map(({ object, parent, childFolder }) => {
    const folder = folders.get(parent ?? object) ?? '';
    const name = parent ? claim(`${folder}/${childFolder}/${fileName(object.name)}`) : `${folder}/${folder.slice(folder.lastIndexOf('/') + 1)}`;
    return `${name}.sql`;
  });
}

function textOf({ object, parent }: Placed, path: string, hasHeader: boolean, at: Date): string {
  if (!hasHeader) return object.text;
  const plain = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');
  const lines = [
    `type: ${object.type}`,
    `name: ${object.schema}.${object.name}`,
    ...(parent ? [`parent: ${parent.schema}.${parent.name}`] : []),
    `source: ${basename(path)}:${object.line}`,
    `script date: ${object.scriptDate}`,
    `separated: ${at.toISOString()}`,
  ];
  return `${lines.map((line) => `-- ${plain(line)}\n`).join('')}${object.text}`;
}

/** What comes before the files of a script, and what goes with them. */
function places(path: string, text: string, options: SplitOptions): { separated: string; metadata: string; extra: OutFile[] } {
  const stem = basename(path, extname(path));
  if ((options.layout ?? 'objects') === 'objects') return { separated: `${fileName(stem)}/`, metadata: `${fileName(stem)}/`, extra: [] };
  const database = fileName(databaseOf(path, options));
  const keep = (folder: string): OutFile[] => (['embeddings', 'graph'].includes(folder) ? [{ path: `${database}/${folder}/.keep`, text: '' }] : []);
  const extra = [{ path: `${database}/raw/${fileName(basename(path))}`, text }, ...DATABASE_FOLDERS.flatMap(keep)];
  return { separated: `${database}/separated/${fileName(stem)}/`, metadata: `${database}/metadata/${fileName(stem)}.`, extra };
}

function databaseOf(path: string, { database, onWarning }: SplitOptions): string {
  const stem = basename(path, extname(path));
  const before = /^([^-_]+)[-_]/.exec(stem)?.[1];
  const name = kebab(database ?? before ?? basename(dirname(resolve(path))));
  if (name !== '') return name;
  onWarning?.(`${path}: no name of a database is known, it is called default; --database names it`);
  return 'default';
}

function kebab(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [key, value] of pairs) {
    groups[key] ??= [];
    groups[key].push(value);
  }
  return groups;
}
