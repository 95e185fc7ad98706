import { randomUUID } from 'node:crypto';
import type { KnownFile } from '../graph/sink.js';
import { peakRssBytes } from '../run/peak-memory.js';
import { Ingester, type IngestTotals } from './ingester.js';
import { ingesterOptions, type LineageOptions, pluginsOf, treeOptions } from './options.js';
import { LineageTree } from './tree.js';
import { isRead, type WalkedTree, walkTree } from './walk.js';

/** Files that are read before the run asks whether it shall go on. */
const READ_AT_ONCE = 4096;

/** What a run did. */
export interface LineageReport extends Omit<IngestTotals, 'files' | 'stageSeconds'> {
  runId: string;
  sink: string;
  files: IngestTotals['files'] & {
    /** Found by the walk. */
    found: number;
  };
  seconds: number;
  filesPerSecond: number;
  /** Seconds by stage; reading and resolving include what the cache does. */
  stageSeconds: IngestTotals['stageSeconds'] & { walk: number };
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
  const beganMs = performance.now();
  // The server gets ready while files are read.
  const known = sink.open().then(() => sink.known());
  try {
    return await runOn(options, known, beganMs);
  } finally {
    await known.catch(() => undefined);
    await sink.close();
  }
}

async function runOn(options: LineageOptions, known: Promise<Map<string, KnownFile>>, beganMs: number): Promise<LineageReport> {
  const runId = randomUUID();
  const tree = await LineageTree.open(treeOptions(options));
  const walkedFromMs = performance.now();
  const plugins = pluginsOf(options);
  const walked = await walkTree(options.paths, { isWanted: (name) => isRead(name) || plugins.handles(name) });
  const walk = (performance.now() - walkedFromMs) / 1000;
  options.onWalked?.(walked.files.length);
  const ingester = new Ingester(tree, options.sink, known, ingesterOptions(options, runId));
  for (let from = 0; from < walked.files.length; from += READ_AT_ONCE) {
    // A sink that cannot be opened ends a long reading early.
    await Promise.race([known, Promise.resolve()]);
    await ingester.read(walked.files.slice(from, from + READ_AT_ONCE));
  }
  await ingester.drain();
  if (options.removeMissing ?? true) await ingester.forget(goneFiles(walked, await ingester.knownNames()));
  await tree.flush();
  await options.sink.settle?.();
  const { files, stageSeconds, ...totals } = ingester.totals;
  const seconds = (performance.now() - beganMs) / 1000;
  return {
    runId,
    sink: options.sink.name,
    files: { found: walked.files.length, ...files },
    ...totals,
    seconds,
    filesPerSecond: walked.files.length / seconds,
    stageSeconds: { walk, ...stageSeconds },
    peakRssBytes: peakRssBytes(),
  };
}

/** What the sink holds of the folders that were walked, and they do not. */
export function goneFiles({ files, prefixes }: WalkedTree, known: Iterable<string>): string[] {
  const found = new Set(files.map(({ name }) => name));
  return [...known].filter((name) => !found.has(name) && prefixes.some((prefix) => name.startsWith(prefix)));
}
