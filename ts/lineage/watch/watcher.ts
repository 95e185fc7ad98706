import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { RowmillError } from '../../errors.js';
import { PROJECT } from '../../graph/scope.js';
import type { GraphSink } from '../../graph/sink.js';
import { cacheOf, optionsOf, paceOf, threadsOf, whoseFiles } from '../config/apply.js';
import { effectiveFeatures } from '../config/features.js';
import type { Settings } from '../config/keys.js';
import { type FileOutcome, Ingester, type IngestTotals } from '../ingester.js';
import type { Observed } from '../observed.js';
import { ingesterOptions, pluginsOf, treeOptions } from '../options.js';
import type { InputPlugin } from '../plugins.js';
import type { Session } from '../sessions/session.js';
import type { SessionLog } from '../sessions/session-log.js';
import { checkCache, LineageTree, type TreeFile } from '../tree.js';
import { isRead, walkTree } from '../walk.js';
import { type BatcherSettings, type BatcherStats, EventBatcher } from './batcher.js';
import { FolderWatch } from './events.js';
import { memoryPercent } from './memory.js';
import { type PoolSettings, type PoolStats, PRIORITY, type Priority, WorkerPool } from './pool.js';

/** Files that could not be written come again after this long. */
const AGAIN_MS = 5000;

/** Entries of the cache that are held against their files at the start. */
const ENTRIES_CHECKED = 10;

export interface WatchOptions {
  /** Folders; the last part of each comes before the names of its files in the graph. */
  folders: readonly string[];
  settings: Settings;
  /** Opened and closed by the watcher. */
  sink: GraphSink;
  meter: Observed;
  sessions: SessionLog;
  /** Who reads files of other endings. */
  plugins?: readonly InputPlugin[];
  onNote?: (line: string) => void;
  onError?: (error: unknown) => void;
}

/** What a watcher did so far. */
export interface WatchStats {
  runId: string;
  batcher: BatcherStats;
  pool: PoolStats;
  totals: IngestTotals;
}

/** Where a text comes from that is handed in, and how it is read. */
export interface TextOrigin {
  /** Id of a dialect, or `auto`; that of the files where it is not said. */
  dialect?: string;
  /** Project that it is read for, and that the session is of. */
  project?: string;
  /** How it came: `upload`, say. */
  origin?: string;
}

/** Keeps a graph up to date with folders while their files change: events, batcher, workers, tree, sink. */
export class LineageWatcher {
  readonly #options: WatchOptions;
  readonly #runId = randomUUID();
  readonly #roots: ReadonlyMap<string, string>;
  readonly #batcher: EventBatcher;
  readonly #pool: WorkerPool;
  /** Who is told what became of a file, by its name. */
  readonly #listeners = new Map<string, (outcome: FileOutcome) => void>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #settings: Settings;
  #tree!: LineageTree;
  #ingester!: Ingester;
  #watches: FolderWatch[] = [];

  private constructor(options: WatchOptions) {
    const { meter, settings, onError } = options;
    [this.#options, this.#settings] = [options, settings];
    this.#roots = new Map(options.folders.map((folder) => [resolve(folder), basename(resolve(folder))]));
    const hooks = { meter, ...(onError ? { onError } : {}) };
    this.#batcher = new EventBatcher(batcherSettings(settings), (paths) => this.#submit(paths, PRIORITY.normal), hooks);
    this.#pool = new WorkerPool(poolSettings(settings), { ...hooks, memoryPercent });
  }

  /**
   * Starts to watch; files that are there already are taken in as the settings say.
   *
   * @throws RowmillError of the walk, the tree and the sink; nothing is watched then
   */
  static async start(options: WatchOptions): Promise<LineageWatcher> {
    const watcher = new LineageWatcher(options);
    await options.sink.open();
    try {
      await watcher.#start();
      return watcher;
    } catch (error) {
      await Promise.all(watcher.#watches.map((each) => each.close()));
      await options.sink.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { folders, sink, meter, onNote } = this.#options;
    const isRecursive = this.#settings['watch.recursive'];
    const plugins = pluginsOf({ ...optionsOf(this.#settings), plugins: this.#options.plugins ?? [] });
    const isWanted = (name: string): boolean => isRead(name) || plugins.handles(name);
    const walked = await walkTree(folders, { isRecursive, isWanted });
    await this.#checkCache();
    this.#tree = await LineageTree.open(treeOptions(optionsOf(this.#settings)));
    const onFile = (outcome: FileOutcome): void => this.#listeners.get(outcome.name)?.(outcome);
    const options = { ...ingesterOptions({ ...paceOf(this.#settings), meter, onFile }, this.#runId), plugins };
    this.#ingester = new Ingester(this.#tree, sink, sink.known(), options);
    this.#pool.start();
    const onError = (error: unknown): void => this.#options.onError?.(error);
    const events = { onFile: (path: string) => this.#batcher.add(path), onError };
    for (const folder of this.#roots.keys()) this.#watches.push(await FolderWatch.start(folder, { isRecursive, isWanted }, events));
    if (this.#settings['watch.process_existing']) for (const { path } of walked.files) this.#batcher.add(path);
    if (this.#settings['watch.process_existing'] && this.#settings['watch.remove_missing'])
      for (const path of await this.#missing(walked.files)) this.#batcher.add(path);
    onNote?.(`watching ${[...this.#roots.keys()].join(', ')}`);
  }

  /** Some entries at the start: who watches for weeks should not build on a damaged cache. */
  async #checkCache(): Promise<void> {
    const cache = cacheOf(this.#settings);
    if (cache === null) return;
    const { checked, failed } = await checkCache(cache, ENTRIES_CHECKED);
    if (failed > 0)
      this.#options.onNote?.(`${failed} of ${checked} entries of the cache ${cache.path} were damaged or of other files, and are deleted`);
  }

  /** Where files were that the sink holds of the folders, and that are gone. */
  async #missing(files: readonly TreeFile[]): Promise<string[]> {
    const found = new Set(files.map(({ name }) => name));
    const isRecursive = this.#settings['watch.recursive'];
    return [...(await this.#ingester.knownNames())]
      .filter((name) => !found.has(name) && (isRecursive || name.split('/').length === 2))
      .flatMap((name) => this.#pathOf(name));
  }

  /** Where a file of the graph is; nowhere for those that are not below a watched folder. */
  #pathOf(name: string): string[] {
    const [first = '', ...below] = name.split('/');
    return [...this.#roots].filter(([, inGraph]) => inGraph === first && below.length > 0).map(([root]) => resolve(root, ...below));
  }

  /** Puts files into the queue; ends when they are done with. */
  async #submit(paths: readonly string[], priority: Priority): Promise<void> {
    const { done } = await this.#pool.submit(() => this.#take(paths), priority);
    await done;
  }

  /** Takes in files at once, before what changed by itself; ends when they are in the graph. Those outside of the folders are refused. */
  async ingest(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.#nameOf(path);
    await this.#submit(
      paths.map((path) => resolve(path)),
      PRIORITY.critical,
    );
  }

  /** Takes in a text under a name, before what changed by itself; answers what became of it. */
  async ingestText(name: string, text: string, how: TextOrigin = {}): Promise<FileOutcome> {
    const { dialect, project, origin } = how;
    const own = {
      ...(dialect !== undefined && { dialect }),
      properties: { ...(project !== undefined && { [PROJECT]: project }), ...(origin !== undefined && { source: origin }) },
    };
    let outcome: FileOutcome = { name, status: 'unchanged', nodes: 0, error: null };
    const work = (): Promise<void> =>
      this.#during({ source: origin ?? 'text', ...(project !== undefined && { project }) }, [name], async (session) => {
        this.#listeners.set(name, (told) => {
          outcome = told;
          session.file(told);
        });
        await this.#ingester.readText(name, text, own);
        await this.#ingester.drain();
      });
    await (await this.#pool.submit(work, PRIORITY.critical)).done;
    return outcome;
  }

  async #take(paths: readonly string[]): Promise<void> {
    const files: TreeFile[] = [];
    const gone: string[] = [];
    for (const path of paths) {
      const name = this.#nameOf(path);
      if (await isFile(path)) files.push({ path, name });
      else gone.push(name);
    }
    const names = files.map(({ name }) => name);
    await this.#during({ source: 'watch' }, names, async () => {
      if (files.length > 0) await this.#ingester.read(files);
      if (gone.length > 0 && this.#settings['watch.remove_missing']) await this.#ingester.forget(gone);
      await this.#ingester.drain();
      await this.#options.sink.settle?.();
      await this.#tree.flush();
      await this.#options.meter.gaugeCache(this.#settings);
    });
  }

  /** Works on files in a session that is told of them; those that a failure kept from being written come again later. */
  async #during(about: { source: string; project?: string }, names: readonly string[], work: (session: Session) => Promise<void>): Promise<void> {
    const session = this.#options.sessions.start({ ...whoseFiles(this.#settings), ...about });
    session.begin(names.length);
    for (const name of names) this.#listeners.set(name, (outcome) => session.file(outcome));
    try {
      await work(session);
      session.end();
    } catch (error) {
      session.end(error);
      this.#again(this.#ingester.takeUnwritten());
      throw error;
    } finally {
      for (const name of names) this.#listeners.delete(name);
    }
  }

  #again(names: readonly string[]): void {
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      for (const name of names) for (const path of this.#pathOf(name)) this.#batcher.add(path);
    }, AGAIN_MS);
    this.#retries.add(timer);
  }

  #nameOf(path: string): string {
    for (const [root, name] of this.#roots) {
      const below = relative(root, resolve(path));
      if (below !== '' && !below.startsWith('..')) return `${name}/${below.split(sep).join('/')}`;
    }
    const help = `Give a file below ${[...this.#roots.keys()].join(', ')}.`;
    throw new RowmillError({
      code: 'PLAN_INVALID',
      message: 'the file is not below a watched folder',
      help,
      retryable: false,
      place: { file: path },
    });
  }

  /** Settings that count from the next file on; what is read, from where and to where stays as it was. */
  async configure(settings: Settings): Promise<void> {
    await this.#tree.configure(threadsOf(settings), cacheOf(settings));
    this.#settings = settings;
    this.#options.meter.configure(settings);
    this.#ingester.configure(paceOf(settings));
    this.#batcher.configure(batcherSettings(settings));
    this.#pool.configure(poolSettings(settings));
  }

  stats(): WatchStats {
    return { runId: this.#runId, batcher: this.#batcher.stats(), pool: this.#pool.stats(), totals: this.#ingester.totals };
  }

  /** Ends when all that was told so far is in the graph. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  /** Stops watching, takes in what is known of, and closes the sink. */
  async stop(): Promise<WatchStats> {
    await Promise.all(this.#watches.map((watch) => watch.close()));
    for (const timer of this.#retries) clearTimeout(timer);
    await this.#batcher.shutdown();
    await this.#pool.stop();
    await this.#tree.flush();
    await this.#options.sink.close();
    return this.stats();
  }
}

function batcherSettings(settings: Settings): BatcherSettings {
  return {
    isEnabled: effectiveFeatures(settings).batching,
    debounceSeconds: settings['batching.debounce_seconds'],
    sizeThreshold: settings['batching.size_threshold'],
    maxWaitSeconds: settings['batching.max_wait_seconds'],
  };
}

function poolSettings(settings: Settings): PoolSettings {
  return {
    workers: threadsOf(settings),
    maxQueue: settings['workers.max_queue'],
    memoryThresholdPercent: settings['workers.memory_threshold_percent'],
    memoryWaitSeconds: settings['workers.memory_wait_seconds'],
  };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}
