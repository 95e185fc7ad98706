import { readFile } from 'node:fs/promises';
import { distance } from 'fastest-levenshtein';
import { isMap, LineCounter, type Pair, parseDocument, type Scalar } from 'yaml';
import { type Problem, RowmillError } from '../../errors.js';
import { ALIASES, KEY_NAMES, KEYS, type Key, type KeyName, type Settings } from './keys.js';

/** Read where it is there and no other file is named. */
export const CONFIG_FILE = 'config/ingestion.yaml';

/** A setting as it counts. */
export interface SettingOrigin {
  path: KeyName;
  /** `***` for a secret that is set. */
  value: unknown;
  /** `default`, `yaml FILE:LINE`, `env NAME` or `flag --NAME`. */
  origin: string;
}

/** What a flag says: the value, and the flag as a person types it. */
export interface Override {
  value: unknown;
  flag: string;
}

export interface ConfigSources {
  /** A file that must be there; without one, {@link CONFIG_FILE} counts where it is. */
  file?: string | undefined;
  env?: Readonly<Record<string, string | undefined>>;
  overrides?: Readonly<Partial<Record<KeyName, Override>>>;
}

export interface LoadedConfig {
  settings: Settings;
  origins: SettingOrigin[];
  /** The file that was read; null for none. */
  file: string | null;
}

interface Given {
  value: unknown;
  origin: string;
}

/**
 * Settings of lineage runs: flags before environment variables before the file before defaults.
 *
 * @throws RowmillError `INPUT_MISSING` for a named file that is not there, `INPUT_FILE_UNREADABLE`, `INPUT_FORMAT_INVALID` for a file that is no YAML,
 * `PLAN_INVALID` with every problem of every source at once
 */
export async function loadConfig({ file, env = process.env, overrides = {} }: ConfigSources = {}): Promise<LoadedConfig> {
  const problems: Problem[] = [];
  const text = await readConfig(file);
  const inFile = text === null ? new Map<KeyName, Given>() : givenInFile(text, file ?? CONFIG_FILE, problems);
  const origins: SettingOrigin[] = [];
  const values: [KeyName, unknown][] = [];
  for (const name of KEY_NAMES) {
    const key: Key<unknown> = KEYS[name];
    const given = fromFlags(overrides[name]) ?? fromEnvironment(key, env) ?? inFile.get(name);
    const value = given ? taken(name, key, given, problems) : key.default();
    values.push([name, value]);
    origins.push({ path: name, value: key.isSecret && value !== null ? '***' : value, origin: given?.origin ?? 'default' });
  }
  const settings = Object.fromEntries(values) as Settings;
  problems.push(...together(settings, origins));
  if (problems.length > 0) throw invalid(problems);
  return { settings, origins, file: text === null ? null : (file ?? CONFIG_FILE) };
}

function fromFlags(override: Override | undefined): Given | undefined {
  return override && { value: override.value, origin: `flag ${override.flag}` };
}

/** A variable that is set to nothing is not set. */
function fromEnvironment({ env }: Key<unknown>, variables: Readonly<Record<string, string | undefined>>): Given | undefined {
  const name = env.find((each) => (variables[each] ?? '') !== '');
  return name === undefined ? undefined : { value: variables[name], origin: `env ${name}` };
}

function taken(name: KeyName, key: Key<unknown>, { value, origin }: Given, problems: Problem[]): unknown {
  const answer = key.take(value);
  if ('value' in answer) return answer.value;
  problems.push({
    path: name,
    message: key.isSecret ? 'the value cannot be used' : `${JSON.stringify(value)} cannot be used`,
    value: key.isSecret ? '***' : value,
    allowed: answer.wrong,
    origin,
  });
  return key.default();
}

/** What single settings cannot see. */
function together(settings: Settings, origins: readonly SettingOrigin[]): Problem[] {
  const problems: Problem[] = [];
  const say = (path: KeyName, message: string, allowed: string): void => {
    const { value, origin } = origins.find((each) => each.path === path) ?? { value: null, origin: '' };
    problems.push({ path, message, value, allowed, origin });
  };
  const [queue, threshold] = [settings['workers.max_queue'], settings['batching.size_threshold']];
  if (queue < threshold) say('workers.max_queue', `fewer than the ${threshold} files of batching.size_threshold`, `at least ${threshold}`);
  if (settings['graph.sink'] !== 'neo4j') return problems;
  for (const path of ['graph.uri', 'graph.username', 'graph.password'] as const) {
    if (settings[path] === null) say(path, 'it is missing, and Neo4j is asked for', `set ${KEYS[path].env.join(' or ')}`);
  }
  return problems;
}

function givenInFile(text: string, file: string, problems: Problem[]): Map<KeyName, Given> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw malformed(file, error.message.split('\n')[0] ?? '', lines.linePos(error.pos[0]).line);
  if (document.contents === null) return new Map();
  if (!isMap(document.contents)) throw malformed(file, 'the file holds no names and values', 1);
  const found = new Map<KeyName, Given>();
  const lineOf = (pair: Pair): number => lines.linePos((pair.key as Scalar).range?.[0] ?? 0).line;
  const visit = (items: readonly Pair[], prefix: string): void => {
    for (const pair of items) {
      const path = `${prefix}${String((pair.key as Scalar).value)}`;
      const name = ALIASES.get(path) ?? KEY_NAMES.find((each) => each === path);
      const origin = `yaml ${file}:${lineOf(pair)}`;
      if (name) found.set(name, { value: plain(pair), origin });
      else if (isMap(pair.value) && KEY_NAMES.some((each) => each.startsWith(`${path}.`))) visit(pair.value.items as Pair[], `${path}.`);
      else problems.push(unknownKey(path, plain(pair), origin));
    }
  };
  visit(document.contents.items as Pair[], '');
  return found;
}

function plain(pair: Pair): unknown {
  const value = pair.value as { toJSON?(): unknown } | null;
  return value?.toJSON?.() ?? null;
}

function unknownKey(path: string, value: unknown, origin: string): Problem {
  const [nearest] = [...KEY_NAMES].sort((a, b) => distance(a, path) - distance(b, path));
  return { path, message: 'there is no such setting', value, allowed: `the nearest is ${nearest}`, origin };
}

async function readConfig(file: string | undefined): Promise<string | null> {
  try {
    return await readFile(file ?? CONFIG_FILE, 'utf8');
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && file === undefined) return null;
    const path = file ?? CONFIG_FILE;
    throw new RowmillError(
      {
        code: isMissing ? 'INPUT_MISSING' : 'INPUT_FILE_UNREADABLE',
        message: isMissing ? `there is no ${path}` : `the settings cannot be read: ${(cause as Error).message}`,
        help: 'Name a YAML file with settings that this user may read.',
        retryable: false,
        place: { file: path },
      },
      { cause },
    );
  }
}

function malformed(file: string, message: string, line: number): RowmillError {
  const help = 'Write YAML: `cache:` on one line, `  enabled: true` below it.';
  return new RowmillError({ code: 'INPUT_FORMAT_INVALID', message, help, retryable: false, place: { file, line } });
}

function invalid(problems: Problem[]): RowmillError {
  const message = problems.length === 1 ? 'a setting is wrong' : `${problems.length} settings are wrong`;
  return new RowmillError({
    code: 'PLAN_INVALID',
    message,
    help: '`rowmill lineage config show` prints all settings.',
    retryable: false,
    place: {},
    problems,
  });
}
