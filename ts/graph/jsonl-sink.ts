import {
  clearFolder,
  forgetMerged,
  hasMerged,
  makeFolder,
  readGraph,
  readHeads,
  readTold,
  removeTold,
  writeMerged,
  writeTold,
} from './jsonl-folder.js';
import { openJsonl } from './jsonl-reader.js';
import { byFile } from './memory.js';
import type { GraphEdge, GraphFile, GraphNode, GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { GraphItems, GraphSink, GraphStats, KnownFile, RunId, WriteCounts } from './sink.js';
import { noCounts } from './write-parts.js';

export interface JsonlSinkOptions {
  /** Folder of the graph; it is made where it is missing. */
  folder: string;
  retry?: RetryOptions;
}

/** Files that are on their way to the disk at the same time. */
const WRITTEN_AT_ONCE = 16;

/**
 * The graph as JSON lines in a folder: one file for what each file tells, and after each session `nodes.jsonl` and `edges.jsonl` of all of them together.
 * For one writer at a time.
 */
export class JsonlSink implements GraphSink {
  readonly name = 'jsonl';
  readonly #folder: string;
  readonly #retry: RetryOptions | undefined;
  #isOpen = false;
  /** Ids of all nodes, read when first needed; null where some of them may be gone. */
  #ids: Set<string> | null = null;
  /** What changes the folder comes one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ folder, retry }: JsonlSinkOptions) {
    this.#folder = folder;
    this.#retry = retry;
  }

  async open(): Promise<void> {
    await makeFolder(this.#folder);
    this.#isOpen = true;
  }

  async known(): Promise<Map<string, KnownFile>> {
    const heads = await readHeads(this.#folder);
    return new Map(heads.map(({ file: { name, sha256, digest }, processedAt }) => [name, { sha256, digest, processedAt: new Date(processedAt) }]));
  }

  write(source: GraphSource, from: number, to: number, run: RunId): Promise<WriteCounts> {
    return this.#change(async () => {
      const { nodes, edges } = await source.graph(from, to);
      const own = new Set(nodes.map(({ id }) => id));
      const files = source.files().slice(from, to);
      const nodesOf = byFile(nodes);
      const edgesOf = byFile(edges);
      for (let at = 0; at < files.length; at += WRITTEN_AT_ONCE) {
        const some = files.slice(at, at + WRITTEN_AT_ONCE);
        await Promise.all(some.map((file) => this.#replace(file, nodesOf.get(file.name) ?? [], edgesOf.get(file.name) ?? [], run)));
      }
      const strange = edges.flatMap((edge) => [edge.from, edge.to]).filter((id) => !own.has(id));
      return { ...noCounts(), files: files.length, nodes: nodes.length, edges: edges.length, unmatched: await this.#unmatched(strange) };
    });
  }

  async #replace(file: GraphFile, nodes: GraphNode[], edges: GraphEdge[], run: RunId): Promise<void> {
    const held = await readTold(this.#folder, file.name);
    if (held) this.#ids = null;
    else for (const { id } of nodes) this.#ids?.add(id);
    await writeTold(this.#folder, { file, firstRun: held?.firstRun ?? run, lastRun: run, processedAt: new Date().toISOString(), nodes, edges });
  }

  add(items: GraphItems, run: RunId): Promise<WriteCounts> {
    return this.#change(async () => {
      const counts = { ...noCounts(), files: items.files.length };
      for (const file of items.files) {
        const held = await readTold(this.#folder, file.name);
        const { nodes, edges } = missing(held ?? { nodes: [], edges: [] }, items, file.name);
        counts.nodes += nodes.length;
        counts.edges += edges.length;
        const [allNodes, allEdges] = [
          [...(held?.nodes ?? []), ...nodes],
          [...(held?.edges ?? []), ...edges],
        ];
        await this.#replace(held?.file ?? { ...file, digest: '' }, allNodes, allEdges, run);
      }
      return counts;
    });
  }

  remove(files: readonly string[], _run: RunId): Promise<WriteCounts> {
    return this.#change(async () => {
      const counts = noCounts();
      this.#ids = null;
      for (const name of files) if (await removeTold(this.#folder, name)) counts.files += 1;
      return counts;
    });
  }

  async stats(): Promise<GraphStats> {
    const reader = await openJsonl(this.#folder);
    return reader.stats();
  }

  clear(): Promise<void> {
    return this.#change(() => {
      this.#ids = null;
      return clearFolder(this.#folder);
    });
  }

  /** Also says what all files tell together; a session that was killed before that is made up for by the next one. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#last;
    if (await hasMerged(this.#folder)) return;
    await writeMerged(this.#folder, (await readGraph(this.#folder)).graph);
  }

  /** Only ends that are no node of their own portion are looked for in the whole graph. */
  async #unmatched(strange: readonly string[]): Promise<number> {
    if (strange.length === 0) return 0;
    this.#ids ??= new Set((await readGraph(this.#folder)).graph.ids());
    const ids = this.#ids;
    return strange.filter((id) => !ids.has(id)).length;
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const changed = this.#last.then(async () => {
      await forgetMerged(this.#folder);
      return withRetry(work, this.#retry);
    });
    this.#last = changed.catch(() => undefined);
    return changed;
  }
}

/** What is said of a file that is not held yet. */
function missing(held: { nodes: GraphNode[]; edges: GraphEdge[] }, items: GraphItems, name: string): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const keyOf = ({ from, type, to }: GraphEdge): string => `${from} ${type} ${to}`;
  const ids = new Set(held.nodes.map(({ id }) => id));
  const keys = new Set(held.edges.map(keyOf));
  return {
    nodes: items.nodes.filter(({ file, id }) => file === name && !ids.has(id)),
    edges: items.edges.filter((edge) => edge.file === name && !keys.has(keyOf(edge))),
  };
}
