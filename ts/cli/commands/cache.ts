import type { Command } from 'commander';
import type { CacheOptions } from '../../lineage/index.js';
import { parseWhole } from '../application-options.js';
import { cacheMeant, emptyCache, inspectCache, showCache } from '../lineage-instead.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface CacheFlags {
  cache?: string;
  configFile?: string;
  sample?: number;
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
  const check = cache
    .command('check')
    .description('hold entries chosen at random against their files, and delete those that are damaged or of other files');
  check.option('--sample <n>', 'how many (default: 10)', parseWhole);
  for (const command of [stats, clear, check]) {
    command.option('--cache <file>', 'the cache (default: data/.cache/parse_cache.db)').option('--config-file <file>', 'YAML with settings');
    addOutputOptions(command);
  }
  stats.action(cacheStats);
  clear.action(clearCache);
  check.action(checkCache);
}

/** The cache that flags, environment and the file of settings mean. */
async function cacheOf({ cache, configFile }: CacheFlags): Promise<CacheOptions> {
  const { loadConfig } = await import('../../lineage/index.js');
  const overrides = cache === undefined ? {} : { 'cache.path': { value: cache, flag: '--cache' } };
  return cacheMeant((await loadConfig({ file: configFile, overrides })).settings);
}

async function cacheStats(flags: CacheFlags): Promise<void> {
  await showCache(await cacheOf(flags), new Output(flags));
}

async function checkCache(flags: CacheFlags): Promise<void> {
  await inspectCache(await cacheOf(flags), flags.sample ?? 10, new Output(flags));
}

async function clearCache(flags: CacheFlags): Promise<void> {
  await emptyCache(await cacheOf(flags), new Output(flags));
}
