import type { Command } from 'commander';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface CacheFlags {
  cache?: string;
  json?: boolean;
  quiet?: boolean;
}

/** `rowmill cache`: what parsing of SQL files left behind. */
export function registerCache(program: Command): void {
  const cache = program.command('cache').description('results of parsing SQL files that later runs of lineage use again');
  const stats = cache.command('stats').description('how many there are, how much room they take, and how often they helped');
  const clear = cache.command('clear').description('delete them all, and begin counting anew');
  for (const command of [stats, clear]) addOutputOptions(command.option('--cache <file>', 'the cache (default: data/.cache/parse_cache.db)'));
  stats.action(cacheStats);
  clear.action(clearCache);
}

async function cacheStats(flags: CacheFlags): Promise<void> {
  const [lineage, { renderCacheStats }] = await Promise.all([import('../../lineage/index.js'), import('../render/lineage.js')]);
  const cache = { ...lineage.LINEAGE_DEFAULTS.cache, path: flags.cache ?? lineage.LINEAGE_DEFAULTS.cache.path };
  const stats = await lineage.cacheStats(cache);
  new Output(flags).result({ ...cache, ...stats }, () => renderCacheStats(stats, cache, Date.now()));
}

async function clearCache(flags: CacheFlags): Promise<void> {
  const lineage = await import('../../lineage/index.js');
  const cache = { ...lineage.LINEAGE_DEFAULTS.cache, path: flags.cache ?? lineage.LINEAGE_DEFAULTS.cache.path };
  const deleted = await lineage.clearCache(cache);
  new Output(flags).result({ path: cache.path, deleted }, () => `${cache.path}: ${deleted} entries deleted`);
}
