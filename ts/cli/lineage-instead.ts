import type { CacheOptions, LoadedConfig, SettingOrigin, Settings } from '../lineage/index.js';
import type { SettingFlags } from './lineage-settings.js';
import type { Output } from './output.js';

/** Whether a flag asked for something else than the command does, which is answered then. */
export async function isAnswered(flags: SettingFlags, { settings, origins }: LoadedConfig, output: Output): Promise<boolean> {
  if (flags.showConfig) await showSettings(output, origins);
  else if (flags.cacheStats) await showCache(await cacheMeant(settings), output);
  else if (flags.clearCache) await emptyCache(await cacheMeant(settings), output);
  else return false;
  return true;
}

/** Every setting with its value and origin; secrets are masked. */
export async function showSettings(output: Output, origins: readonly SettingOrigin[]): Promise<void> {
  const { renderOrigins } = await import('./render/origins.js');
  output.result({ settings: origins }, () => renderOrigins(origins));
}

/** The cache of settings, whether runs use it or not. */
export async function cacheMeant(settings: Settings): Promise<CacheOptions> {
  const { cachePath } = await import('../lineage/index.js');
  return { path: cachePath(settings), maxEntries: settings['cache.max_entries'], ttlDays: settings['cache.ttl_days'] };
}

/** Says what a cache holds. */
export async function showCache(cache: CacheOptions, output: Output): Promise<void> {
  const [{ cacheStats }, { renderCacheStats }] = await Promise.all([import('../lineage/index.js'), import('./render/lineage.js')]);
  const stats = await cacheStats(cache);
  output.result({ ...cache, ...stats }, () => renderCacheStats(stats, cache, Date.now()));
}

/** Holds entries of a cache against their files. */
export async function inspectCache(cache: CacheOptions, sample: number, output: Output): Promise<void> {
  const { checkCache } = await import('../lineage/index.js');
  const found = await checkCache(cache, sample);
  const { checked, verified, failed, missing } = found;
  output.result({ path: cache.path, ...found }, () => {
    return `${cache.path}: of ${checked} entries ${verified} are right, ${failed} were damaged or of other files and are deleted, the files of ${missing} are gone`;
  });
}

/** Empties a cache. */
export async function emptyCache(cache: CacheOptions, output: Output): Promise<void> {
  const { clearCache } = await import('../lineage/index.js');
  const deleted = await clearCache(cache);
  output.result({ path: cache.path, deleted }, () => `${cache.path}: ${deleted} entries deleted`);
}
