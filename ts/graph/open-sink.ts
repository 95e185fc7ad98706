import { RowmillError } from '../errors.js';
import type { RetryOptions } from './retry.js';
import { type GraphReader, type GraphSink, SINK_KINDS, type SinkKind, type SinkSettings } from './sink.js';

export { SINK_KINDS, type SinkKind, type SinkSettings } from './sink.js';

/**
 * The sink of these settings, not opened yet; only the driver that it needs is loaded, when it is opened.
 *
 * @throws RowmillError `PLAN_INVALID` where something is missing or out of bounds
 */
export async function makeSink(settings: SinkSettings): Promise<GraphSink> {
  const { kind, batchSize, deadLetters, isBatching, maxRetries } = settings;
  const retry: RetryOptions = maxRetries === undefined ? {} : { attempts: Math.max(1, within('maxRetries', maxRetries, 0, 10)) };
  if (batchSize !== undefined) within('batchSize', batchSize, 1, 10_000);
  const writing = given({ batchSize, deadLetters, isBatching, retry });
  if (kind === 'neo4j') {
    const { Neo4jSink } = await import('./neo4j-sink.js');
    return new Neo4jSink({ ...neo4jPlace(settings), ...writing });
  }
  if (kind === 'jsonl') {
    const { JsonlSink } = await import('./jsonl-sink.js');
    return new JsonlSink({ folder: needed('folder', settings.folder, 'jsonl'), retry });
  }
  if (kind === 'ladybug') {
    const { LadybugSink } = await import('./ladybug-sink.js');
    return new LadybugSink({ file: needed('file', settings.file, 'ladybug'), ...writing });
  }
  demandPostgres(kind);
  const { PostgresSink } = await import('./postgres-sink.js');
  return new PostgresSink({ url: needed('url', settings.url, 'postgres'), ...given({ schema: settings.schema }), ...writing });
}

/**
 * A reader of the graph of these settings.
 *
 * @throws RowmillError `PLAN_INVALID` where something is missing; where the server is away, or there is no graph in the folder
 */
export async function openReader(settings: SinkSettings): Promise<GraphReader> {
  if (settings.kind === 'neo4j') {
    const { Neo4jReader } = await import('./neo4j-reader.js');
    return Neo4jReader.open(neo4jPlace(settings));
  }
  if (settings.kind === 'jsonl') {
    const { openJsonl } = await import('./jsonl-reader.js');
    return openJsonl(needed('folder', settings.folder, 'jsonl'));
  }
  if (settings.kind === 'ladybug') {
    const { LadybugReader } = await import('./ladybug-reader.js');
    return LadybugReader.open(needed('file', settings.file, 'ladybug'));
  }
  demandPostgres(settings.kind);
  const { PostgresReader } = await import('./postgres-reader.js');
  return PostgresReader.open(needed('url', settings.url, 'postgres'), settings.schema);
}

/** What is missing is said when it is opened, all at once. */
function neo4jPlace({ neo4j }: SinkSettings): { uri: string; username: string; password: string; database?: string } {
  return { uri: neo4j?.uri ?? '', username: neo4j?.username ?? '', password: neo4j?.password ?? '', ...given({ database: neo4j?.database }) };
}

/** Without what is not given. */
export function given<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}

function demandPostgres(kind: string): void {
  if (kind !== 'postgres') throw refused('kind', kind, `there is no sink '${kind}'`, `Known: ${SINK_KINDS.join(', ')}.`);
}

const FLAGS: Readonly<Record<string, string>> = { folder: ' (--folder on the command line)', file: ' (--graph-file on the command line)' };

function needed(name: string, value: string | undefined, kind: SinkKind): string {
  if (value) return value;
  throw refused(name, '', `the sink ${kind} needs a ${name}`, `Give it${FLAGS[name] ?? ''}, or use another sink: ${SINK_KINDS.join(', ')}.`);
}

function within(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw refused(name, String(value), `${name} is ${value}`, `Use a whole number from ${least} to ${most}.`);
}

function refused(column: string, value: string, message: string, help: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { column, value } });
}
