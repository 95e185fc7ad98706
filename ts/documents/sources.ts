import type { ContractDescription } from '../addon.js';
import { RowmillError } from '../errors.js';
import {
  type Connection,
  countDocuments,
  type DocumentChoice,
  type DocumentTable,
  readColumns,
  readLoadedIds,
  readTable,
  shown,
} from '../postgres/index.js';
import { countListed, FileSource, listSource } from './file-source.js';
import type { FullOptions } from './options.js';
import type { Places } from './places.js';
import type { DocumentSource } from './source.js';
import { TableSource } from './table-source.js';

/** What a source is opened for. */
export interface SourceRequest {
  options: FullOptions;
  description: ContractDescription;
  places: Places;
  retry: 'failed' | 'none';
  since: string;
  /** Whether somebody wants to know how many documents there are. */
  isWatched: boolean;
}

/** The source that a run was asked for. */
export async function openSource(connection: Connection, request: SourceRequest): Promise<DocumentSource> {
  const { options, places } = request;
  if (!options.source.includes('table')) {
    // To count the documents of files with many of them would be to read the files twice.
    const expected = request.isWatched && options.many === null ? await countListed(options.source, null) : null;
    const claims = options.claims ? places.claims : null;
    return new FileSource(options.source.join(', '), listSource(options.source, options.many), { claims, expected });
  }
  const table = await documentTable(connection, request);
  const choice = choiceOf(request);
  const expected = request.isWatched ? await countDocuments(connection, table, choice) : null;
  return new TableSource(table, choice, { lock: options.claims, expected, documentBytes: options.documentBytes });
}

/** Which documents of a table are wanted. */
export function choiceOf({ options, places, retry, since }: Omit<SourceRequest, 'isWatched' | 'description'>): DocumentChoice {
  const { firstId, lastId, shards, shard, attempts } = options;
  return {
    log: places.log,
    firstId,
    lastId,
    shards: shards !== null && shard !== null ? { shards, shard } : null,
    retry: retry === 'failed' ? { attempts } : null,
    since,
  };
}

/**
 * The table of documents that a contract names.
 *
 * @throws RowmillError `PLAN_INVALID` where it names none, `SINK_TABLE_MISSING` where there is none
 */
export async function documentTable(
  connection: Connection,
  { description, places }: Pick<SourceRequest, 'description' | 'places'>,
): Promise<DocumentTable> {
  const { source } = description;
  if (!source) throw refused('PLAN_INVALID', 'the contract names no table of documents', 'Add `source` to the contract, or read files.');
  const table = { schema: source.schema ?? places.schema, name: source.table };
  const join = source.join ? { table: { schema: source.join.schema ?? 'public', name: source.join.table }, key: source.join.key } : null;
  if (!(await readTable(connection, table)))
    throw refused('SINK_TABLE_MISSING', `there is no table ${shown(table)}`, 'Check `source` of the contract.');
  const column = (await readColumns(connection, table)).find(({ name }) => name === source.column);
  if (!column) throw refused('SINK_TABLE_MISMATCH', `${shown(table)} has no column ${source.column}`, 'Check `source` of the contract.');
  return { table, key: source.key, column: source.column, type: column.type, join };
}

function refused(code: 'PLAN_INVALID' | 'SINK_TABLE_MISSING' | 'SINK_TABLE_MISMATCH', message: string, help: string): RowmillError {
  return new RowmillError({ code, message, help, retryable: false, place: {} });
}

/** Ids that are remembered at most, about 100 bytes each; beyond it the log is asked. */
const REMEMBERED = 1_000_000;

/** The ids that were loaded before, where a run remembers them. */
export async function rememberedIds(
  connection: Connection,
  source: DocumentSource,
  places: Places,
  options: FullOptions,
): Promise<Set<string> | null> {
  if (source.by === 'app_id' || !options.duplicateCache) return null;
  const ids = await readLoadedIds(connection, places.log, { most: REMEMBERED + 1 });
  return ids.length > REMEMBERED ? null : new Set(ids);
}
