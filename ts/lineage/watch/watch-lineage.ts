import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RowmillError } from '../../errors.js';
import type { GraphSink } from '../../graph/sink.js';
import { FEATURES, type FeatureMap, featuresOf } from '../config/features.js';
import type { Settings } from '../config/keys.js';
import { Observed } from '../observed.js';
import type { InputPlugin } from '../plugins.js';
import { SessionLog } from '../sessions/session-log.js';
import { uploadLimits } from '../upload-files.js';
import { keepUpload, tellsOfLineage, uploadName } from '../uploads.js';
import { ControlServer } from './control.js';
import { LineageWatcher, type WatchStats } from './watcher.js';

export interface WatchingOptions {
  folders: readonly string[];
  settings: Settings;
  /** Opened by this, and closed when watching stops. */
  sink: GraphSink;
  /** Port of 127.0.0.1 where the process can be asked; 0 for one that is free, null for none. */
  port: number | null;
  /** Who reads files of other endings. */
  plugins?: readonly InputPlugin[];
  /** Reads settings anew, for {@link Watching.reload}. */
  reload: () => Promise<Settings>;
  onNote?: (line: string) => void;
  onError?: (error: unknown) => void;
}

/** A process that watches. */
export interface Watching {
  /** Where it can be asked; null where it cannot. */
  readonly url: string | null;
  /** Counts what happens. */
  readonly observed: Observed;
  readonly watcher: LineageWatcher;
  /** Reads settings anew; those of pace, cache, metrics and features count from the next file on. What is wrong with them changes nothing. */
  reload(): Promise<void>;
  /** Takes in what is known of, and ends; safe to call twice. */
  stop(): Promise<WatchStats>;
}

/**
 * Keeps a graph up to date with folders while their files change, until it is stopped.
 *
 * @throws RowmillError of the walk, the tree, the sink and the port
 */
export async function watchLineage(options: WatchingOptions): Promise<Watching> {
  for (const folder of options.folders) await mustBeFolder(folder);
  return new WatchingProcess(options).start();
}

class WatchingProcess implements Watching {
  readonly observed: Observed;
  watcher!: LineageWatcher;
  readonly #options: WatchingOptions;
  readonly #sessions: SessionLog;
  #settings: Settings;
  #control: ControlServer | null = null;
  #stopped: Promise<WatchStats> | null = null;

  constructor(options: WatchingOptions) {
    [this.#options, this.#settings] = [options, options.settings];
    this.observed = new Observed(options.settings);
    this.#sessions = new SessionLog(options.settings['paths.logs']);
  }

  async start(): Promise<this> {
    const { folders, sink, port, plugins, onNote, onError } = this.#options;
    const told = { ...(plugins ? { plugins } : {}), ...(onNote ? { onNote } : {}), ...(onError ? { onError } : {}) };
    this.watcher = await LineageWatcher.start({ folders, settings: this.#settings, sink, meter: this.observed, sessions: this.#sessions, ...told });
    if (port === null) return this;
    try {
      this.#control = await ControlServer.start({
        watcher: this.watcher,
        metrics: this.observed.metrics,
        sessions: this.#sessions,
        port,
        features: () => featuresOf(this.#settings),
        setFeatures: (changes) => this.#switch(changes),
        upload: (name, bytes) => this.#upload(name, bytes),
      });
    } catch (error) {
      await this.stop();
      throw error;
    }
    onNote?.(`asked at ${this.#control.url}: /metrics /stats /flags /sessions /ingest /upload`);
    return this;
  }

  get url(): string | null {
    return this.#control?.url ?? null;
  }

  async reload(): Promise<void> {
    await this.#apply(await this.#options.reload());
  }

  #switch(changes: Partial<FeatureMap>): Promise<void> {
    const named = FEATURES.flatMap((name) => (changes[name] === undefined ? [] : [[`features.${name}`, changes[name]]]));
    return this.#apply({ ...this.#settings, ...Object.fromEntries(named) });
  }

  async #apply(settings: Settings): Promise<void> {
    await this.watcher.configure(settings);
    this.#settings = settings;
  }

  /** What is not watched is kept only. */
  async #upload(name: string, bytes: Buffer): Promise<{ name: string; status: string }> {
    const path = await keepUpload(name, bytes, uploadLimits(this.#settings));
    if (!tellsOfLineage(path)) return { name: uploadName(name), status: 'stored' };
    const { status } = await this.watcher.ingestText(uploadName(name), bytes.toString('utf8'), { origin: 'upload' });
    return { name: uploadName(name), status };
  }

  stop(): Promise<WatchStats> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<WatchStats> {
    await this.#control?.close();
    const stats = await this.watcher.stop();
    await this.observed.close();
    return stats;
  }
}

async function mustBeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  const message = found ? `${resolve(folder)} is no folder` : `there is no ${resolve(folder)}`;
  throw new RowmillError({ code: 'INPUT_MISSING', message, help: 'Name folders to watch.', retryable: false, place: { file: folder } });
}
