import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RowmillError } from '../errors.js';
import { type HeldReview, MergedGraph } from './merged-graph.js';
import type { GraphEdge, GraphFile, GraphNode } from './model.js';

/** What one file of the folder holds: a line about its file, then one of each node and edge. */
export interface ToldFile {
  file: GraphFile;
  firstRun: string;
  lastRun: string;
  /** ISO 8601 in UTC. */
  processedAt: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
}

type Head = Omit<ToldFile, 'nodes' | 'edges'>;

const PARTS = 'files';
const REVIEWS = 'reviews.jsonl';
const NODES = 'nodes.jsonl';
const EDGES = 'edges.jsonl';
/** Bytes in which the first line nearly always ends. */
const HEAD_BYTES = 4096;
/** Files that are read at once. */
const READ_AT_ONCE = 32;
/** A part-written file of this age belongs to nobody who still writes. */
const STALE_MS = 3_600_000;

/** Makes a folder of a graph, and clears away what killed writers left. */
export async function makeFolder(folder: string): Promise<void> {
  await guarded(folder, async () => {
    await mkdir(join(folder, PARTS), { recursive: true });
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith('.part')) continue;
      const found = await stat(join(folder, name)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > STALE_MS) await rm(join(folder, name), { force: true });
    }
  });
}

/** @throws RowmillError `INPUT_MISSING` where there is no graph */
export async function demandFolder(folder: string): Promise<void> {
  if (await stat(join(folder, PARTS)).catch(() => null)) return;
  const help = '`rowmill run lineage --sink jsonl --folder FOLDER` makes one.';
  throw new RowmillError({ code: 'INPUT_MISSING', message: 'the folder holds no graph', help, retryable: false, place: { file: folder } });
}

function pathOf(folder: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return join(folder, PARTS, hash.slice(0, 2), `${hash}.jsonl`);
}

/** Replaces what the folder holds of a file: written whole, then renamed. */
export async function writeTold(folder: string, { nodes, edges, ...head }: ToldFile): Promise<void> {
  const lines = [JSON.stringify(head), ...nodes.map((node) => JSON.stringify({ node })), ...edges.map((edge) => JSON.stringify({ edge }))];
  await replaceFile(pathOf(folder, head.file.name), lines);
}

async function replaceFile(path: string, lines: readonly string[]): Promise<void> {
  await guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const part = `${path}.${randomUUID()}.part`;
    try {
      await writeFile(part, lines.map((line) => `${line}\n`).join(''));
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  });
}

/** What the folder holds of a file; null where it holds nothing. */
export async function readTold(folder: string, name: string): Promise<ToldFile | null> {
  return readPart(pathOf(folder, name));
}

async function readPart(path: string): Promise<ToldFile | null> {
  const text = await guarded(path, () => readFile(path, 'utf8'), true);
  if (text === null) return null;
  const [head = '', ...rest] = text.split('\n');
  const told: ToldFile = { ...parseLine<Head>(head, path, 1), nodes: [], edges: [] };
  for (const [at, line] of rest.entries()) {
    if (line === '') continue;
    const { node, edge } = parseLine<{ node?: GraphNode; edge?: GraphEdge }>(line, path, at + 2);
    if (node) told.nodes.push(node);
    if (edge) told.edges.push(edge);
  }
  return told;
}

function parseLine<T>(text: string, file: string, line: number): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    const help = 'Delete this file and run again: what it held is written anew.';
    const place = { file, line, value: text.slice(0, 200) };
    throw new RowmillError({ code: 'INPUT_FORMAT_INVALID', message: 'the line is not JSON', help, retryable: false, place }, { cause: error });
  }
}

/** Forgets a file; false where it was not held. */
export async function removeTold(folder: string, name: string): Promise<boolean> {
  const path = pathOf(folder, name);
  return guarded(path, async () => {
    if (!(await stat(path).catch(() => null))) return false;
    await rm(path, { force: true });
    return true;
  });
}

/** The first line of every file. */
export async function readHeads(folder: string): Promise<Head[]> {
  return overParts(folder, async (path) => {
    const head = await guarded(path, () => firstLine(path), true);
    return head === null ? null : parseLine<Head>(head, path, 1);
  });
}

async function firstLine(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n');
  return end >= 0 ? buffer.toString('utf8', 0, end) : ((await readFile(path, 'utf8')).split('\n')[0] ?? '');
}

async function overParts<T>(folder: string, read: (path: string) => Promise<T | null>): Promise<T[]> {
  const names = await guarded(folder, () => readdir(join(folder, PARTS), { recursive: true }));
  const paths = names.filter((name) => name.endsWith('.jsonl')).sort();
  const answers: T[] = [];
  for (let at = 0; at < paths.length; at += READ_AT_ONCE) {
    const batch = await Promise.all(paths.slice(at, at + READ_AT_ONCE).map((name) => read(join(folder, PARTS, name))));
    for (const answer of batch) if (answer !== null) answers.push(answer);
  }
  return answers;
}

/** The whole graph, in memory. */
export async function readGraph(folder: string): Promise<{ graph: MergedGraph; files: number }> {
  const graph = new MergedGraph();
  const files = await overParts(folder, async (path) => {
    const told = await readPart(path);
    for (const node of told?.nodes ?? []) graph.addNode(node);
    for (const edge of told?.edges ?? []) graph.addEdge(edge);
    return told && true;
  });
  for (const review of await readReviews(folder)) graph.addReview(review);
  return { graph, files: files.length };
}

async function readReviews(folder: string): Promise<HeldReview[]> {
  const path = join(folder, REVIEWS);
  const text = (await guarded(path, () => readFile(path, 'utf8'), true)) ?? '';
  return text.split('\n').flatMap((line, at) => (line === '' ? [] : [parseLine<HeldReview>(line, path, at + 1)]));
}

/** Replaces what people decided. */
export async function writeReviews(folder: string, reviews: readonly HeldReview[]): Promise<void> {
  const lines = reviews.map((review) => JSON.stringify(review));
  await replaceFile(join(folder, REVIEWS), lines);
}

/** Says that the graph of all files together is not what the folder tells of it. */
export async function forgetMerged(folder: string): Promise<void> {
  for (const name of [NODES, EDGES]) await guarded(folder, () => rm(join(folder, name), { force: true }));
}

/** Whether the folder tells of the graph of all files together. */
export async function hasMerged(folder: string): Promise<boolean> {
  const found = await Promise.all([NODES, EDGES].map((name) => stat(join(folder, name)).catch(() => null)));
  return found.every((each) => each !== null);
}

/** Tells of the graph of all files together, in `nodes.jsonl` and `edges.jsonl`. */
export async function writeMerged(folder: string, graph: MergedGraph): Promise<void> {
  await replaceFile(
    join(folder, NODES),
    graph.ids().flatMap((id) => JSON.stringify(graph.node(id))),
  );
  await replaceFile(
    join(folder, EDGES),
    [...graph.edges()].map((edge) => JSON.stringify(edge)),
  );
}

/** Deletes everything that a graph made in the folder; what else lies there stays. */
export async function clearFolder(folder: string): Promise<void> {
  for (const name of [PARTS, REVIEWS, NODES, EDGES]) await guarded(folder, () => rm(join(folder, name), { recursive: true, force: true }));
  await makeFolder(folder);
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T>;
async function guarded<T>(path: string, work: () => Promise<T>, mayMiss: true): Promise<T | null>;
async function guarded<T>(path: string, work: () => Promise<T>, mayMiss?: true): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (mayMiss && code === 'ENOENT') return null;
    const failure = { code: 'SINK_FILE_FAILED', message: `the graph's folder could not be read or written: ${message}` } as const;
    const help = 'Check that the folder exists, that it may be written, and that its disk has room.';
    throw new RowmillError({ ...failure, help, retryable: true, place: { file: path } }, { cause: error });
  }
}
