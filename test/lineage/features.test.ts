import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import { FEATURES, generateSql, loadConfig, Observed, optionsOf, runLineage, type Settings } from '#ts/lineage/index.js';
import { freshDatabase } from '../postgres/support.js';
import { graphOf } from './trees.js';

let folder: string;
let corpus: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  corpus = join(folder, 'corpus');
  await generateSql(corpus, 20);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const VARIABLES = ['FEATURE_PARSE_CACHE', 'FEATURE_BATCHING', 'FEATURE_NEO4J_BATCH', 'FEATURE_PARALLEL', 'FEATURE_METRICS'];

async function settingsOf(combination: number): Promise<Settings> {
  const env = Object.fromEntries(VARIABLES.map((name, bit) => [name, (combination >> bit) & 1 ? 'true' : 'false']));
  return (await loadConfig({ env: { ...env, STORAGE_PATH: join(folder, 'storage') } })).settings;
}

async function runWith(settings: Settings, url: string) {
  const meter = new Observed(settings);
  const report = await runLineage({ ...optionsOf(settings), dialect: 'auto', paths: [corpus], sink: new PostgresSink({ url }), meter });
  return { report, summary: await meter.metrics.summary() };
}

test('whatever is switched off, the graph is the same', { timeout: 300_000 }, async () => {
  const graphs: unknown[] = [];
  for (let combination = 0; combination < 2 ** FEATURES.length; combination += 1) {
    const url = await freshDatabase();
    const settings = await settingsOf(combination);
    const { report, summary } = await runWith(settings, url);
    const { counters, histograms } = summary;
    const isOn = (name: (typeof FEATURES)[number]): boolean => settings[`features.${name}`];
    const label = FEATURES.filter(isOn).join('+') || 'nothing';
    // Each switch shows: what it switches happens, or it does not.
    assert.equal(report.files.written, 20, label);
    assert.equal(report.files.cached > 0, isOn('parse_cache') && combination > 1, label);
    assert.equal(counters.files_processed_total, isOn('metrics') ? 20 : 0, label);
    const isWhole = isOn('batching') && isOn('neo4j_batching');
    if (isOn('metrics')) assert.equal(counters.neo4j_batch_create_total, isWhole ? 1 : 20, label);
    if (isOn('metrics')) assert.equal(histograms.batch_size_histogram?.max, isOn('batching') ? 20 : 1, label);
    assert.equal(optionsOf(settings).threads, isOn('parallel_workers') ? settings['workers.count'] : 1, label);
    assert.equal(optionsOf(settings).writtenAtOnce, isOn('parallel_workers') ? 2 : 1, label);
    graphs.push(await graphOf(url));
  }
  for (const graph of graphs) assert.deepEqual(graph, graphs[0]);
});

test('with legacy ids and everything off the graph is that of everything on', async () => {
  const [off, on] = [await freshDatabase(), await freshDatabase()];
  const scheme = { overrides: { id_scheme: { value: 'legacy', flag: '--id-scheme' }, 'graph.batch_size': { value: 1, flag: '--batch-size' } } };
  const none = Object.fromEntries(VARIABLES.map((name) => [name, 'false']));
  await runWith((await loadConfig({ env: none, ...scheme })).settings, off);
  await runWith((await loadConfig({ env: { STORAGE_PATH: join(folder, 'legacy') }, ...scheme })).settings, on);
  assert.deepEqual(await graphOf(off), await graphOf(on));
});
