import { RowmillError } from '../errors.js';
import { appendLetters, type DeadLetter } from './dead-letters.js';
import { MemoryGraph } from './memory.js';
import type { GraphEdge, GraphNode, GraphSource } from './model.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { WriteCounts } from './sink.js';

/** What one transaction of a sink writes. */
export interface Part {
  source: GraphSource;
  from: number;
  to: number;
  /** Names of files of which only a part is written. */
  incomplete?: ReadonlySet<string>;
}

/** A sink's way to write a part, all or nothing. */
export type WritePart = (part: Part) => Promise<{ nodes: number; edges: number; unmatched: number }>;

export interface PartOptions {
  sink: string;
  /** Where the sink is, without passwords. */
  database: string;
  retry?: RetryOptions | undefined;
  /** File for items that cannot be written; without one the failure is thrown. */
  deadLetters?: string | undefined;
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
export async function writeParts(write: WritePart, part: Part, options: PartOptions): Promise<WriteCounts> {
  const counts = noCounts();
  const retry: RetryOptions = {
    ...options.retry,
    onRetry(error, wait) {
      counts.retries += 1;
      options.retry?.onRetry?.(error, wait);
    },
  };
  try {
    const written = await withRetry(() => write(part), retry);
    return { ...counts, ...written, files: part.to - part.from };
  } catch (error) {
    if (!isOfItems(error)) throw error;
    counts.splits += 1;
    const rest = part.to - part.from > 1 ? await writeHalves(write, part, options) : await writeFile(write, part, options, error);
    return sumOf(counts, rest);
  }
}

async function writeHalves(write: WritePart, part: Part, options: PartOptions): Promise<WriteCounts> {
  const middle = (part.from + part.to) >> 1;
  const first = await writeParts(write, { ...part, to: middle }, options);
  return sumOf(first, await writeParts(write, { ...part, from: middle }, options));
}

/** Failures that the items may be the reason of; all others would be the same for each of them. */
const OF_ITEMS = new Set(['SINK_WRITE_FAILED', 'SINK_COPY_INVALID', 'SINK_DATABASE_BUSY']);

function isOfItems(error: unknown): error is RowmillError {
  return error instanceof RowmillError && OF_ITEMS.has(error.code);
}

type Item = { kind: 'node'; item: GraphNode } | { kind: 'edge'; item: GraphEdge };

/** Writes what can be written of one file, and sets the items at fault aside. */
async function writeFile(write: WritePart, part: Part, options: PartOptions, reason: RowmillError): Promise<WriteCounts> {
  const file = part.source.files()[part.from];
  if (!file || !options.deadLetters) throw reason;
  const { nodes, edges } = await part.source.graph(part.from, part.from + 1);
  const items: Item[] = [...nodes.map((item): Item => ({ kind: 'node', item })), ...edges.map((item): Item => ({ kind: 'edge', item }))];
  const faults = new Map<Item, RowmillError>();
  const counts = noCounts();
  const attempt = async (chosen: readonly Item[]) => {
    const source = new MemoryGraph(partsOf(chosen), [file]);
    return withRetry(() => write({ source, from: 0, to: 1, incomplete: new Set([file.name]) }), options.retry);
  };
  await isolate(items, attempt, faults, counts);
  // Each try replaced the one before: what is left is all but the faults.
  const written = await attempt(items.filter((item) => !faults.has(item)));
  const letters = [...faults].map(([{ kind, item }, error]) => letterOf({ kind, item } as Item, file, error, options));
  await appendLetters(options.deadLetters, letters);
  return { ...counts, ...written, files: 1, deadLetters: letters.length };
}

/** Finds the items at fault: each half is tried alone. */
async function isolate(
  items: readonly Item[],
  attempt: (chosen: readonly Item[]) => Promise<unknown>,
  faults: Map<Item, RowmillError>,
  counts: WriteCounts,
): Promise<void> {
  const middle = items.length >> 1;
  for (const half of items.length > 1 ? [items.slice(0, middle), items.slice(middle)] : [items]) {
    try {
      await attempt(half);
    } catch (error) {
      if (!isOfItems(error)) throw error;
      counts.splits += 1;
      const [only] = half;
      if (half.length === 1 && only) faults.set(only, error);
      else if (half.length > 1) await isolate(half, attempt, faults, counts);
    }
  }
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
