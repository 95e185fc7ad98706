export { LINEAGE_DEFAULTS, type LineageOptions } from './options.js';
export { type LineageReport, runLineage } from './run-lineage.js';
export {
  type CacheOptions,
  type CacheStats,
  cacheStats,
  clearCache,
  type DialectDescription,
  dialects,
  generateSql,
  LineageTree,
  type Resolved,
} from './tree.js';
