import { RowmillError } from '../errors.js';
import { appendLetters, type DeadLetter } from './dead-letters.js';
import { MemoryGraph } from './memory.js';
import type { GraphEdge, GraphFile, GraphNode, GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { GraphItems, WriteCounts } from './sink.js';

/** What one transaction of a sink writes. */
export interface Part {
  source: GraphSource;
  from: number;
  to: number;
  /** Names of files of which only a part is written. */
  incomplete?: ReadonlySet<string>;
}

/** What a transaction wrote. */
export interface WrittenPart {
  nodes: number;
  edges: number;
  unmatched: number;
}

/** A sink's ways to write; each is all or nothing, and may be done twice. */
export interface PartWriter {
  /** Replaces the graphs of the files of a part. */
  replace(part: Part): Promise<WrittenPart>;
  /** Adds items to files that are held; what they have already is left. */
  add(items: GraphItems): Promise<WrittenPart>;
  /** Says that a file, of which a part was written before, is held whole. */
  finish(file: GraphFile): Promise<void>;
}

export interface PartOptions {
  sink: string;
  /** Where the sink is, without passwords. */
  database: string;
  retry?: RetryOptions | undefined;
  /** File for items that cannot be written; without one the failure is thrown. */
  deadLetters?: string | undefined;
  /** Whether each item is written on its own. Default: false. */
  isOneByOne?: boolean | undefined;
}

/** Parts of neighbours of at most this many nodes and edges, at least a file each; all of them as one where no number is given. */
export function rangesOf(source: GraphSource, from: number, to: number, items = Number.POSITIVE_INFINITY): [number, number][] {
  const ranges: [number, number][] = [];
  let held = 0;
  for (const [at, { nodes, edges }] of source.files().slice(from, to).entries()) {
    const last = ranges.at(-1);
    held += nodes + edges;
    if (last && held <= items) last[1] = from + at + 1;
    else {
      ranges.push([from + at, from + at + 1]);
      held = nodes + edges;
    }
  }
  return ranges;
}

/** Nothing was changed. */
export function noCounts(): WriteCounts {
  return { files: 0, nodes: 0, edges: 0, unmatched: 0, retries: 0, splits: 0, deadLetters: 0 };
}

/** Both together. */
export function sumOf(left: WriteCounts, right: WriteCounts): WriteCounts {
  const sum = noCounts();
  for (const key of Object.keys(sum) as (keyof WriteCounts)[]) sum[key] = left[key] + right[key];
  return sum;
}

/**
 * Writes a part. What passes is tried again; what does not is halved, only where it failed, down to files and then to single items, which go to the
 * dead-letter file.
 *
 * @throws RowmillError where no item is at fault: the server is away, the login is refused
 */
export async function writeParts(writer: PartWriter, part: Part, options: PartOptions): Promise<WriteCounts> {
  if (options.isOneByOne) return eachFile(writer, part, options);
  const counts = noCounts();
  try {
    const written = await withRetry(() => writer.replace(part), counted(options.retry, counts));
    return { ...counts, ...written, files: part.to - part.from };
  } catch (error) {
    if (!isOfItems(error)) throw error;
    counts.splits += 1;
    const rest = part.to - part.from > 1 ? await writeHalves(writer, part, options) : await mendFile(writer, part, options, error);
    return sumOf(counts, rest);
  }
}

async function writeHalves(writer: PartWriter, part: Part, options: PartOptions): Promise<WriteCounts> {
  const middle = (part.from + part.to) >> 1;
  const first = await writeParts(writer, { ...part, to: middle }, options);
  return sumOf(first, await writeParts(writer, { ...part, from: middle }, options));
}

async function eachFile(writer: PartWriter, part: Part, options: PartOptions): Promise<WriteCounts> {
  let counts = noCounts();
  for (let at = part.from; at < part.to; at += 1) {
    counts = sumOf(counts, await writeFile(writer, { ...part, from: at, to: at + 1 }, options));
  }
  return counts;
}

/** The same options, and counts of the tries. */
function counted(retry: RetryOptions | undefined, counts: WriteCounts): RetryOptions {
  return {
    ...retry,
    onRetry(error, wait) {
      counts.retries += 1;
      retry?.onRetry?.(error, wait);
    },
  };
}

/** Failures that the items may be the reason of; all others would be the same for each of them. */
const OF_ITEMS = new Set(['SINK_WRITE_FAILED', 'SINK_COPY_INVALID', 'SINK_DATABASE_BUSY']);

/** Whether it may help to try fewer items. */
export function isOfItems(error: unknown): error is RowmillError {
  return error instanceof RowmillError && OF_ITEMS.has(error.code);
}

type Item = { kind: 'node'; item: GraphNode } | { kind: 'edge'; item: GraphEdge };

/** Without a place for what is at fault, the former graph of the file stays. */
async function mendFile(writer: PartWriter, part: Part, options: PartOptions, reason: RowmillError): Promise<WriteCounts> {
  if (!options.deadLetters) throw reason;
  return writeFile(writer, part, options);
}

/** Writes what can be written of one file, and sets the items at fault aside: begun anew, added to, and said to be whole where it is. */
async function writeFile(writer: PartWriter, part: Part, options: PartOptions): Promise<WriteCounts> {
  const file = part.source.files()[part.from];
  if (!file) return noCounts();
  const counts = { ...noCounts(), files: 1 };
  const retry = counted(options.retry, counts);
  const { nodes, edges } = await part.source.graph(part.from, part.from + 1);
  // Nodes first: an edge finds its ends.
  const items: Item[] = [...nodes.map((item): Item => ({ kind: 'node', item })), ...edges.map((item): Item => ({ kind: 'edge', item }))];
  const begun = await begin(writer, file, retry);
  if (begun) return setAside(new Map(items.map((item) => [item, begun])), file, counts, options);
  const faults = new Map<Item, RowmillError>();
  const add = async (chosen: readonly Item[]): Promise<void> => {
    const written = await withRetry(() => writer.add({ files: [file], ...partsOf(chosen) }), retry);
    counts.unmatched += written.unmatched;
    for (const { kind } of chosen) counts[kind === 'node' ? 'nodes' : 'edges'] += 1;
  };
  for (const chosen of options.isOneByOne ? items.map((item) => [item]) : [items]) await isolate(chosen, add, faults, counts);
  if (faults.size === 0) await withRetry(() => writer.finish(file), retry);
  return setAside(faults, file, counts, options);
}

/** Takes the former graph of a file away; answers why not, where it stays. */
async function begin(writer: PartWriter, file: GraphFile, retry: RetryOptions): Promise<RowmillError | null> {
  const empty = new MemoryGraph({ nodes: [], edges: [] }, [file]);
  try {
    await withRetry(() => writer.replace({ source: empty, from: 0, to: 1, incomplete: new Set([file.name]) }), retry);
    return null;
  } catch (error) {
    if (isOfItems(error)) return error;
    throw error;
  }
}

/** Adds items, in halves where they fail, down to those at fault. */
async function isolate(
  items: readonly Item[],
  add: (chosen: readonly Item[]) => Promise<void>,
  faults: Map<Item, RowmillError>,
  counts: WriteCounts,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await add(items);
  } catch (error) {
    if (!isOfItems(error)) throw error;
    const [only] = items;
    if (only && items.length === 1) {
      faults.set(only, error);
      return;
    }
    counts.splits += 1;
    const middle = (items.length + 1) >> 1;
    await isolate(items.slice(0, middle), add, faults, counts);
    await isolate(items.slice(middle), add, faults, counts);
  }
}

async function setAside(faults: ReadonlyMap<Item, RowmillError>, file: GraphFile, counts: WriteCounts, options: PartOptions): Promise<WriteCounts> {
  const [first] = faults.values();
  if (!first) return counts;
  if (!options.deadLetters) throw first;
  const letters = [...faults].map(([{ kind, item }, error]) => letterOf({ kind, item } as Item, file, error, options));
  await appendLetters(options.deadLetters, letters);
  return { ...counts, deadLetters: letters.length };
}

function partsOf(items: readonly Item[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  return {
    nodes: items.flatMap((each) => (each.kind === 'node' ? [each.item] : [])),
    edges: items.flatMap((each) => (each.kind === 'edge' ? [each.item] : [])),
  };
}

function letterOf(item: Item, file: DeadLetter['file'], error: RowmillError, options: PartOptions): DeadLetter {
  const { sink, database } = options;
  const attempts = error.retryable ? (options.retry?.attempts ?? 5) : 1;
  return { timestamp: new Date().toISOString(), error: `${error.code}: ${error.message}`, sink, database, attempts, file, ...item };
}
