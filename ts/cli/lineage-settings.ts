import type { Command } from 'commander';
import type { KeyName, LoadedConfig, Override } from '../lineage/index.js';
import { addGraphOptions, type GraphFlags, graphOverrides } from './lineage-options.js';

/** Flags of a command that takes files in. */
export interface SettingFlags extends GraphFlags {
  showConfig?: boolean;
  cacheStats?: boolean;
  clearCache?: boolean;
  plugin?: string[];
  dialect?: string;
  json?: boolean;
  quiet?: boolean;
}

interface SettingFlag {
  flags: string;
  doc: string;
  key: KeyName;
  /** What the flag means; the text that follows it where absent. */
  value?: unknown;
  /** Another measure than the setting's. */
  convert?: (text: string) => unknown;
}

const BYTES_OF_MIB = 1024 ** 2;

/** How files are read and what is kept: flags before environment variables before the file of settings. */
const RUN_FLAGS: readonly SettingFlag[] = [
  { flags: '--dialect <id>', doc: 'dialect of the files, or auto (default: tsql)', key: 'input.dialect' },
  { flags: '--default-schema <name>', doc: 'schema of names that have none', key: 'input.default_schema' },
  { flags: '--schema-file <file>', doc: 'JSON, {"table": {"column": "type"}}: columns of tables that no file defines', key: 'input.schema_file' },
  { flags: '--influences', doc: 'edges from columns of conditions, too', key: 'input.influences', value: true },
  { flags: '--no-synonyms', doc: 'leave synonyms as they are, instead of what they stand for', key: 'input.follow_synonyms', value: false },
  { flags: '--id-scheme <word>', doc: 'how ids are made: separated, or legacy as graphs that were made before have them', key: 'id_scheme' },
  { flags: '--cache <file>', doc: 'where results of parsing are kept (default: data/.cache/parse_cache.db)', key: 'cache.path' },
  { flags: '--no-cache', doc: 'keep none', key: 'cache.enabled', value: false },
  { flags: '--disable-cache', doc: 'the same', key: 'cache.enabled', value: false },
  { flags: '--enable-cache', doc: 'keep them, whatever the file of settings says', key: 'cache.enabled', value: true },
  { flags: '--threads <n>', doc: 'threads that read and parse (default: the processors available, at most 4)', key: 'workers.count' },
  { flags: '--workers <n>', doc: 'the same', key: 'workers.count' },
  {
    flags: '--max-file-bytes <n>',
    doc: 'bytes of the largest file that is read (default: 52428800)',
    key: 'upload.max_file_mb',
    convert: (text) => Number(text) / BYTES_OF_MIB,
  },
  { flags: '--batch-files <n>', doc: 'files that are written at once (default: 250)', key: 'graph.batch_files' },
  { flags: '--batch-size <n>', doc: 'nodes or edges of a statement of Neo4j (default: 500)', key: 'graph.batch_size' },
  { flags: '--max-retries <n>', doc: 'times that a write is tried again (default: 5)', key: 'graph.max_retries' },
  { flags: '--keep-missing', doc: 'keep in the graph what only files told that are gone', key: 'watch.remove_missing', value: false },
  { flags: '--disable-batching', doc: 'take files one by one', key: 'batching.enabled', value: false },
  { flags: '--enable-batching', doc: 'take many files at a time, whatever the file of settings says', key: 'batching.enabled', value: true },
  { flags: '--project <name>', doc: 'project that the files are read for; sessions are kept under its name', key: 'input.project' },
  { flags: '--repository <name>', doc: 'repository that the files are of', key: 'input.repository' },
];

const WATCH_FLAGS: readonly SettingFlag[] = [
  { flags: '--recursive', doc: 'watch folders below, too', key: 'watch.recursive', value: true },
  { flags: '--ignore-existing', doc: 'leave files alone that are there already', key: 'watch.process_existing', value: false },
  { flags: '--realtime', doc: 'take files in at once, without waiting for more', key: 'batching.debounce_seconds', value: 0 },
  { flags: '--debounce-seconds <n>', doc: 'quiet seconds after which changes are taken in (default: 5)', key: 'batching.debounce_seconds' },
  { flags: '--size-threshold <n>', doc: 'changes that are taken in without waiting (default: 50)', key: 'batching.size_threshold' },
];

/** Adds the options of a run: what {@link settingsOf} reads. */
export function addSettingOptions(command: Command): Command {
  addFlags(addGraphOptions(command), RUN_FLAGS);
  command.option('--plugin <file...>', 'ES modules that read files of other endings');
  command.option('--cache-stats', 'only say what the cache holds').option('--clear-cache', 'only empty the cache');
  return command.option('--show-config', 'print every setting and where it comes from, and do nothing');
}

/** Adds what only watching knows. */
export function addWatchOptions(command: Command): Command {
  return addFlags(command, WATCH_FLAGS);
}

function addFlags(command: Command, flags: readonly SettingFlag[]): Command {
  for (const { flags: spelt, doc } of flags) command.option(spelt, doc);
  return command;
}

/** Settings of a command: its flags before the environment before the file before defaults. */
export async function settingsOf(command: Command, more: Partial<Record<KeyName, Override>> = {}): Promise<LoadedConfig> {
  const { loadConfig } = await import('../lineage/index.js');
  const given = command.opts<SettingFlags>();
  const overrides = { ...more, ...graphOverrides(given) };
  for (const { flags, key, ...rest } of [...RUN_FLAGS, ...WATCH_FLAGS]) {
    const [flag = ''] = flags.split(' ');
    const text = givenTo(command, flag);
    if (text === undefined) continue;
    const value = 'value' in rest ? rest.value : rest.convert && typeof text === 'string' ? rest.convert(text) : text;
    overrides[key] = { value, flag };
  }
  return loadConfig({ file: given.configFile, overrides });
}

/** What a flag was given; undefined where it was not, and where its opposite was. */
function givenTo(command: Command, flag: string): unknown {
  const name = camel(flag.replace(/^--(no-)?/, ''));
  const value = command.getOptionValueSource(name) === 'cli' ? command.getOptionValue(name) : undefined;
  const isNegative = flag.startsWith('--no-');
  return isNegative === (value === false) ? value : undefined;
}

function camel(text: string): string {
  return text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
