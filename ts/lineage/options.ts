import { availableParallelism } from 'node:os';
import { PROJECT, REPOSITORY } from '../graph/scope.js';
import type { GraphSink } from '../graph/sink.js';
import type { Meter } from '../metrics/index.js';
import type { FileOutcome, IngesterOptions } from './ingester.js';
import { type InputPlugin, Plugins } from './plugins.js';
import type { CacheOptions, TreeOptions } from './tree.js';

/** What a run of lineage is asked to do. */
export interface LineageOptions extends Partial<Omit<TreeOptions, 'cache' | 'fileProperties'>> {
  /** Folders and files. A folder's last part comes before the names of its files in the graph, so two of one name cannot be given together. */
  paths: readonly string[];
  /** Project that the files are read for, and repository that they are of: questions can be narrowed down to them. */
  project?: string | null;
  repository?: string | null;
  /** How the files came: `upload`, say. */
  origin?: string | null;
  /** Where the graph goes. It is opened and closed by the run. */
  sink: GraphSink;
  /** Where results of parsing are kept; null for nowhere. Default: {@link LINEAGE_DEFAULTS}. */
  cache?: CacheOptions | null;
  /** Files that are written at once. Default: 250. */
  batchFiles?: number;
  /** Whether files that are gone take what only they told with them. Default: true. */
  removeMissing?: boolean;
  /** Files that are resolved at once. Default: 250. */
  resolvedAtOnce?: number;
  /** Writes at the same time. Default: 2. */
  writtenAtOnce?: number;
  /** Who reads files of other endings. */
  plugins?: readonly InputPlugin[];
  /** Counts what happens. Default: nothing is counted. */
  meter?: Meter;
  /** Told of each file that is done with. */
  onFile?: (outcome: FileOutcome) => void;
  /** Told how many files there are, before the first is read. */
  onWalked?: (files: number) => void;
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
  resolvedAtOnce: 250,
  writtenAtOnce: 2,
} as const;

/** The options of the tree of a run. */
export function treeOptions(options: Omit<LineageOptions, 'paths' | 'sink'>): TreeOptions {
  return {
    dialect: options.dialect ?? LINEAGE_DEFAULTS.dialect,
    defaultSchema: options.defaultSchema ?? LINEAGE_DEFAULTS.defaultSchema,
    idScheme: options.idScheme ?? LINEAGE_DEFAULTS.idScheme,
    influences: options.influences ?? LINEAGE_DEFAULTS.influences,
    followSynonyms: options.followSynonyms ?? LINEAGE_DEFAULTS.followSynonyms,
    schemaFile: options.schemaFile ?? LINEAGE_DEFAULTS.schemaFile,
    fileProperties: filePropertiesOf(options),
    threads: options.threads ?? availableParallelism(),
    maxFileBytes: options.maxFileBytes ?? LINEAGE_DEFAULTS.maxFileBytes,
    cache: options.cache === undefined ? LINEAGE_DEFAULTS.cache : options.cache,
  };
}

/** What the nodes of all files are given. */
function filePropertiesOf({ project, repository, origin }: Pick<LineageOptions, 'project' | 'repository' | 'origin'>): Record<string, string> {
  return { ...(project && { [PROJECT]: project }), ...(repository && { [REPOSITORY]: repository }), ...(origin && { source: origin }) };
}

/** How files are taken in by a run. */
export function ingesterOptions(options: Omit<LineageOptions, 'paths' | 'sink'>, runId: string): IngesterOptions {
  return {
    resolvedAtOnce: options.resolvedAtOnce ?? LINEAGE_DEFAULTS.resolvedAtOnce,
    batchFiles: options.batchFiles ?? LINEAGE_DEFAULTS.batchFiles,
    writtenAtOnce: options.writtenAtOnce ?? LINEAGE_DEFAULTS.writtenAtOnce,
    runId,
    signal: options.signal,
    ...(options.meter ? { meter: options.meter } : {}),
    ...(options.plugins ? { plugins: pluginsOf(options) } : {}),
    ...(options.onFile ? { onFile: options.onFile } : {}),
  };
}

/** Who reads files of other endings. */
export function pluginsOf({ plugins = [], idScheme, maxFileBytes }: Pick<LineageOptions, 'plugins' | 'idScheme' | 'maxFileBytes'>): Plugins {
  return new Plugins(plugins, { idScheme: idScheme ?? LINEAGE_DEFAULTS.idScheme, maxFileBytes: maxFileBytes ?? LINEAGE_DEFAULTS.maxFileBytes });
}
