import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { METRIC_NAMES, METRICS, type MetricDescription, type MetricName } from './catalogue.js';

/** Something that is told of each change: what sends metrics elsewhere. */
export interface MetricListener {
  counted(name: MetricName, by: number): void;
  set(name: MetricName, value: number): void;
  observed(name: MetricName, value: number): void;
}

/** A histogram in numbers; all of them 0 where nothing was observed. */
export interface Observations {
  count: number;
  sum: number;
  avg: number;
  min: number;
  max: number;
  p50: number;
  p95: number;
  p99: number;
}

/** All metrics as data. */
export interface MetricSummary {
  /** ISO 8601 in UTC. */
  timestamp: string;
  uptime_seconds: number;
  counters: Record<string, number>;
  gauges: Record<string, number>;
  histograms: Record<string, Observations>;
}

/** Counts what happens; {@link NO_METRICS} does not. */
export interface Meter {
  count(name: MetricName, by?: number, sink?: string): void;
  set(name: MetricName, value: number): void;
  observe(name: MetricName, value: number, sink?: string): void;
}

/** Counts nothing. */
export const NO_METRICS: Meter = { count: () => undefined, set: () => undefined, observe: () => undefined };

type Sinked = { labels(labels: { sink: string }): unknown };
const NONE: Observations = { count: 0, sum: 0, avg: 0, min: 0, max: 0, p50: 0, p95: 0, p99: 0 };
const QUANTILES = [0.5, 0.95, 0.99];

/** Metrics of a process, in bounded memory: histograms keep their buckets and a digest for quantiles, no observations. */
export class Metrics implements Meter {
  readonly #registry = new Registry();
  readonly #beganMs = performance.now();
  readonly #made = new Map<MetricName, Counter | Gauge | Histogram>();
  readonly #digests = new Map<MetricName, Summary>();
  readonly #extremes = new Map<MetricName, { min: number; max: number }>();
  readonly #listeners: MetricListener[] = [];

  /** @param labels names and values that every metric carries */
  constructor(labels: Readonly<Record<string, string>> = {}) {
    this.#registry.setDefaultLabels(labels);
    for (const name of METRIC_NAMES) this.#make(name, METRICS[name]);
  }

  #make(name: MetricName, { kind, help, buckets, hasSink }: MetricDescription): void {
    const common = { name, help, registers: [this.#registry], labelNames: hasSink ? ['sink'] : [] };
    if (kind === 'counter') this.#made.set(name, new Counter(common));
    else if (kind === 'gauge') this.#made.set(name, new Gauge(common));
    else {
      this.#made.set(name, new Histogram({ ...common, buckets: [...(buckets ?? [])] }));
      this.#digests.set(name, new Summary({ name, help, percentiles: QUANTILES, registers: [] }));
    }
  }

  /** Tells somebody of every change from now on. */
  listen(listener: MetricListener): void {
    this.#listeners.push(listener);
  }

  count(name: MetricName, by = 1, sink?: string): void {
    if (by === 0) return;
    (this.#of(name, sink) as Counter).inc(by);
    for (const listener of this.#listeners) listener.counted(name, by);
  }

  set(name: MetricName, value: number): void {
    (this.#made.get(name) as Gauge).set(value);
    for (const listener of this.#listeners) listener.set(name, value);
  }

  observe(name: MetricName, value: number, sink?: string): void {
    (this.#of(name, sink) as Histogram).observe(value);
    this.#digests.get(name)?.observe(value);
    const { min, max } = this.#extremes.get(name) ?? { min: value, max: value };
    this.#extremes.set(name, { min: Math.min(min, value), max: Math.max(max, value) });
    for (const listener of this.#listeners) listener.observed(name, value);
  }

  #of(name: MetricName, sink: string | undefined): unknown {
    const metric = this.#made.get(name);
    return sink === undefined ? metric : (metric as unknown as Sinked).labels({ sink });
  }

  /** As Prometheus reads them: text format 0.0.4. */
  exposition(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Media type of {@link exposition}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All of them as data; values of several sinks are added up. */
  async summary(): Promise<MetricSummary> {
    const summary: MetricSummary = {
      timestamp: new Date().toISOString(),
      uptime_seconds: (performance.now() - this.#beganMs) / 1000,
      counters: {},
      gauges: {},
      histograms: {},
    };
    for (const [name, metric] of this.#made) {
      if (METRICS[name].kind === 'histogram') summary.histograms[name] = await this.#observations(name);
      else {
        const { values } = await metric.get();
        summary[METRICS[name].kind === 'gauge' ? 'gauges' : 'counters'][name] = values.reduce((sum, { value }) => sum + value, 0);
      }
    }
    return summary;
  }

  async #observations(name: MetricName): Promise<Observations> {
    const extremes = this.#extremes.get(name);
    if (!extremes) return NONE;
    const { values } = (await this.#digests.get(name)?.get()) ?? { values: [] };
    const named = (ending: string): number => values.find(({ metricName }) => metricName === `${name}_${ending}`)?.value ?? 0;
    const quantile = (of: number): number => values.find(({ labels }) => labels.quantile === of)?.value ?? 0;
    const [count, sum] = [named('count'), named('sum')];
    return { count, sum, avg: sum / count, ...extremes, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
  }
}
