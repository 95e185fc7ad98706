import { RowmillError } from '../errors.js';
import type { GraphFile, GraphSource } from '../graph/model.js';
import type { GraphSink, KnownFile, WriteCounts } from '../graph/sink.js';
import { type Meter, NO_METRICS } from '../metrics/index.js';
import type { Plugins } from './plugins.js';
import type { FileProblem, FileRead, LineageTree, Resolved, TextOptions, TreeFile } from './tree.js';

/** Problems that totals tell one by one. */
const PROBLEMS_KEPT = 200;
/** What totals add up of writing. */
const COUNTED = ['nodes', 'edges', 'unmatched', 'retries', 'splits', 'deadLetters'] as const;

/** A place that could not be understood. */
export interface FileProblemReport extends FileProblem {
  file: string;
}

/** What was done so far. */
export interface IngestTotals {
  files: {
    /** Whose parse was in the cache. */
    cached: number;
    /** Whose graph was written. */
    written: number;
    /** Whose graph the sink had already. */
    unchanged: number;
    /** That are gone, and were removed from the graph. */
    removed: number;
    /** That could not be read; what the graph holds of them stays. */
    failed: number;
  };
  /** Statements of the files that were looked at, those that bear lineage by their first words, and those of them that yielded structure. */
  statements: { all: number; bearing: number; structured: number };
  /** What was written. */
  graph: Pick<WriteCounts, (typeof COUNTED)[number]>;
  /** How many places could not be understood, and the first of them. */
  problems: { count: number; first: FileProblemReport[] };
  failures: { file: string; reason: string }[];
  /** Reading and resolving include what the cache does. */
  stageSeconds: { read: number; resolve: number; write: number };
}

/** What became of a file. */
export interface FileOutcome {
  name: string;
  status: 'written' | 'unchanged' | 'failed';
  nodes: number;
  /** Why it failed; null where it did not. */
  error: string | null;
}

export interface IngesterOptions {
  /** Files that are resolved at once: their graphs are held until they are written. */
  resolvedAtOnce: number;
  /** Files of a write. */
  batchFiles: number;
  /** Portions that are written at the same time, while the next one is resolved. */
  writtenAtOnce: number;
  runId: string;
  signal?: AbortSignal | undefined;
  meter?: Meter;
  /** Who reads files that the tree does not. */
  plugins?: Plugins;
  onFile?: (outcome: FileOutcome) => void;
}

/** Brings a graph up to date with files, as often as it is told of some. Calls of {@link drain} and {@link forget} wait for each other. */
export class Ingester {
  readonly #tree: LineageTree;
  readonly #sink: GraphSink;
  readonly #held: Promise<Map<string, KnownFile>>;
  #known = new Map<string, KnownFile>();
  #options: IngesterOptions;
  readonly #meter: Meter;
  readonly #unwritten = new Set<string>();
  /** What plugins made, and is not written yet. */
  readonly #graphs: GraphSource[] = [];
  readonly #readAtMs = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();
  #processed = 0;
  readonly totals: IngestTotals = {
    files: { cached: 0, written: 0, unchanged: 0, removed: 0, failed: 0 },
    statements: { all: 0, bearing: 0, structured: 0 },
    graph: { nodes: 0, edges: 0, unmatched: 0, retries: 0, splits: 0, deadLetters: 0 },
    problems: { count: 0, first: [] },
    failures: [],
    stageSeconds: { read: 0, resolve: 0, write: 0 },
  };

  /** @param known what the sink holds; it is needed, and asked after, when something is to be written. A failure of it is met there. */
  constructor(tree: LineageTree, sink: GraphSink, known: Promise<Map<string, KnownFile>>, options: IngesterOptions) {
    [this.#tree, this.#sink, this.#held, this.#options] = [tree, sink, known, options];
    known.catch(() => undefined);
    this.#meter = options.meter ?? NO_METRICS;
  }

  /** Names of files that the sink holds. */
  async knownNames(): Promise<IterableIterator<string>> {
    return (await this.#held).keys();
  }

  /** Reads files; their graphs follow with {@link drain}. */
  async read(files: readonly TreeFile[]): Promise<void> {
    this.#continue();
    const { plugins } = this.#options;
    const own = plugins ? files.filter(({ name }) => !plugins.handles(name)) : files;
    for (const read of await this.#timed('read', this.#tree.read(own))) this.#noteRead(read);
    if (own.length < files.length) for (const file of files) if (plugins?.handles(file.name)) await this.#readByPlugin(plugins, file);
  }

  async #readByPlugin(plugins: Plugins, file: TreeFile): Promise<void> {
    const reading = await this.#timed('read', plugins.read(file));
    if ('text' in reading) await this.readText(file.name, reading.text);
    else if ('failure' in reading) this.#noteRead({ name: file.name, sha256: null, bytes: null, isCached: false, failure: reading.failure });
    else {
      this.#readAtMs.set(file.name, performance.now());
      this.#graphs.push(reading.graph);
    }
  }

  /** Takes in a text under a name, as {@link read} does a file. */
  async readText(name: string, text: string, own: TextOptions = {}): Promise<FileRead> {
    const read = await this.#timed('read', this.#tree.readText(name, text, own));
    this.#noteRead(read);
    return read;
  }

  #noteRead({ name, failure, isCached }: FileRead): void {
    if (failure === null) {
      this.#readAtMs.set(name, performance.now());
      this.#meter.count(isCached ? 'parse_cache_hit_total' : 'parse_cache_miss_total');
      return;
    }
    this.totals.files.failed += 1;
    if (this.totals.failures.length < PROBLEMS_KEPT) this.totals.failures.push({ file: name, reason: failure });
    this.#meter.count('files_failed_total');
    this.#options.onFile?.({ name, status: 'failed', nodes: 0, error: failure });
  }

  /** Resolves and writes whatever is not in the sink as it should be. */
  drain(): Promise<void> {
    return this.#inTurn(() => this.#drain());
  }

  /** Forgets files that are gone, and what only they told; files that looked up their columns are written anew. */
  async forget(names: readonly string[]): Promise<void> {
    await this.#inTurn(async () => {
      this.#known = await this.#held;
      const gone = names.filter((name) => this.#known.has(name));
      await this.#tree.forget(names);
      if (gone.length > 0) await this.#timed('write', this.#sink.remove(gone, this.#options.runId));
      for (const name of gone) this.#known.delete(name);
      this.totals.files.removed += gone.length;
      await this.#drain();
    });
  }

  /** Two that resolve at the same time could write an older graph over a newer one. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Some portions are written while the next one is resolved. */
  async #drain(): Promise<void> {
    this.#known = await this.#held;
    const writing: Promise<void>[] = [];
    try {
      for (;;) {
        this.#continue();
        const beganMs = performance.now();
        const resolved = await this.#timed('resolve', this.#tree.resolve(this.#options.resolvedAtOnce));
        if (resolved.files().length === 0) break;
        this.#noteFiles(resolved);
        if (writing.length >= this.#options.writtenAtOnce) await writing.shift();
        const written = this.#timed('write', this.#writeOnce(resolved)).then(() => this.#noteBatch(resolved.files().length, beganMs));
        // Its failure is met where it is awaited, one or two portions later.
        written.catch(() => undefined);
        writing.push(written);
      }
    } finally {
      // The sink may be closed next, so nothing may be on its way to it.
      await Promise.allSettled(writing);
    }
    await Promise.all(writing);
    for (let graph = this.#graphs.shift(); graph; graph = this.#graphs.shift()) await this.#timed('write', this.#write(graph));
  }

  #noteBatch(files: number, beganMs: number): void {
    const seconds = (performance.now() - beganMs) / 1000;
    this.#meter.observe('batch_size_histogram', files);
    this.#meter.observe('batch_processing_duration_seconds', seconds);
    this.#meter.set('files_processed_per_second', files / seconds);
    this.#meter.set('total_files_processed', this.#processed);
  }

  #noteFiles(resolved: Resolved): void {
    const { statements, files, problems } = this.totals;
    for (const file of resolved.files()) {
      statements.all += file.statements;
      statements.bearing += file.bearing;
      statements.structured += file.structured;
      if (file.isCached) files.cached += 1;
      problems.count += file.problems.length;
      const room = PROBLEMS_KEPT - problems.first.length;
      problems.first.push(...file.problems.slice(0, Math.max(room, 0)).map((problem) => ({ file: file.name, ...problem })));
      this.#meter.count('statements_parsed_total', file.statements);
      this.#meter.count('parse_errors_total', file.problems.length);
    }
  }

  async #writeOnce(resolved: Resolved): Promise<void> {
    try {
      await this.#write(resolved);
    } finally {
      resolved.free();
    }
  }

  async #write(resolved: GraphSource): Promise<void> {
    const ranges = this.#ranges(resolved);
    for (const range of ranges) for (const { name } of resolved.files().slice(...range)) this.#unwritten.add(name);
    for (const [from, to] of ranges) {
      this.#continue();
      const beganMs = performance.now();
      const counts = await this.#sink.write(resolved, from, to, this.#options.runId);
      this.#noteWrite(counts, (performance.now() - beganMs) / 1000);
      for (const file of resolved.files().slice(from, to)) this.#noteWritten(file, counts.deadLetters === 0);
    }
  }

  /** Files that were not written because a write failed; asking for them takes them off the list. They must be read again to be written. */
  takeUnwritten(): string[] {
    const names = [...this.#unwritten];
    this.#unwritten.clear();
    return names;
  }

  /** Another pace from the next portion on. */
  configure(pace: Pick<IngesterOptions, 'resolvedAtOnce' | 'batchFiles' | 'writtenAtOnce'>): void {
    this.#options = { ...this.#options, ...pace };
  }

  #noteWrite(counts: WriteCounts, seconds: number): void {
    for (const key of COUNTED) this.totals.graph[key] += counts[key];
    const [meter, sink] = [this.#meter, this.#sink.name];
    meter.count('graph_edges_unmatched_total', counts.unmatched);
    meter.count('graph_items_failed_total', counts.deadLetters);
    meter.count('neo4j_batch_create_total');
    meter.count('graph_batch_create_total', 1, sink);
    meter.count('graph_files_written_total', counts.files, sink);
    meter.count('neo4j_entities_created_total', counts.nodes);
    meter.count('graph_entities_created_total', counts.nodes, sink);
    meter.count('neo4j_relationships_created_total', counts.edges);
    meter.count('graph_relationships_created_total', counts.edges, sink);
    meter.count('neo4j_retry_total', counts.retries);
    meter.count('graph_retry_total', counts.retries, sink);
    meter.observe('neo4j_batch_duration_seconds', seconds);
    meter.observe('graph_batch_duration_seconds', seconds, sink);
  }

  /** A file of which a part is missing counts as not held, so that it is written again. */
  #noteWritten({ name, sha256, digest, nodes }: GraphFile, isWhole: boolean): void {
    this.#unwritten.delete(name);
    this.#known.set(name, { sha256, digest: isWhole ? digest : '', processedAt: new Date() });
    this.totals.files.written += 1;
    this.#done({ name, status: 'written', nodes, error: null });
  }

  /** Says that a file is done with, once for each time that it was read. */
  #done(outcome: FileOutcome): void {
    const readAtMs = this.#readAtMs.get(outcome.name);
    if (readAtMs !== undefined) {
      this.#readAtMs.delete(outcome.name);
      this.#meter.observe('file_processing_duration_seconds', (performance.now() - readAtMs) / 1000);
      this.#meter.count('files_processed_total');
      this.#processed += 1;
    }
    this.#options.onFile?.(outcome);
  }

  /** Batches of neighbours that the sink does not have as they are. */
  #ranges(resolved: GraphSource): [number, number][] {
    const ranges: [number, number][] = [];
    for (const [place, { name, sha256, digest, nodes }] of resolved.files().entries()) {
      const held = this.#known.get(name);
      if (held?.digest === digest && held.sha256 === sha256) {
        this.totals.files.unchanged += 1;
        this.#done({ name, status: 'unchanged', nodes, error: null });
        continue;
      }
      const last = ranges.at(-1);
      if (last && last[1] === place && place - last[0] < this.#options.batchFiles) last[1] = place + 1;
      else ranges.push([place, place + 1]);
    }
    return ranges;
  }

  async #timed<T>(stage: keyof IngestTotals['stageSeconds'], work: Promise<T>): Promise<T> {
    const beganMs = performance.now();
    try {
      return await work;
    } finally {
      this.totals.stageSeconds[stage] += (performance.now() - beganMs) / 1000;
    }
  }

  #continue(): void {
    if (!this.#options.signal?.aborted) return;
    const help = 'Run it again: what was written stays, and the rest follows.';
    throw new RowmillError({ code: 'RUN_CANCELLED', message: 'the run was cancelled', help, retryable: true, place: {} });
  }
}
