import { type Meter, Metrics, NO_METRICS, StatsdSender } from '../metrics/index.js';
import { cacheOf } from './config/apply.js';
import type { Settings } from './config/keys.js';
import { cacheStats } from './tree.js';

/** Metrics of a run that can be switched off, and sent to a daemon. */
export class Observed implements Meter {
  readonly metrics: Metrics;
  readonly #statsd: StatsdSender | null;
  #target: Meter;

  constructor(settings: Settings) {
    this.metrics = new Metrics(settings['metrics.labels']);
    const host = settings['statsd.host'];
    this.#statsd = host === null ? null : new StatsdSender({ host, port: settings['statsd.port'] });
    if (this.#statsd) this.metrics.listen(this.#statsd);
    this.#target = NO_METRICS;
    this.configure(settings);
  }

  /** Counts, or does not, from now on. */
  configure(settings: Settings): void {
    this.#target = settings['features.metrics'] ? this.metrics : NO_METRICS;
  }

  count(...args: Parameters<Meter['count']>): void {
    this.#target.count(...args);
  }

  set(...args: Parameters<Meter['set']>): void {
    this.#target.set(...args);
  }

  observe(...args: Parameters<Meter['observe']>): void {
    this.#target.observe(...args);
  }

  /** Says how full the cache is. */
  async gaugeCache(settings: Settings): Promise<void> {
    const cache = cacheOf(settings);
    if (!cache) return;
    const { entries, bytes } = await cacheStats(cache);
    this.set('parse_cache_entries', entries);
    this.set('parse_cache_size_bytes', bytes);
  }

  /** Sends what a daemon was not told yet. */
  async close(): Promise<void> {
    await this.#statsd?.close();
  }
}
