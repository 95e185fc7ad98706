import { type Command, Option } from 'commander';
import { RowmillError } from '../errors.js';
import { makeSink, openReader, SINK_KINDS, type SinkKind, type SinkSettings } from '../graph/open-sink.js';
import type { GraphQueries, GraphSink } from '../graph/sink.js';
import type { KeyName, Override, Settings } from '../lineage/index.js';

/** Which graph is meant. */
export interface GraphFlags {
  sink?: SinkKind;
  database?: string;
  schema?: string;
  data?: string;
  neo4jUri?: string;
  neo4jDatabase?: string;
  folder?: string;
  graphFile?: string;
  deadLetters?: string;
  configFile?: string;
}

/** Settings that flags of a graph stand for. */
const SETTING_OF = {
  sink: 'graph.sink',
  database: 'graph.postgres_url',
  schema: 'graph.schema',
  neo4jUri: 'graph.uri',
  neo4jDatabase: 'graph.database',
  folder: 'graph.folder',
  graphFile: 'graph.file',
  deadLetters: 'graph.dead_letters',
} as const satisfies Partial<Record<keyof GraphFlags, KeyName>>;
const SETTING_FLAGS = Object.keys(SETTING_OF) as (keyof typeof SETTING_OF)[];

/** Where the graph is: tables of a server that is named, or of one of our own that keeps its data in a folder; Neo4j; or a folder. */
export function addGraphOptions(command: Command): Command {
  return command
    .addOption(new Option('--sink <kind>', 'where the graph is kept (default: postgres)').choices([...SINK_KINDS]))
    .option('--database <url>', 'PostgreSQL that holds the graph (default: the environment variable DATABASE_URL, else an embedded server)')
    .option('--schema <name>', 'schema of its tables (default: rowmill)')
    .option('--data <folder>', 'where the embedded server keeps its data (default: data/lineage)')
    .option('--neo4j-uri <uri>', 'Neo4j that holds the graph (default: NEO4J_URI); user and password are NEO4J_USERNAME and NEO4J_PASSWORD')
    .option('--neo4j-database <name>', 'its database (default: NEO4J_DATABASE, else neo4j)')
    .option('--folder <folder>', 'folder of the graph, for the sink jsonl (default: data/graph)')
    .option('--graph-file <file>', 'file of the graph, for the sink ladybug (default: data/graph.lbug)')
    .option('--dead-letters <file>', 'where nodes and edges go that cannot be written (default: data/failed_ingestion.jsonl)')
    .option('--config-file <file>', 'YAML with settings (default: config/ingestion.yaml where it is there)');
}

/** What the flags of a graph say of settings. */
export function graphOverrides(flags: GraphFlags): Partial<Record<KeyName, Override>> {
  const given = SETTING_FLAGS.filter((name) => flags[name] !== undefined);
  return Object.fromEntries(given.map((name) => [SETTING_OF[name], { value: flags[name], flag: spelt(name) }]));
}

function spelt(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Flags that one kind of sink has, and the others would not look at. */
const FLAGS_OF: Readonly<Record<SinkKind, readonly (keyof GraphFlags)[]>> = {
  postgres: ['database', 'schema'],
  neo4j: ['neo4jUri', 'neo4jDatabase'],
  ladybug: ['graphFile'],
  jsonl: ['folder'],
};

/** Which graph is meant: that of the flags, of the environment, of the file of settings, or one in a server of our own, which runs as long as `work` does. */
export async function withGraph<T>(flags: GraphFlags, onNote: (line: string) => void, work: (graph: SinkSettings) => Promise<T>): Promise<T> {
  const { loadConfig } = await import('../lineage/index.js');
  const { settings } = await loadConfig({ file: flags.configFile, overrides: graphOverrides(flags) });
  return withGraphOf(settings, flags, onNote, work);
}

async function withGraphOf<T>(
  settings: Settings,
  flags: GraphFlags,
  onNote: (line: string) => void,
  work: (graph: SinkSettings) => Promise<T>,
): Promise<T> {
  const { embeddedData, sinkSettings } = await import('../lineage/index.js');
  const graph = sinkSettings(settings);
  refuseOthers(flags, graph.kind);
  if (graph.kind !== 'postgres') return work(graph);
  const { withGraphDatabase } = await import('../graph/database.js');
  return withGraphDatabase({ url: graph.url, data: flags.data ?? embeddedData(settings), onNote }, (url) => work({ ...graph, url }));
}

/** Where sinks of settings come from, for the length of `work`, which opens and closes them itself. */
export function withSinkMaker<T>(
  settings: Settings,
  flags: GraphFlags,
  onNote: (line: string) => void,
  work: (sink: () => Promise<GraphSink>) => Promise<T>,
): Promise<T> {
  return withGraphOf(settings, flags, onNote, (graph) => work(() => makeSink(graph)));
}

/** The sink of settings, for the length of `work`, which opens and closes it itself. */
export function withSinkOf<T>(
  settings: Settings,
  flags: GraphFlags,
  onNote: (line: string) => void,
  work: (sink: GraphSink) => Promise<T>,
): Promise<T> {
  return withSinkMaker(settings, flags, onNote, async (make) => work(await make()));
}

function refuseOthers(flags: GraphFlags, meant: SinkKind): void {
  for (const kind of SINK_KINDS) {
    const [strange] = kind === meant ? [] : FLAGS_OF[kind].filter((name) => flags[name] !== undefined);
    if (strange === undefined) continue;
    const flag = spelt(strange);
    const message = `${flag} says nothing to the sink ${meant}`;
    throw new RowmillError({ code: 'PLAN_INVALID', message, help: `Say --sink ${kind}, or leave ${flag} out.`, retryable: false, place: {} });
  }
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
export async function withQueries<T>(
  flags: GraphFlags,
  onNote: (line: string) => void,
  work: (queries: GraphQueries, graph: SinkSettings) => Promise<T>,
): Promise<T> {
  const { Graph } = await import('../graph/queries.js');
  return withGraph(flags, onNote, async (graph) => {
    const queries = new Graph(await openReader(graph));
    try {
      return await work(queries, graph);
    } finally {
      await queries.close();
    }
  });
}
