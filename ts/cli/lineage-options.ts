import { type Command, Option } from 'commander';
import { RowmillError } from '../errors.js';
import { makeSink, openReader, SINK_KINDS, type SinkKind, type SinkSettings } from '../graph/open-sink.js';
import type { GraphQueries, GraphSink } from '../graph/sink.js';
import type { LineageOptions } from '../lineage/index.js';
import { parseWhole } from './application-options.js';

/** Which graph is meant. */
export interface GraphFlags {
  sink: SinkKind;
  database?: string;
  schema?: string;
  data: string;
  neo4jUri?: string;
  neo4jDatabase?: string;
  out?: string;
  deadLetters: string;
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

/** Where the graph is: tables of a server that is named, or of one of our own that keeps its data in a folder; Neo4j; or a folder. */
export function addGraphOptions(command: Command): Command {
  return command
    .addOption(new Option('--sink <kind>', 'where the graph is kept').choices([...SINK_KINDS]).default('postgres'))
    .option('--database <url>', 'PostgreSQL that holds the graph (default: the environment variable DATABASE_URL, else an embedded server)')
    .option('--schema <name>', 'schema of its tables (default: rowmill)')
    .option('--data <folder>', 'where the embedded server keeps its data', 'data/lineage')
    .option('--neo4j-uri <uri>', 'Neo4j that holds the graph (default: NEO4J_URI); user and password are NEO4J_USERNAME and NEO4J_PASSWORD')
    .option('--neo4j-database <name>', 'its database (default: NEO4J_DATABASE, else neo4j)')
    .option('--out <folder>', 'folder of the graph, for the sink jsonl')
    .option('--dead-letters <file>', 'where nodes and edges go that cannot be written', 'data/failed_ingestion.jsonl');
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

/** Flags that one kind of sink has, and the others would not look at. */
const FLAGS_OF: Readonly<Record<SinkKind, readonly (keyof GraphFlags)[]>> = {
  postgres: ['database', 'schema'],
  neo4j: ['neo4jUri', 'neo4jDatabase'],
  jsonl: ['out'],
};

/** Which graph is meant: that of the flags, of the environment, or one in a server of our own, which runs as long as `work` does. */
export async function withGraph<T>(flags: GraphFlags, onNote: (line: string) => void, work: (graph: SinkSettings) => Promise<T>): Promise<T> {
  refuseOthers(flags);
  const { sink: kind, schema, deadLetters } = flags;
  if (kind === 'jsonl') return work({ kind, folder: flags.out });
  if (kind === 'neo4j') return work({ kind, neo4j: neo4jOf(flags), deadLetters });
  const { withGraphDatabase } = await import('../graph/database.js');
  const place = { url: flags.database ?? process.env.DATABASE_URL, data: flags.data, onNote };
  return withGraphDatabase(place, (url) => work({ kind, url, schema, deadLetters }));
}

function refuseOthers(flags: GraphFlags): void {
  for (const kind of SINK_KINDS) {
    const [strange] = kind === flags.sink ? [] : FLAGS_OF[kind].filter((name) => flags[name] !== undefined);
    if (strange === undefined) continue;
    const flag = `--${strange.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const message = `${flag} says nothing to the sink ${flags.sink}`;
    throw new RowmillError({ code: 'PLAN_INVALID', message, help: `Say --sink ${kind}, or leave ${flag} out.`, retryable: false, place: {} });
  }
}

/** User and password come from the environment alone: what is on a command line, everybody on the machine can read. */
function neo4jOf(flags: GraphFlags): SinkSettings['neo4j'] {
  const { NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE } = process.env;
  return { uri: flags.neo4jUri ?? NEO4J_URI, username: NEO4J_USERNAME, password: NEO4J_PASSWORD, database: flags.neo4jDatabase ?? NEO4J_DATABASE };
}

/** The graph, to be written. */
export async function sinkOf(graph: SinkSettings): Promise<GraphSink> {
  return makeSink(graph);
}

/** Opens the graph that is meant to be written, for the length of `work`. */
export async function withSink<T>(flags: GraphFlags, onNote: (line: string) => void, work: (sink: GraphSink) => Promise<T>): Promise<T> {
  return withGraph(flags, onNote, async (graph) => {
    const sink = await makeSink(graph);
    try {
      await sink.open();
      return await work(sink);
    } finally {
      await sink.close();
    }
  });
}

/** Opens the graph that is meant to be asked, for the length of `work`. */
export async function withQueries<T>(flags: GraphFlags, onNote: (line: string) => void, work: (queries: GraphQueries) => Promise<T>): Promise<T> {
  const { Graph } = await import('../graph/queries.js');
  return withGraph(flags, onNote, async (graph) => {
    const queries = new Graph(await openReader(graph));
    try {
      return await work(queries);
    } finally {
      await queries.close();
    }
  });
}
