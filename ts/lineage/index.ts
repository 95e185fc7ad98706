export { cacheOf, cachePath, deadLetterFile, embeddedData, optionsOf, sinkSettings, whoseFiles } from './config/apply.js';
export {
  effectiveFeatures,
  FEATURES,
  type Feature,
  type FeatureMap,
  featureLevel,
  featureNamed,
  featuresOf,
  featureWarnings,
} from './config/features.js';
export { KEY_NAMES, KEYS, type KeyName, type Settings } from './config/keys.js';
export { CONFIG_FILE, type ConfigSources, type LoadedConfig, loadConfig, type Override, type SettingOrigin } from './config/load.js';
export { switchFeatures } from './config/switch-features.js';
export type { FileOutcome, IngestTotals } from './ingester.js';
export { type LoadRun, type LoadTestOptions, loadTest, writeLoadTest } from './load-test.js';
export { Observed } from './observed.js';
export { LINEAGE_DEFAULTS, type LineageOptions } from './options.js';
export { type InputPlugin, loadPlugins, type NodeKey, type PluginAnswer, type PluginEdge, type PluginNode } from './plugins.js';
export { type LineageReport, runLineage } from './run-lineage.js';
export { Session, type SessionEvent, type SessionRecord, type SessionStatus } from './sessions/session.js';
export { SessionLog, type SessionStart } from './sessions/session-log.js';
export {
  type CacheCheck,
  type CacheOptions,
  type CacheStats,
  cacheStats,
  checkCache,
  clearCache,
  type DialectDescription,
  dialects,
  generateSql,
  LineageTree,
  type Resolved,
  splitStatements,
} from './tree.js';
export { type UploadReport, uploadFiles } from './upload-files.js';
export { type BatcherSettings, type BatcherStats, EventBatcher } from './watch/batcher.js';
export { type PoolSettings, type PoolStats, PRIORITY, type Priority, WorkerPool } from './watch/pool.js';
export { type Watching, type WatchingOptions, watchLineage } from './watch/watch-lineage.js';
export { LineageWatcher, type WatchOptions, type WatchStats } from './watch/watcher.js';
