import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { RowmillError } from '../errors.js';
import { makeFolder, writeWhole } from '../whole-files.js';
import { type SplitCounts, type SplitFile, type SplitScript, splitScript } from './arrange.js';
import { kebab } from './names.js';
import { readScript } from './source.js';

export { type SplitCounts, type SplitFile, type SplitScript, splitScript } from './arrange.js';

export interface SplitOptions {
  /** Scripts: UTF-8 or UTF-16, at most 50 MB each. */
  files: readonly string[];
  /** Folder that gets the files. */
  out: string;
  /** `objects`: a folder for each script. `database`: a folder for each database, with `raw`, `separated`, `embeddings`, `graph` and `metadata`. Default: objects. */
  layout?: 'objects' | 'database';
  /** Name of the database, for its layout; without one the script's name up to its first `-` or `_`, else its folder, else `default`. */
  database?: string;
  /** Whether each file begins with a comment that says where it comes from. Default: true. */
  headers?: boolean;
  /** Whether files may be replaced. Default: false. */
  overwrite?: boolean;
  /** Time that manifests and comments bear. Default: now. */
  at?: Date;
  onNote?: (line: string) => void;
}

/** What became of one script. */
export interface SplitReport {
  source: string;
  /** Folder of its objects. */
  folder: string;
  manifest: string;
  hasHeaders: boolean;
  counts: SplitCounts;
  /** Characters before the first header, which belong to no object. */
  droppedCharacters: number;
}

interface Planned {
  source: string;
  folder: string;
  manifest: string;
  /** Folders that are made even where nothing is in them. */
  empty: string[];
  raw: { path: string; text: string } | null;
  script: SplitScript;
}

const EMPTY = ['embeddings', 'graph'];

/**
 * Splits scripts into files of one object each, with a manifest for each script. Nothing is written where a file would be replaced that may not be.
 *
 * @throws RowmillError `PLAN_INVALID` where files are in the way or two scripts would share a folder, `INPUT_FILE_UNREADABLE`, `INPUT_FORMAT_INVALID`, `SINK_FILE_FAILED`
 */
export async function splitFiles(options: SplitOptions): Promise<SplitReport[]> {
  const planned: Planned[] = [];
  for (const source of options.files) planned.push(plan(source, await readScript(source), options));
  refuseShared(planned);
  if (!options.overwrite) refuseExisting(planned);
  for (const one of planned) await write(one, options);
  return planned.map(({ source, folder, manifest, script }) => {
    const { hasHeaders, counts, dropped } = script;
    return { source, folder, manifest, hasHeaders, counts, droppedCharacters: dropped.length };
  });
}

function plan(source: string, text: string, options: SplitOptions): Planned {
  const script = splitScript(text);
  const stem = basename(source, extname(source));
  const name = script.hasHeaders ? 'organization_manifest.json' : 'separation_manifest.json';
  if (options.layout !== 'database') {
    const folder = join(options.out, stem);
    return { source, folder, manifest: join(folder, name), empty: [], raw: null, script };
  }
  const root = join(options.out, databaseOf(source, stem, options));
  const folder = join(root, 'separated', stem);
  const empty = EMPTY.map((word) => join(root, word));
  return { source, folder, manifest: join(root, 'metadata', stem, name), empty, raw: { path: join(root, 'raw', basename(source)), text }, script };
}

function databaseOf(source: string, stem: string, { database, onNote }: SplitOptions): string {
  const prefix = /^([^-_]+)[-_]/.exec(stem)?.[1];
  const name = kebab(database ?? '') || kebab(prefix ?? '') || kebab(basename(dirname(resolve(source))));
  if (name === '') onNote?.(`${source}: no name of a database can be made of it; it goes to default`);
  return name || 'default';
}

function refuseShared(planned: readonly Planned[]): void {
  const sources = new Map<string, string>();
  for (const { folder, source } of planned) {
    const other = sources.get(folder.toLowerCase());
    sources.set(folder.toLowerCase(), source);
    if (other === undefined) continue;
    const help = 'Split them into different folders.';
    throw new RowmillError({
      code: 'PLAN_INVALID',
      message: `${other} and ${source} would share ${folder}`,
      help,
      retryable: false,
      place: { file: source },
    });
  }
}

function refuseExisting(planned: readonly Planned[]): void {
  const paths = planned.flatMap(({ folder, manifest, raw, script }) => [
    manifest,
    ...(raw ? [raw.path] : []),
    ...script.files.map(({ path }) => join(folder, path)),
  ]);
  const existing = paths.filter((path) => existsSync(path));
  const [first] = existing;
  if (first === undefined) return;
  const message = existing.length === 1 ? `${first} exists` : `${first} and ${existing.length - 1} more files exist`;
  throw new RowmillError({ code: 'PLAN_INVALID', message, help: 'Say --overwrite to replace them.', retryable: false, place: { file: first } });
}

/** The manifest comes last: where it is, the files are. */
async function write({ source, folder, manifest, empty, raw, script }: Planned, options: SplitOptions): Promise<void> {
  const at = options.at ?? new Date();
  for (const one of empty) await makeFolder(one);
  if (raw) await writeWhole(raw.path, [raw.text]);
  for (const file of script.files) await writeWhole(join(folder, file.path), [options.headers === false ? '' : comment(file, source, at), file.text]);
  await writeWhole(manifest, [`${JSON.stringify(manifestOf(script, source, at), null, 2)}\n`]);
}

/** What is said of a file at its top. Each line is a comment of its own, and a name cannot end it. */
function comment({ type, name, parent, scriptDate, line }: SplitFile, source: string, at: Date): string {
  const rows = [
    ['Object type', type],
    ['Object name', name],
    ['Parent', parent],
    ['Source file', `${basename(source)}, line ${line}`],
    ['Script date', scriptDate],
    ['Separated', at.toISOString()],
  ];
  return rows.flatMap(([key, value]) => (value ? `-- ${key}: ${value.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ')}\n` : [])).join('');
}

function manifestOf({ files, counts, dropped }: SplitScript, source: string, at: Date): object {
  const byType: Record<string, object[]> = {};
  for (const { path, type, name, parent, line, scriptDate } of files) {
    byType[type] ??= [];
    byType[type].push({ path, name, parent, line, script_date: scriptDate || null });
  }
  const { objects, tablesWithConstraints, indexedViews } = counts;
  return {
    generated_at: at.toISOString(),
    source_file: basename(source),
    counts: { objects_separated: objects, tables_with_constraints: tablesWithConstraints, indexed_views: indexedViews, by_type: counts.byType },
    dropped_characters: dropped.length,
    files: byType,
  };
}
