import { randomUUID } from 'node:crypto';
import { RowmillError } from '../errors.js';
import type { GraphSink, KnownFile, WriteCounts } from '../graph/sink.js';
import { peakRssBytes } from '../run/peak-memory.js';
import { LINEAGE_DEFAULTS, type LineageOptions, treeOptions } from './options.js';
import { type FileProblem, type FileRead, LineageTree, type Resolved } from './tree.js';
import { type WalkedTree, walkTree } from './walk.js';

/** Files that are read before the run asks whether it shall go on. */
const READ_AT_ONCE = 4096;
/** Files that are resolved at once: their graphs are held until they are written. */
const RESOLVED_AT_ONCE = 250;
/** Portions that are written at the same time, while the next one is resolved. */
const WRITTEN_AT_ONCE = 2;
/** Problems that a report tells one by one. */
const PROBLEMS_KEPT = 200;

/** What a report adds up of writing. */
const COUNTED = ['nodes', 'edges', 'unmatched', 'retries', 'splits', 'deadLetters'] as const;

/** A place that could not be understood. */
export interface FileProblemReport extends FileProblem {
  file: string;
}

/** What a run did. */
export interface LineageReport {
  runId: string;
  sink: string;
  files: {
    /** Found by the walk. */
    found: number;
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
  seconds: number;
  filesPerSecond: number;
  /** Seconds by stage; reading and resolving include what the cache does. */
  stageSeconds: { walk: number; read: number; resolve: number; write: number };
  peakRssBytes: number;
}

/**
 * Brings a graph up to date with a tree of files: new and changed files, files whose columns others define otherwise now, and files that are gone.
 *
 * Each batch is written whole or not at all, and a file that is in the sink as it should be is not written again: a run that was killed is made up for
 * by running again.
 *
 * @throws RowmillError of the walk, the tree and the sink; `RUN_CANCELLED`
 */
export async function runLineage(options: LineageOptions): Promise<LineageReport> {
  const { sink } = options;
  await sink.open();
  try {
    return await new LineageRun(options, sink).run();
  } finally {
    await sink.close();
  }
}

class LineageRun {
  readonly #options: LineageOptions;
  readonly #sink: GraphSink;
  readonly #runId = randomUUID();
  readonly #beganMs = performance.now();
  readonly #files = { found: 0, cached: 0, written: 0, unchanged: 0, removed: 0, failed: 0 };
  readonly #statements = { all: 0, bearing: 0, structured: 0 };
  readonly #graph = { nodes: 0, edges: 0, unmatched: 0, retries: 0, splits: 0, deadLetters: 0 };
  readonly #problems: { count: number; first: FileProblemReport[] } = { count: 0, first: [] };
  readonly #failures: { file: string; reason: string }[] = [];
  readonly #stageSeconds = { walk: 0, read: 0, resolve: 0, write: 0 };

  constructor(options: LineageOptions, sink: GraphSink) {
    this.#options = options;
    this.#sink = sink;
  }

  async run(): Promise<LineageReport> {
    const tree = await LineageTree.open(treeOptions(this.#options));
    const walked = await this.#timed('walk', walkTree(this.#options.paths));
    this.#files.found = walked.files.length;
    const known = await this.#sink.known();
    for (let from = 0; from < walked.files.length; from += READ_AT_ONCE) {
      this.#continue();
      this.#noteReads(await this.#timed('read', tree.read(walked.files.slice(from, from + READ_AT_ONCE))));
    }
    await this.#writeChanged(tree, known);
    if (this.#options.removeMissing ?? true) await this.#remove(walked, known);
    await tree.flush();
    return this.#report();
  }

  #noteReads(reads: readonly FileRead[]): void {
    for (const { name, failure } of reads) if (failure !== null) this.#failures.push({ file: name, reason: failure });
    this.#files.failed = this.#failures.length;
  }

  /** Some portions are written while the next one is resolved. */
  async #writeChanged(tree: LineageTree, known: ReadonlyMap<string, KnownFile>): Promise<void> {
    const writing: Promise<void>[] = [];
    try {
      for (;;) {
        this.#continue();
        const resolved = await this.#timed('resolve', tree.resolve(RESOLVED_AT_ONCE));
        if (resolved.files().length === 0) break;
        this.#noteFiles(resolved);
        if (writing.length >= WRITTEN_AT_ONCE) await writing.shift();
        const written = this.#timed('write', this.#write(resolved, known));
        // Its failure is met where it is awaited, one or two portions later.
        written.catch(() => undefined);
        writing.push(written);
      }
    } finally {
      // The sink is closed next, so nothing may be on its way to it.
      await Promise.allSettled(writing);
    }
    await Promise.all(writing);
  }

  #noteFiles(resolved: Resolved): void {
    for (const file of resolved.files()) {
      this.#statements.all += file.statements;
      this.#statements.bearing += file.bearing;
      this.#statements.structured += file.structured;
      if (file.isCached) this.#files.cached += 1;
      this.#problems.count += file.problems.length;
      const room = PROBLEMS_KEPT - this.#problems.first.length;
      this.#problems.first.push(...file.problems.slice(0, Math.max(room, 0)).map((problem) => ({ file: file.name, ...problem })));
    }
  }

  async #write(resolved: Resolved, known: ReadonlyMap<string, KnownFile>): Promise<void> {
    for (const [from, to] of this.#ranges(resolved, known)) {
      this.#continue();
      const counts = await this.#sink.write(resolved, from, to, this.#runId);
      this.#files.written += to - from;
      for (const key of COUNTED) this.#graph[key] += counts[key];
    }
  }

  /** Batches of neighbours that the sink does not have as they are. */
  #ranges(resolved: Resolved, known: ReadonlyMap<string, KnownFile>): [number, number][] {
    const ranges: [number, number][] = [];
    const most = this.#options.batchFiles ?? LINEAGE_DEFAULTS.batchFiles;
    for (const [place, { name, sha256, digest }] of resolved.files().entries()) {
      const held = known.get(name);
      if (held?.digest === digest && held.sha256 === sha256) {
        this.#files.unchanged += 1;
        continue;
      }
      const last = ranges.at(-1);
      if (last && last[1] === place && place - last[0] < most) last[1] = place + 1;
      else ranges.push([place, place + 1]);
    }
    return ranges;
  }

  async #remove({ files, prefixes }: WalkedTree, known: ReadonlyMap<string, KnownFile>): Promise<void> {
    const found = new Set(files.map(({ name }) => name));
    const gone = [...known.keys()].filter((name) => !found.has(name) && prefixes.some((prefix) => name.startsWith(prefix)));
    if (gone.length === 0) return;
    await this.#timed('write', this.#sink.remove(gone, this.#runId));
    this.#files.removed = gone.length;
  }

  async #timed<T>(stage: keyof LineageReport['stageSeconds'], work: Promise<T>): Promise<T> {
    const beganMs = performance.now();
    try {
      return await work;
    } finally {
      this.#stageSeconds[stage] += (performance.now() - beganMs) / 1000;
    }
  }

  #continue(): void {
    if (!this.#options.signal?.aborted) return;
    const help = 'Run it again: what was written stays, and the rest follows.';
    throw new RowmillError({ code: 'RUN_CANCELLED', message: 'the run was cancelled', help, retryable: true, place: {} });
  }

  #report(): LineageReport {
    const seconds = (performance.now() - this.#beganMs) / 1000;
    return {
      runId: this.#runId,
      sink: this.#sink.name,
      files: this.#files,
      statements: this.#statements,
      graph: this.#graph,
      problems: this.#problems,
      failures: this.#failures,
      seconds,
      filesPerSecond: this.#files.found / seconds,
      stageSeconds: this.#stageSeconds,
      peakRssBytes: peakRssBytes(),
    };
  }
}
