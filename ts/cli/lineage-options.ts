import type { Command } from 'commander';
import type { GraphSink } from '../graph/sink.js';
import type { Settings } from '../lineage/index.js';

/** Which graph is meant. */
export interface GraphFlags {
  database?: string;
  schema?: string;
  data: string;
}

/** Where the graph is: a server that is named, or one of our own that keeps its data in a folder. */
export function addGraphOptions(command: Command): Command {
  return command
    .option('--database <url>', 'PostgreSQL that holds the graph (default: the environment variable DATABASE_URL, else an embedded server)')
    .option('--schema <name>', 'schema of its tables (default: rowmill)')
    .option('--data <folder>', 'where the embedded server keeps its data', 'data/lineage');
}

/** Which database is meant: the one that is named, that of the environment, or one of our own. */
export async function withGraph<T>(flags: GraphFlags, onNote: (line: string) => void, work: (url: string) => Promise<T>): Promise<T> {
  const { withGraphDatabase } = await import('../graph/database.js');
  return withGraphDatabase({ url: flags.database ?? process.env.DATABASE_URL, data: flags.data, onNote }, work);
}

/** Opens where settings say that the graph goes, for as long as `work` takes; the run opens and closes the sink itself. */
export function withSink<T>(
  settings: Settings,
  flags: GraphFlags,
  onNote: (line: string) => void,
  work: (sink: GraphSink) => Promise<T>,
): Promise<T> {
  const { 'graph.postgres_url': url, 'graph.schema': schema, 'graph.max_retries': retries } = settings;
  return withGraph({ ...flags, ...(url === null ? {} : { database: url }) }, onNote, async (database) => {
    const [{ PostgresSink }, { deadLetterFile }] = await Promise.all([import('../graph/postgres-sink.js'), import('../lineage/index.js')]);
    return work(new PostgresSink({ url: database, schema, retry: { attempts: retries + 1 }, deadLetters: deadLetterFile(settings) }));
  });
}

/** The graph of a database, to be written. */
export async function sinkOf(url: string, flags: GraphFlags): Promise<GraphSink> {
  const { PostgresSink } = await import('../graph/postgres-sink.js');
  return new PostgresSink({ url, ...(flags.schema === undefined ? {} : { schema: flags.schema }) });
}
