import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { rowmill, type Started, start } from '../cli/program.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { plant, SHOP } from './trees.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const files = async (url: string): Promise<number> => (await sql(url, 'SELECT FROM rowmill.lineage_file')).length;

/** Waits until the process has said something. */
async function said({ child }: Started, words: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of child.stderr ?? []) {
    text += String(chunk);
    const found = words.exec(text);
    if (found) return found[1] ?? found[0];
  }
  throw new Error(`it did not say ${words}, but: ${text}`);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 30_000;
  while (!(await holds())) {
    assert.ok(performance.now() < endMs, 'it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

for (const [verb, signal] of [
  [['run', 'lineage', '--watch'], 'SIGTERM'],
  [['lineage', 'watch', '--recursive'], 'SIGINT'],
] as const) {
  test(`${verb.join(' ')}: takes files in, reads settings anew on SIGHUP, and ends well on ${signal}`, { timeout: 60_000 }, async () => {
    const own = join(folder, signal);
    plant(own, {
      ...Object.fromEntries(Object.entries(SHOP).map(([name, text]) => [`shop/${name}`, text])),
      'own.yaml': 'features: {metrics: true}\n',
    });
    const url = await freshDatabase();
    const flags = ['--realtime', '--dialect', 'postgres', '--port', '0', '--config-file', join(own, 'own.yaml'), '--database', url];
    const env = { STORAGE_PATH: join(own, 'storage'), LOG_PATH: join(own, 'logs') };
    const started = start([...verb, ...flags, join(own, 'shop')], env);
    after(() => started.child.kill('SIGKILL'));
    const address = await said(started, /asked at (\S+):/);
    await until(async () => (await files(url)) === 4);
    plant(own, { 'own.yaml': 'features: {parse_cache: false}\n' });
    started.child.kill('SIGHUP');
    const features = async (): Promise<Record<string, boolean>> =>
      ((await (await fetch(`${address}/flags`)).json()) as { features: Record<string, boolean> }).features;
    await until(async () => (await features()).parse_cache === false);
    plant(own, { 'own.yaml': 'nosuch: 1\n' });
    started.child.kill('SIGHUP');
    plant(own, { 'shop/late.sql': 'CREATE TABLE late (a int);' });
    await until(async () => (await files(url)) === 5);
    assert.equal((await features()).parse_cache, false, 'wrong settings change nothing');
    started.child.kill(signal);
    const { code, out } = await started.ended;
    assert.deepEqual([code, /5 files written, 0 unchanged, 0 removed, 0 failed/.test(out)], [0, true], out);
    assert.ok(readdirSync(env.LOG_PATH).length > 1);
  });
}

test('metrics go to the daemon that the environment names, unless they are switched off', { timeout: 60_000 }, async () => {
  const daemon = createSocket('udp4');
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  after(() => daemon.close());
  const lines: string[] = [];
  daemon.on('message', (packet) => lines.push(...packet.toString().split('\n')));
  const shop = plant(join(folder, 'statsd', 'shop'), SHOP);
  const env = { STATSD_HOST: '127.0.0.1', STATSD_PORT: String(daemon.address().port), STORAGE_PATH: join(folder, 'statsd', 'storage') };
  const run = async (more: NodeJS.ProcessEnv = {}): Promise<void> => {
    const { code, err } = await rowmill(['run', 'lineage', shop, '--database', await freshDatabase()], { ...env, ...more });
    assert.equal(code, 0, err);
  };
  await run({ FEATURE_METRICS: 'off' });
  await run();
  await until(async () => lines.includes('rowmill.files_processed_total:4|c'));
  assert.ok(lines.includes('rowmill.parse_cache_entries:4|g'));
  assert.equal(lines.filter((line) => line.startsWith('rowmill.files_processed_total')).length, 1, 'the first run must have sent nothing');
});

test('each variable of the environment changes what a run does', { timeout: 60_000 }, async () => {
  const shop = plant(join(folder, 'variables', 'shop'), SHOP);
  const run = async (env: NodeJS.ProcessEnv): Promise<{ cached: number; batches: number; failed: number }> => {
    const args = ['run', 'lineage', shop, '--dialect', 'postgres', '--json', '--database', await freshDatabase()];
    const { out, err, code } = await rowmill(args, env);
    assert.ok(code === 0 || code === 3, err);
    const { files: counts, metrics } = JSON.parse(out) as {
      files: { cached: number; failed: number };
      metrics: { histograms: Record<string, { max: number }> };
    };
    return { cached: counts.cached, failed: counts.failed, batches: metrics.histograms.batch_size_histogram?.max ?? 0 };
  };
  const env = { PARSE_CACHE_PATH: join(folder, 'variables', 'named.db') };
  assert.deepEqual(await run(env), { cached: 0, failed: 0, batches: 4 });
  assert.ok(existsSync(env.PARSE_CACHE_PATH));
  assert.deepEqual(await run(env), { cached: 4, failed: 0, batches: 4 });
  assert.equal((await run({ ...env, ENABLE_PARSE_CACHE: 'no' })).cached, 0);
  assert.equal((await run({ ...env, ENABLE_BATCHING: '0' })).batches, 1);
  assert.equal((await run({ ...env, UPLOAD_MAX_FILE_SIZE_MB: '0.0001' })).failed, 3);
  const stats = await rowmill(['cache', 'stats', '--json'], env);
  assert.equal((JSON.parse(stats.out) as { entries: number }).entries, 4);
  const cleared = await rowmill(['lineage', 'cache', 'clear'], env);
  assert.match(cleared.out, /named\.db: 4 entries deleted/);
});
