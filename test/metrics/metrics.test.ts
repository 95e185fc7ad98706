import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { METRIC_NAMES, METRICS, Metrics, NO_METRICS, StatsdSender } from '#ts/metrics/index.js';

test('the text that Prometheus reads: every metric once, buckets that add up, labels of the configuration', async () => {
  const metrics = new Metrics({ team: 'mock "a"' });
  metrics.count('parse_cache_hit_total', 3);
  metrics.count('graph_retry_total', 2, 'postgres');
  metrics.count('graph_retry_total', 1, 'neo4j');
  for (const files of [1, 7, 80, 900]) metrics.observe('batch_size_histogram', files);
  const text = await metrics.exposition();
  assert.equal(metrics.contentType, 'text/plain; version=0.0.4; charset=utf-8');
  for (const name of METRIC_NAMES) {
    assert.equal(text.split(`# TYPE ${name} ${METRICS[name].kind}\n`).length, 2, name);
    assert.equal(text.split(`# HELP ${name} `).length, 2, name);
  }
  assert.match(text, /^parse_cache_hit_total\{team="mock \\"a\\""\} 3$/m);
  assert.match(text, /^graph_retry_total\{sink="postgres",team="mock \\"a\\""\} 2$/m);
  const buckets = [...text.matchAll(/^batch_size_histogram_bucket\{le="([^"]+)".*\} (\d+)$/gm)].map(([, le, count]) => `${le}:${count}`);
  assert.deepEqual(buckets, ['1:1', '5:1', '10:2', '25:2', '50:2', '100:3', '200:3', '500:3', '+Inf:4']);
  assert.match(text, /^batch_size_histogram_sum\{.*\} 988$/m);
  assert.match(text, /^batch_size_histogram_count\{.*\} 4$/m);
});

test('buckets are those that dashboards know, with longer ones for batches and writes', () => {
  const short = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  assert.deepEqual(METRICS.file_processing_duration_seconds.buckets, short);
  assert.deepEqual(METRICS.batch_processing_duration_seconds.buckets, [...short, 30, 60]);
  assert.deepEqual(METRICS.neo4j_batch_duration_seconds.buckets, [...short, 30, 60]);
});

test('the summary has quantiles, and memory does not grow with what is observed', async () => {
  const metrics = new Metrics();
  for (let value = 1; value <= 1000; value += 1) metrics.observe('file_processing_duration_seconds', value / 1000);
  metrics.set('queue_size', 4);
  const { counters, gauges, histograms, uptime_seconds } = await metrics.summary();
  const told = histograms.file_processing_duration_seconds;
  assert.ok(told);
  assert.deepEqual([told.count, told.min, told.max, gauges.queue_size, counters.files_failed_total], [1000, 0.001, 1, 4, 0]);
  assert.ok(Math.abs(told.sum - 500.5) < 1e-9 && Math.abs(told.avg - 0.5005) < 1e-9);
  for (const [quantile, wanted] of [
    [told.p50, 0.5],
    [told.p95, 0.95],
    [told.p99, 0.99],
  ] as const)
    assert.ok(Math.abs(quantile - wanted) < 0.01, `${quantile}`);
  assert.ok(uptime_seconds >= 0);
  const fill = (): void => {
    for (let value = 0; value < 200_000; value += 1) metrics.observe('file_processing_duration_seconds', value % 977);
  };
  fill();
  const before = process.memoryUsage().heapUsed;
  for (let round = 0; round < 3; round += 1) fill();
  assert.ok(process.memoryUsage().heapUsed - before < 64 * 1024 ** 2);
});

test('StatsD gets what was added, gauges and observations, in datagrams that fit', async () => {
  const daemon = createSocket('udp4');
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  const packets: string[] = [];
  daemon.on('message', (packet) => packets.push(packet.toString()));
  const metrics = new Metrics();
  const statsd = new StatsdSender({ host: '127.0.0.1', port: daemon.address().port, flushMs: 60_000 });
  metrics.listen(statsd);
  const lines = (): string[] => packets.flatMap((packet) => packet.split('\n'));
  const arrived = async (count: number): Promise<void> => {
    while (lines().length < count) await once(daemon, 'message');
  };
  metrics.count('files_processed_total', 2);
  metrics.count('files_processed_total', 3);
  metrics.set('queue_size', 9);
  metrics.set('queue_size', 4);
  metrics.observe('file_processing_duration_seconds', 0.25);
  metrics.observe('batch_size_histogram', 50);
  await statsd.flush();
  await arrived(4);
  assert.deepEqual(lines(), [
    'rowmill.files_processed_total:5|c',
    'rowmill.queue_size:4|g',
    'rowmill.file_processing_duration_seconds:250|ms',
    'rowmill.batch_size_histogram:50|h',
  ]);
  packets.length = 0;
  for (let value = 0; value < 100; value += 1) metrics.observe('file_processing_duration_seconds', value / 7);
  metrics.count('files_processed_total');
  await statsd.close();
  await arrived(101);
  assert.ok(packets.length > 2 && packets.every((packet) => Buffer.byteLength(packet) <= 1432));
  assert.ok(lines().includes('rowmill.files_processed_total:1|c'), 'a counter is told as what was added');
  daemon.close();
});

test('a daemon that is away costs nothing', async () => {
  const statsd = new StatsdSender({ host: 'nosuch.invalid', port: 1 });
  statsd.counted('files_processed_total', 1);
  await statsd.close();
  NO_METRICS.count('files_processed_total');
  NO_METRICS.set('queue_size', 1);
  NO_METRICS.observe('batch_size_histogram', 1);
});

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string }[];
}

test('every metric of the dashboard and of the rules is one that there is', () => {
  const dashboard = JSON.parse(readFileSync('examples/lineage/dashboard.json', 'utf8')) as { uid: string; schemaVersion: number; panels: Panel[] };
  assert.deepEqual([dashboard.uid, dashboard.schemaVersion, dashboard.panels.length], ['rowmill-lineage', 38, 13]);
  const { groups } = parse(readFileSync('examples/lineage/alerts.yaml', 'utf8')) as { groups: { rules: { alert?: string; expr: string }[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  assert.equal(rules.filter(({ alert }) => alert !== undefined).length, 4);
  const asked = [...dashboard.panels.flatMap(({ targets }) => targets), ...rules].flatMap(({ expr }) => [
    ...expr.matchAll(/[a-z][a-z_]*_[a-z_]+(?![a-z_(:])/g),
  ]);
  const names = new Set(asked.map(([name]) => name).filter((name) => !/^(?:histogram_quantile|lineage_baseline)/.test(name)));
  assert.equal(names.size, 13);
  for (const name of names)
    assert.ok(
      METRIC_NAMES.some((known) => known === name || `${known}_bucket` === name),
      `${name} is not counted`,
    );
  const cells = new Set<string>();
  for (const {
    gridPos: { x, y, w, h },
  } of dashboard.panels) {
    assert.ok(x + w <= 24);
    for (let row = y; row < y + h; row += 1) {
      for (let column = x; column < x + w; column += 1) {
        assert.ok(!cells.has(`${row} ${column}`), 'panels must not overlap');
        cells.add(`${row} ${column}`);
      }
    }
  }
});
