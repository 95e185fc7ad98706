import { type FileChange, type FileFacts, factsOf, noFacts, withMore } from './facts.js';
import type { GraphFile, GraphParts } from './model.js';

/** How a transaction writes. */
export interface ToldWriting {
  run: string;
  /** Rows of one statement. */
  batchSize: number;
  /** Names of files of which only a part is written: their digest stays empty, so that they are written again. */
  incomplete?: ReadonlySet<string> | undefined;
}

/** What a transaction wrote, and how many ends of its edges are no node of the graph. */
export interface WrittenParts {
  nodes: number;
  edges: number;
  unmatched: number;
}

/** What is held of a file. */
export interface HeldFile {
  sha256: string;
  digest: string;
  facts: FileFacts;
}

/** A file as it is to be held. */
export interface FileRow {
  name: string;
  sha256: string;
  digest: string;
  facts: FileFacts;
}

/** A place that keeps what files tell next to the graph that this makes, within one transaction, while nobody else writes. */
export interface ToldFiles {
  /** What is held of these files; those of which nothing is are left out. */
  held(names: readonly string[]): Promise<ReadonlyMap<string, HeldFile>>;
  /** Changes the graph; nodes before edges, and what nobody tells of any more last. */
  apply(changes: readonly FileChange[]): Promise<void>;
  write(rows: readonly FileRow[]): Promise<void>;
  forget(names: readonly string[]): Promise<void>;
}

/**
 * Replaces what files tell; only what differs is touched.
 *
 * @param incomplete names of files of which only a part is written: their digest stays empty, so that they are written again
 */
export async function replaceFiles(
  place: ToldFiles,
  files: readonly GraphFile[],
  { nodes, edges }: GraphParts,
  incomplete: ReadonlySet<string> | undefined,
): Promise<void> {
  const told = factsOf(nodes, edges);
  const held = await place.held(files.map(({ name }) => name));
  const factsNow = (name: string): FileFacts => told.get(name) ?? noFacts();
  await place.apply(files.map((file) => ({ before: held.get(file.name)?.facts ?? noFacts(), after: factsNow(file.name) })));
  const rowOf = ({ name, sha256, digest }: GraphFile): FileRow => ({
    name,
    sha256,
    digest: incomplete?.has(name) ? '' : digest,
    facts: factsNow(name),
  });
  await place.write(files.map(rowOf));
}

/** Adds to what files tell; those of which nothing is held begin with this, and count as incomplete. Answers what was not there before. */
export async function addToFiles(
  place: ToldFiles,
  files: readonly GraphFile[],
  { nodes, edges }: GraphParts,
): Promise<{ nodes: number; edges: number }> {
  const told = factsOf(nodes, edges);
  const held = await place.held(files.map(({ name }) => name));
  const rows: FileRow[] = [];
  const added = { nodes: 0, edges: 0 };
  const changes = files.map((file): FileChange => {
    const known = held.get(file.name);
    const before = known?.facts ?? noFacts();
    const after = withMore(before, told.get(file.name) ?? noFacts());
    rows.push({ name: file.name, sha256: known?.sha256 ?? file.sha256, digest: known?.digest ?? '', facts: after });
    added.nodes += after.nodes.size - before.nodes.size;
    added.edges += after.edges.size - before.edges.size;
    return { before, after };
  });
  await place.apply(changes);
  await place.write(rows);
  return added;
}

/** Forgets files, and what only they told; names of which nothing is held are left alone. Answers how many were held. */
export async function removeFiles(place: ToldFiles, names: readonly string[]): Promise<number> {
  const held = await place.held(names);
  await place.apply([...held.values()].map(({ facts }) => ({ before: facts, after: null })));
  await place.forget([...held.keys()]);
  return held.size;
}
