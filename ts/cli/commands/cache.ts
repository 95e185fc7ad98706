import type { Command } from 'commander';
import type { CacheOptions } from '../../lineage/index.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface CacheFlags {
  cache?: string;
  configFile?: string;
  json?: boolean;
  quiet?: boolean;
}

/** `rowmill cache`: what parsing of SQL files left behind. */
export function registerCache(program: Command): void {
  addCacheVerbs(program.command('cache').description('results of parsing SQL files that later runs of lineage use again'));
}

/** The verbs, under whatever name. */
export function addCacheVerbs(cache: Command): void {
  const stats = cache.command('stats').description('how many there are, how much room they take, and how often they helped');
  const clear = cache.command('clear').description('delete them all, and begin counting anew');
  for (const command of [stats, clear]) {
    command.option('--cache <file>', 'the cache (default: data/.cache/parse_cache.db)').option('--config-file <file>', 'YAML with settings');
    addOutputOptions(command);
  }
  stats.action(cacheStats);
  clear.action(clearCache);
}

/** The cache that flags, environment and the file of settings mean, whether runs use it or not. */
async function cacheOf({ cache, configFile }: CacheFlags): Promise<CacheOptions> {
  const { cachePath, loadConfig } = await import('../../lineage/index.js');
  const overrides = cache === undefined ? {} : { 'cache.path': { value: cache, flag: '--cache' } };
  const { settings } = await loadConfig({ file: configFile, overrides });
  return { path: cachePath(settings), maxEntries: settings['cache.max_entries'], ttlDays: settings['cache.ttl_days'] };
}

async function cacheStats(flags: CacheFlags): Promise<void> {
  const [lineage, { renderCacheStats }] = await Promise.all([import('../../lineage/index.js'), import('../render/lineage.js')]);
  const cache = await cacheOf(flags);
  const stats = await lineage.cacheStats(cache);
  new Output(flags).result({ ...cache, ...stats }, () => renderCacheStats(stats, cache, Date.now()));
}

async function clearCache(flags: CacheFlags): Promise<void> {
  const lineage = await import('../../lineage/index.js');
  const cache = await cacheOf(flags);
  const deleted = await lineage.clearCache(cache);
  new Output(flags).result({ path: cache.path, deleted }, () => `${cache.path}: ${deleted} entries deleted`);
}
