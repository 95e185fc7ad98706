import { availableParallelism } from 'node:os';

/** What a value was taken for, or what is wrong with it. */
export type Taken<T> = { value: T } | { wrong: string };

/** One setting: what it may be, and what it is where nobody says. */
export interface Key<T> {
  /** Environment variables that set it; the first of them that is set counts. */
  env: readonly string[];
  default: () => T;
  /** Reads a value of a YAML file, or the text of a variable or flag. */
  take(value: unknown): Taken<T>;
  /** Never shown. */
  isSecret?: boolean;
  doc: string;
}

const WORDS = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

type Rest<T> = { env?: string | readonly string[]; default: T | (() => T); doc: string };

function key<T>(rest: Rest<T>, take: (value: unknown) => Taken<T>, isSecret = false): Key<T> {
  const made = rest.default;
  const env = rest.env === undefined ? [] : typeof rest.env === 'string' ? [rest.env] : rest.env;
  return { env, default: typeof made === 'function' ? (made as () => T) : () => made, take, doc: rest.doc, ...(isSecret ? { isSecret } : {}) };
}

function bool(rest: Rest<boolean>): Key<boolean> {
  return key(rest, (value) => {
    const word = WORDS.get(String(value).trim().toLowerCase());
    return word === undefined ? { wrong: `say one of ${[...WORDS.keys()].join(', ')}` } : { value: word };
  });
}

function number(least: number, most: number, rest: Rest<number>, isWhole = true): Key<number> {
  return key(rest, (value) => {
    const text = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    const isGood = Number.isFinite(text) && (!isWhole || Number.isInteger(text)) && text >= least && text <= most;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    return isGood ? { value: text } : { wrong: `give a ${isWhole ? 'whole ' : ''}number ${range}` };
  });
}

function maybeNumber(least: number, most: number, rest: Omit<Rest<number>, 'default'>): Key<number | null> {
  const { take } = number(least, most, { ...rest, default: least });
  return key({ ...rest, default: null }, (value) => (value === null ? { value } : take(value)));
}

const MANY = Number.MAX_SAFE_INTEGER;

function text(rest: Rest<string>): Key<string> {
  return key(rest, (value) => (typeof value === 'string' && value.trim() !== '' ? { value } : { wrong: 'give some text' }));
}

function maybeText(rest: Omit<Rest<string | null>, 'default'>, isSecret = false): Key<string | null> {
  const take = (value: unknown): Taken<string | null> =>
    value === null || value === '' ? { value: null } : typeof value === 'string' ? { value } : { wrong: 'give some text' };
  return key({ ...rest, default: null }, take, isSecret);
}

/** A name that a folder can have. */
function folderName(rest: Omit<Rest<string | null>, 'default'>): Key<string | null> {
  return key({ ...rest, default: null }, (value) => {
    if (value === null || value === '') return { value: null };
    return typeof value === 'string' && /^[\w][\w .@-]*$/.test(value)
      ? { value }
      : { wrong: 'give letters, digits, spaces, dots, @, _ and -; folders are named so' };
  });
}

function oneOf<const T extends string>(words: readonly T[], rest: Rest<T>): Key<T> {
  return key(rest, (value) => {
    const found = words.find((word) => word === value);
    return found === undefined ? { wrong: `choose one of ${words.join(', ')}` } : { value: found };
  });
}

const isEnding = (value: unknown): value is string => typeof value === 'string' && /^\.\w+$/.test(value.trim());

function endings(rest: Rest<readonly string[]>): Key<readonly string[]> {
  return key(rest, (value) => {
    const list = typeof value === 'string' ? value.split(',') : value;
    return Array.isArray(list) && list.length > 0 && list.every(isEnding)
      ? { value: list.map((each: string) => each.trim().toLowerCase()) }
      : { wrong: 'list endings such as .sql,.ddl' };
  });
}

function labels(rest: Rest<Readonly<Record<string, string>>>): Key<Readonly<Record<string, string>>> {
  return key(rest, (value) => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isGood = isMap && Object.entries(value).every(([name, label]) => /^[a-zA-Z_]\w*$/.test(name) && typeof label === 'string');
    return isGood ? { value: value as Record<string, string> } : { wrong: 'give names and texts, as {team: finance}' };
  });
}

const feature = (env: string | readonly string[], doc: string): Key<boolean> => bool({ env, default: true, doc });

/** Every setting of lineage runs, by its path in the file. */
export const KEYS = {
  'cache.enabled': bool({ env: 'ENABLE_PARSE_CACHE', default: true, doc: 'whether results of parsing are kept' }),
  'cache.path': maybeText({ env: 'PARSE_CACHE_PATH', doc: 'SQLite file that keeps them (default: .cache/parse_cache.db below paths.storage)' }),
  'cache.max_entries': number(1, MANY, { default: 10_000, doc: 'entries; those unused for longest go first' }),
  'cache.ttl_days': number(1, 36_500, { default: 30, doc: 'days that an entry is kept' }),
  'batching.enabled': bool({ env: 'ENABLE_BATCHING', default: true, doc: 'whether events and files are taken many at a time' }),
  'batching.debounce_seconds': number(
    0,
    300,
    { env: 'DEBOUNCE_WINDOW_SECONDS', default: 5, doc: 'quiet seconds after which events are taken' },
    false,
  ),
  'batching.size_threshold': number(1, 10_000, { env: 'BATCH_SIZE_THRESHOLD', default: 50, doc: 'files that are taken without waiting' }),
  'batching.max_wait_seconds': number(0, 3600, { default: 30, doc: 'seconds after which events are taken though more keep coming' }, false),
  'workers.count': number(1, 256, { env: 'INGEST_WORKERS', default: () => Math.min(4, availableParallelism()), doc: 'threads that read and parse' }),
  'workers.max_queue': number(1, MANY, { default: 200, doc: 'batches that wait, at most; then whoever brings more waits' }),
  'workers.memory_threshold_percent': number(20, 99, { default: 80, doc: 'share of memory above which nothing new is begun' }),
  'workers.memory_wait_seconds': number(0, 86_400, { default: 600, doc: 'seconds to wait for memory before giving up' }, false),
  'graph.sink': oneOf(['postgres', 'neo4j', 'ladybug', 'jsonl'], { default: 'postgres', doc: 'where the graph goes' }),
  'graph.postgres_url': maybeText({ env: 'DATABASE_URL', doc: 'PostgreSQL (default: an embedded one below paths.storage)' }, true),
  'graph.schema': text({ default: 'rowmill', doc: 'schema of its tables' }),
  'graph.uri': maybeText({ env: 'NEO4J_URI', doc: 'Neo4j, as bolt://host:7687' }),
  'graph.username': maybeText({ env: 'NEO4J_USERNAME', doc: 'its user' }),
  'graph.password': maybeText({ env: 'NEO4J_PASSWORD', doc: "the user's password; there is no default" }, true),
  'graph.database': text({ env: 'NEO4J_DATABASE', default: 'neo4j', doc: 'its database' }),
  'graph.folder': maybeText({ doc: 'folder of the jsonl sink (default: graph below paths.storage)' }),
  'graph.file': maybeText({ doc: 'file of the ladybug sink (default: graph.lbug below paths.storage)' }),
  'graph.batch_size': maybeNumber(1, 10_000, {
    env: 'NEO4J_BATCH_SIZE',
    doc: 'nodes or edges of a statement of Neo4j (default: 500) and Ladybug (default: 1000), of a transaction of PostgreSQL (default: all of the files)',
  }),
  'graph.batch_files': number(1, 100_000, { default: 250, doc: 'files of a transaction' }),
  'graph.max_retries': number(0, 10, { default: 5, doc: 'times that a write is tried again after a failure that passes' }),
  'graph.dead_letters': maybeText({ doc: 'file for what cannot be written (default: failed_ingestion.jsonl below paths.storage)' }),
  'statsd.host': maybeText({ env: 'STATSD_HOST', doc: 'where metrics are sent by UDP; nowhere without it' }),
  'statsd.port': number(1, 65_535, { env: 'STATSD_PORT', default: 8125, doc: 'its port' }),
  'metrics.labels': labels({ default: {}, doc: 'labels that every metric carries' }),
  'paths.storage': text({ env: 'STORAGE_PATH', default: 'data', doc: 'what rowmill keeps of its own' }),
  'paths.upload': text({ env: 'UPLOAD_BASE_DIR', default: 'data/raw/uploaded', doc: 'where uploaded files are put' }),
  'paths.logs': text({ env: 'LOG_PATH', default: 'logs', doc: 'where the events of sessions are written' }),
  'upload.max_file_mb': number(
    Number.MIN_VALUE,
    1 << 20,
    { env: 'UPLOAD_MAX_FILE_SIZE_MB', default: 50, doc: 'MiB of the largest file that is read' },
    false,
  ),
  'upload.extensions': endings({
    env: 'ALLOWED_FILE_EXTENSIONS',
    default: ['.sql', '.ddl', '.csv', '.json', '.py', '.ipynb'],
    doc: 'endings of files that may be uploaded',
  }),
  'watch.recursive': bool({ default: false, doc: 'whether folders below a watched one are watched, too' }),
  'watch.process_existing': bool({ default: true, doc: 'whether files that are there already are read first' }),
  'watch.remove_missing': bool({ default: true, doc: 'whether files that are gone take what only they told with them' }),
  'input.dialect': text({ default: 'tsql', doc: 'dialect of the files, or auto' }),
  'input.default_schema': maybeText({ doc: 'schema of names that have none' }),
  'input.schema_file': maybeText({ doc: 'JSON with columns of tables that no file defines' }),
  'input.influences': bool({ default: false, doc: 'edges from columns of conditions, too' }),
  'input.follow_synonyms': bool({ default: true, doc: 'take what a synonym stands for' }),
  'input.project': folderName({ doc: 'project that files are read for; runs and sessions are kept under its name (default: default)' }),
  'input.repository': maybeText({ doc: 'repository that the files are of' }),
  id_scheme: oneOf(['separated', 'legacy'], { default: 'separated', doc: 'how ids are made' }),
  'features.parse_cache': feature('FEATURE_PARSE_CACHE', 'the cache, with cache.enabled'),
  'features.batching': feature('FEATURE_BATCHING', 'taking files many at a time, with batching.enabled'),
  'features.neo4j_batching': feature(['FEATURE_NEO4J_BATCH', 'FEATURE_GRAPH_BATCH'], 'writing many items at a time; also called graph_batching'),
  'features.parallel_workers': feature('FEATURE_PARALLEL', 'more than one thread, more than one write at a time'),
  'features.metrics': feature('FEATURE_METRICS', 'counting at all'),
} satisfies Record<string, Key<unknown>>;

export type KeyName = keyof typeof KEYS;
export const KEY_NAMES = Object.keys(KEYS) as KeyName[];

type ValueOf<K> = K extends Key<infer T> ? T : never;

/** Settings of lineage runs, by their paths. */
export type Settings = { readonly [K in KeyName]: ValueOf<(typeof KEYS)[K]> };

/** Other names of keys in files. */
export const ALIASES: ReadonlyMap<string, KeyName> = new Map([['features.graph_batching', 'features.neo4j_batching']]);
