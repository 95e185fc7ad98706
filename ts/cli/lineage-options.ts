import { type Command, Option } from 'commander';
import type { GraphSink } from '../graph/sink.js';
import type { LineageOptions } from '../lineage/index.js';
import { parseWhole } from './application-options.js';

/** Which graph is meant. */
export interface GraphFlags {
  database?: string;
  schema?: string;
  data: string;
}

/** How files are read, and where the graph goes. */
export interface LineageFlags extends GraphFlags {
  dialect?: string;
  defaultSchema?: string;
  idScheme?: 'separated' | 'legacy';
  influences?: boolean;
  /** False for `--no-synonyms`. */
  synonyms: boolean;
  schemaFile?: string;
  /** False for `--no-cache`. */
  cache?: string | false;
  threads?: number;
  maxFileBytes?: number;
  batchFiles?: number;
  /** False for `--keep-missing`. */
  keepMissing?: boolean;
}

/** Where the graph is: a server that is named, or one of our own that keeps its data in a folder. */
export function addGraphOptions(command: Command): Command {
  return command
    .option('--database <url>', 'PostgreSQL that holds the graph (default: the environment variable DATABASE_URL, else an embedded server)')
    .option('--schema <name>', 'schema of its tables (default: rowmill)')
    .option('--data <folder>', 'where the embedded server keeps its data', 'data/lineage');
}

/** Options of a run; defaults are those of the functions. */
export function addLineageOptions(command: Command): Command {
  return addGraphOptions(command)
    .option('--dialect <id>', 'dialect of the files, or auto (default: tsql)')
    .option('--default-schema <name>', 'schema of names that have none')
    .option('--schema-file <file>', 'JSON, {"table": {"column": "type"}}: columns of tables that no file defines')
    .option('--influences', 'edges from columns of conditions, too')
    .option('--no-synonyms', 'leave synonyms as they are, instead of what they stand for')
    .addOption(
      new Option('--id-scheme <word>', 'how ids are made; legacy as graphs that were made before have them').choices(['separated', 'legacy']),
    )
    .option('--cache <file>', 'where results of parsing are kept (default: data/.cache/parse_cache.db)')
    .option('--no-cache', 'keep none')
    .option('--threads <n>', 'threads that read and parse (default: the processors available)', parseWhole)
    .option('--max-file-bytes <n>', 'bytes of the largest file that is read (default: 52428800)', parseWhole)
    .option('--batch-files <n>', 'files that are written at once (default: 250)', parseWhole)
    .option('--keep-missing', 'keep in the graph what only files told that are gone');
}

/** The options of a run, apart from its sink. */
export function toLineageOptions(paths: readonly string[], flags: LineageFlags, defaults: CacheDefaults): Omit<LineageOptions, 'sink'> {
  const { dialect, defaultSchema, idScheme, influences, schemaFile, threads, maxFileBytes, batchFiles } = flags;
  const given = Object.entries({ dialect, defaultSchema, idScheme, influences, schemaFile, threads, maxFileBytes, batchFiles });
  return {
    paths,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    followSynonyms: flags.synonyms,
    removeMissing: !flags.keepMissing,
    cache: flags.cache === false ? null : { ...defaults.cache, path: flags.cache ?? defaults.cache.path },
  };
}

interface CacheDefaults {
  cache: { path: string; maxEntries: number; ttlDays: number };
}

/** Which database is meant: the one that is named, that of the environment, or one of our own. */
export async function withGraph<T>(flags: GraphFlags, onNote: (line: string) => void, work: (url: string) => Promise<T>): Promise<T> {
  const { withGraphDatabase } = await import('../graph/database.js');
  return withGraphDatabase({ url: flags.database ?? process.env.DATABASE_URL, data: flags.data, onNote }, work);
}

/** The graph of a database, to be written. */
export async function sinkOf(url: string, flags: GraphFlags): Promise<GraphSink> {
  const { PostgresSink } = await import('../graph/postgres-sink.js');
  return new PostgresSink({ url, ...(flags.schema === undefined ? {} : { schema: flags.schema }) });
}
