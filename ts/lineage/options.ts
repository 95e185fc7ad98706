import { availableParallelism } from 'node:os';
import type { GraphSink } from '../graph/sink.js';
import type { CacheOptions, TreeOptions } from './tree.js';

/** What a run of lineage is asked to do. */
export interface LineageOptions extends Partial<Omit<TreeOptions, 'cache'>> {
  /** Folders and files. A folder's last part comes before the names of its files in the graph, so two of one name cannot be given together. */
  paths: readonly string[];
  /** Where the graph goes. It is opened and closed by the run. */
  sink: GraphSink;
  /** Where results of parsing are kept; null for nowhere. Default: {@link LINEAGE_DEFAULTS}. */
  cache?: CacheOptions | null;
  /** Files that are written at once. Default: 250. */
  batchFiles?: number;
  /** Whether files that are gone take what only they told with them. Default: true. */
  removeMissing?: boolean;
  signal?: AbortSignal;
  onNote?: (line: string) => void;
}

/** What a run does where nothing else is said. */
export const LINEAGE_DEFAULTS = {
  dialect: 'tsql',
  defaultSchema: null,
  idScheme: 'separated',
  influences: false,
  followSynonyms: true,
  schemaFile: null,
  maxFileBytes: 50 * 1024 * 1024,
  cache: { path: 'data/.cache/parse_cache.db', maxEntries: 10_000, ttlDays: 30 },
  batchFiles: 250,
} as const;

/** The options of the tree of a run. */
export function treeOptions(options: LineageOptions): TreeOptions {
  return {
    dialect: options.dialect ?? LINEAGE_DEFAULTS.dialect,
    defaultSchema: options.defaultSchema ?? LINEAGE_DEFAULTS.defaultSchema,
    idScheme: options.idScheme ?? LINEAGE_DEFAULTS.idScheme,
    influences: options.influences ?? LINEAGE_DEFAULTS.influences,
    followSynonyms: options.followSynonyms ?? LINEAGE_DEFAULTS.followSynonyms,
    schemaFile: options.schemaFile ?? LINEAGE_DEFAULTS.schemaFile,
    threads: options.threads ?? availableParallelism(),
    maxFileBytes: options.maxFileBytes ?? LINEAGE_DEFAULTS.maxFileBytes,
    cache: options.cache === undefined ? LINEAGE_DEFAULTS.cache : options.cache,
  };
}
