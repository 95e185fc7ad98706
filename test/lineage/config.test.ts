import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RowmillError } from '#ts/errors.js';
import {
  featureLevel,
  featuresOf,
  featureWarnings,
  KEY_NAMES,
  KEYS,
  type KeyName,
  loadConfig,
  type Settings,
  switchFeatures,
} from '#ts/lineage/index.js';
import { rowmill } from '../cli/program.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function yaml(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const originOf = (origins: readonly { path: KeyName; origin: string }[], key: KeyName): string =>
  origins.find(({ path }) => path === key)?.origin ?? '';

/** A value of each setting that is not its default, as text. */
const OTHER: Readonly<Record<KeyName, string>> = {
  'cache.enabled': 'off',
  'cache.path': 'other.db',
  'cache.max_entries': '7',
  'cache.ttl_days': '3',
  'batching.enabled': 'no',
  'batching.debounce_seconds': '0.5',
  'batching.size_threshold': '9',
  'batching.max_wait_seconds': '11',
  'workers.count': '5',
  'workers.max_queue': '300',
  'workers.memory_threshold_percent': '50',
  'workers.memory_wait_seconds': '2',
  'graph.sink': 'jsonl',
  'graph.postgres_url': 'postgres://mock@127.0.0.1:1/none',
  'graph.schema': 'other',
  'graph.uri': 'bolt://127.0.0.1:1',
  'graph.username': 'mock',
  'graph.password': 'mock-word',
  'graph.database': 'other',
  'graph.folder': 'elsewhere',
  'graph.file': 'elsewhere.lbug',
  'graph.batch_size': '25',
  'graph.batch_files': '10',
  'graph.max_retries': '1',
  'graph.dead_letters': 'letters.jsonl',
  'statsd.host': '127.0.0.1',
  'statsd.port': '9125',
  'metrics.labels': '{team: mock}',
  'paths.storage': 'elsewhere',
  'paths.upload': 'uploads',
  'paths.logs': 'events',
  'upload.max_file_mb': '1.5',
  'upload.extensions': '.sql,.ddl',
  'watch.recursive': 'true',
  'watch.process_existing': 'false',
  'watch.remove_missing': 'false',
  'input.dialect': 'snowflake',
  'input.default_schema': 'own',
  'input.schema_file': 'schema.json',
  'input.influences': 'true',
  'input.follow_synonyms': 'false',
  'input.project': 'other',
  'input.repository': 'warehouse',
  id_scheme: 'legacy',
  'features.parse_cache': 'false',
  'features.batching': '0',
  'features.neo4j_batching': 'off',
  'features.parallel_workers': 'no',
  'features.metrics': 'FALSE',
};

/** The text of a file that sets one key. */
function fileOf(key: KeyName, value: string): string {
  const [section = '', name] = key.split('.');
  return name === undefined ? `${section}: ${value}\n` : `${section}:\n  ${name}: ${value}\n`;
}

for (const key of KEY_NAMES) {
  test(`${key}: default, file, environment and flag, each before the one before it`, async () => {
    const byDefault = await loadConfig({ env: {} });
    assert.equal(originOf(byDefault.origins, key), 'default');
    const file = yaml(`${key}.yaml`, fileOf(key, OTHER[key]));
    const fromFile = await loadConfig({ file, env: {} });
    assert.notDeepEqual(fromFile.settings[key], byDefault.settings[key]);
    assert.match(originOf(fromFile.origins, key), /^yaml .*:[12]$/);
    for (const name of KEYS[key].env) {
      const fromEnvironment = await loadConfig({ env: { [name]: OTHER[key] } });
      assert.deepEqual(fromEnvironment.settings[key], fromFile.settings[key], name);
      assert.equal(originOf(fromEnvironment.origins, key), `env ${name}`);
      // An empty variable is one that is not set.
      assert.deepEqual((await loadConfig({ env: { [name]: '' } })).settings[key], byDefault.settings[key]);
    }
    const value = byDefault.settings[key];
    const flagged = await loadConfig({ file, env: { [KEYS[key].env[0] ?? 'NONE']: OTHER[key] }, overrides: { [key]: { value, flag: '--mock' } } });
    assert.deepEqual(flagged.settings[key], value);
    assert.equal(originOf(flagged.origins, key), 'flag --mock');
  });
}

test('everything that is wrong is told at once, with its place and what is allowed', async () => {
  const file = yaml('wrong.yaml', 'cache:\n  enabeld: true\n  ttl_days: 0\nworkers:\n  max_queue: 10\nnosuch: 1\n');
  const error = await loadConfig({ file, env: { INGEST_WORKERS: 'many', ENABLE_BATCHING: 'perhaps' } }).catch((caught: unknown) => caught);
  assert.ok(error instanceof RowmillError);
  assert.equal(error.code, 'PLAN_INVALID');
  const told = error.problems.map(({ path, allowed, origin }) => `${path} (${origin.replace(folder, '')}): ${allowed}`);
  assert.deepEqual(told, [
    'cache.enabeld (yaml /wrong.yaml:2): the nearest is cache.enabled',
    'nosuch (yaml /wrong.yaml:6): the nearest is id_scheme',
    'cache.ttl_days (yaml /wrong.yaml:3): give a whole number from 1 to 36500',
    'batching.enabled (env ENABLE_BATCHING): say one of true, 1, yes, on, false, 0, no, off',
    'workers.count (env INGEST_WORKERS): give a whole number from 1 to 256',
    'workers.max_queue (yaml /wrong.yaml:5): at least 50',
  ]);
});

test('Neo4j without a login is refused, and there is no login of its own accord', async () => {
  const wanted = { overrides: { 'graph.sink': { value: 'neo4j', flag: '--sink' } } };
  const error = await loadConfig({ ...wanted, env: { NEO4J_URI: 'bolt://127.0.0.1:1' } }).catch((caught: unknown) => caught);
  assert.ok(error instanceof RowmillError);
  assert.deepEqual(
    error.problems.map(({ path }) => path),
    ['graph.username', 'graph.password'],
  );
});

test('a file that is named and missing, or no YAML, or no settings', async () => {
  await assert.rejects(loadConfig({ file: join(folder, 'nosuch.yaml'), env: {} }), { code: 'INPUT_MISSING' });
  await assert.rejects(loadConfig({ file: yaml('broken.yaml', 'cache:\n  - {'), env: {} }), { code: 'INPUT_FORMAT_INVALID' });
  await assert.rejects(loadConfig({ file: yaml('list.yaml', '- 1'), env: {} }), { code: 'INPUT_FORMAT_INVALID' });
  assert.equal((await loadConfig({ file: yaml('empty.yaml', '# nothing\n'), env: {} })).settings['cache.enabled'], true);
});

test('the example is good, and shown settings keep secrets', async () => {
  const shown = await rowmill(['lineage', 'config', 'show', '--config-file', 'examples/lineage/ingestion.yaml', '--json'], {
    NEO4J_PASSWORD: 'mock-word',
  });
  assert.equal(shown.code, 0, shown.err);
  const { settings } = JSON.parse(shown.out) as { settings: { path: string; value: unknown; origin: string }[] };
  assert.deepEqual(
    settings.filter(({ path }) => ['graph.password', 'input.dialect', 'batching.debounce_seconds', 'cache.path'].includes(path)),
    [
      { path: 'batching.debounce_seconds', value: 5, origin: 'yaml examples/lineage/ingestion.yaml:10' },
      { path: 'cache.path', value: null, origin: 'default' },
      { path: 'graph.password', value: '***', origin: 'env NEO4J_PASSWORD' },
      { path: 'input.dialect', value: 'auto', origin: 'yaml examples/lineage/ingestion.yaml:24' },
    ].sort((a, b) => settings.findIndex(({ path }) => path === a.path) - settings.findIndex(({ path }) => path === b.path)),
  );
  assert.ok(!shown.out.includes('mock-word'));
  const dry = await rowmill(['run', 'lineage', 'nosuch', '--show-config', '--workers', '3']);
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /^workers\.count +3 +flag --workers$/m);
  const wrong = await rowmill(['run', 'lineage', 'nosuch', '--workers', '0', '--batch-files', 'x']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /2 settings are wrong[\s\S]*workers\.count: "0" cannot be used[\s\S]*from flag --workers[\s\S]*graph\.batch_files/);
});

test('features: status, levels, warnings, switching in a file that keeps its comments', async () => {
  const of = async (env: Record<string, string>): Promise<Settings> => (await loadConfig({ env })).settings;
  const all = featuresOf(await of({}));
  assert.deepEqual(featureLevel(all), { percent: 100, text: 'everything is on' });
  assert.deepEqual(featureWarnings(all), []);
  const noBatching = featuresOf(await of({ FEATURE_BATCHING: 'false' }));
  assert.equal(featureLevel(noBatching).percent, 80);
  assert.equal(featureWarnings(noBatching).length, 3);
  assert.match(featureWarnings(featuresOf(await of({ FEATURE_METRICS: 'false' }))).join(), /nobody sees/);
  const none = Object.fromEntries(Object.keys(all).map((name) => [name, false])) as typeof all;
  assert.deepEqual([featureLevel(none).percent, featureWarnings(none).length], [0, 1]);
  assert.match(featureLevel({ ...none, metrics: true }).text, /little/);
  assert.match(featureLevel({ ...all, metrics: false, batching: false }).text, /half/);
  const file = yaml('switched.yaml', '# ours\ncache:\n  ttl_days: 9 # days\n');
  const run = (...args: string[]) => rowmill(['lineage', 'flags', ...args, '--config-file', file]);
  assert.equal((await run('disable')).code, 0);
  assert.match(
    (await run()).out,
    /^\[OFF\] parse_cache\n\[OFF\] batching\n\[OFF\] neo4j_batching\n\[OFF\] parallel_workers\n\[ON\] {2}metrics\n20 %/,
  );
  assert.equal((await run('disable', '--no-keep-metrics')).code, 0);
  assert.match((await run()).out, /^0 %[\s\S]*warning: all features are off/m);
  assert.equal((await run('enable', 'graph_batching', 'parse_cache')).code, 0);
  const { settings } = await loadConfig({ file, env: {} });
  assert.deepEqual([settings['features.neo4j_batching'], settings['features.batching'], settings['cache.ttl_days']], [true, false, 9]);
  const unknown = await run('enable', 'nosuch');
  assert.deepEqual([unknown.code, /no feature nosuch/.test(unknown.err)], [2, true]);
  await assert.rejects(switchFeatures({ metrics: true }, yaml('bad.yaml', 'nosuch: 1\n')), { code: 'PLAN_INVALID' });
});
