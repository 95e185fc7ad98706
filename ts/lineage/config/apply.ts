import { join } from 'node:path';
import type { SinkSettings } from '../../graph/sink.js';
import type { IngesterOptions } from '../ingester.js';
import type { LineageOptions } from '../options.js';
import type { CacheOptions } from '../tree.js';
import { effectiveFeatures } from './features.js';
import type { Settings } from './keys.js';

const MIB = 1024 ** 2;
/** Files that are resolved at once where files are taken many at a time. */
const RESOLVED_AT_ONCE = 250;
/** Writes at the same time, where there may be more than one. */
const WRITTEN_AT_ONCE = 2;

/** What settings say of a run, apart from its paths, its sink and who is told of it. */
export type SettledOptions = Omit<LineageOptions, 'paths' | 'sink' | 'signal' | 'meter' | 'onFile' | 'onNote' | 'onWalked'>;

/** The options of a run as the settings and their switches have them. */
export function optionsOf(settings: Settings): SettledOptions {
  return {
    dialect: settings['input.dialect'],
    defaultSchema: settings['input.default_schema'],
    schemaFile: settings['input.schema_file'],
    influences: settings['input.influences'],
    followSynonyms: settings['input.follow_synonyms'],
    idScheme: settings.id_scheme,
    project: settings['input.project'],
    repository: settings['input.repository'],
    maxFileBytes: Math.floor(settings['upload.max_file_mb'] * MIB),
    removeMissing: settings['watch.remove_missing'],
    cache: cacheOf(settings),
    threads: threadsOf(settings),
    ...paceOf(settings),
  };
}

/** What runs and sessions are kept under where no project is named. */
export const DEFAULT_PROJECT = 'default';

/** What a session says of the files that it is about. */
export function whoseFiles(settings: Settings): { project: string; repository: string | null } {
  return { project: settings['input.project'] ?? DEFAULT_PROJECT, repository: settings['input.repository'] };
}

/** How many files are resolved and written together. */
export function paceOf(settings: Settings): Pick<IngesterOptions, 'resolvedAtOnce' | 'batchFiles' | 'writtenAtOnce'> {
  const { batching, neo4j_batching, parallel_workers } = effectiveFeatures(settings);
  return {
    resolvedAtOnce: batching ? RESOLVED_AT_ONCE : 1,
    batchFiles: neo4j_batching ? settings['graph.batch_files'] : 1,
    writtenAtOnce: parallel_workers ? WRITTEN_AT_ONCE : 1,
  };
}

/** Threads that read and parse. */
export function threadsOf(settings: Settings): number {
  return settings['features.parallel_workers'] ? settings['workers.count'] : 1;
}

/** Where results of parsing are kept; null for nowhere. */
export function cacheOf(settings: Settings): CacheOptions | null {
  if (!effectiveFeatures(settings).parse_cache) return null;
  return { path: cachePath(settings), maxEntries: settings['cache.max_entries'], ttlDays: settings['cache.ttl_days'] };
}

/** The cache's file, whether it is used or not. */
export function cachePath(settings: Settings): string {
  return settings['cache.path'] ?? join(settings['paths.storage'], '.cache', 'parse_cache.db');
}

/** Where an embedded PostgreSQL keeps the graph. */
export function embeddedData(settings: Settings): string {
  return join(settings['paths.storage'], 'lineage');
}

/** The file for what a sink refuses. */
export function deadLetterFile(settings: Settings): string {
  return settings['graph.dead_letters'] ?? join(settings['paths.storage'], 'failed_ingestion.jsonl');
}

/** Where the graph goes, and how it is written. */
export function sinkSettings(settings: Settings): SinkSettings {
  const kind = settings['graph.sink'];
  return {
    kind,
    url: settings['graph.postgres_url'] ?? undefined,
    schema: settings['graph.schema'],
    neo4j: {
      uri: settings['graph.uri'] ?? undefined,
      username: settings['graph.username'] ?? undefined,
      password: settings['graph.password'] ?? undefined,
      database: settings['graph.database'],
    },
    folder: settings['graph.folder'] ?? join(settings['paths.storage'], 'graph'),
    file: settings['graph.file'] ?? join(settings['paths.storage'], 'graph.lbug'),
    batchSize: settings['graph.batch_size'] ?? undefined,
    maxRetries: settings['graph.max_retries'],
    deadLetters: deadLetterFile(settings),
    // The other sinks write file by file then; each node by itself would be a transaction each.
    isBatching: !['neo4j', 'ladybug'].includes(kind) || settings['features.neo4j_batching'],
  };
}
