import { demandFolder, forgetMerged, readGraph, writeMerged, writeReviews } from './jsonl-folder.js';
import { MemoryReader } from './memory-reader.js';
import type { MergedGraph } from './merged-graph.js';
import type { GraphReader, Review } from './sink.js';

/**
 * Reads the whole graph of a folder into memory; what is written later is not seen.
 *
 * @throws RowmillError `INPUT_MISSING` where the folder holds no graph, `INPUT_FORMAT_INVALID` at a line that is damaged
 */
export async function openJsonl(folder: string): Promise<GraphReader> {
  await demandFolder(folder);
  const { graph, files } = await readGraph(folder);
  return new MemoryReader(graph, files, (review) => reviewIn(folder, graph, review));
}

async function reviewIn(folder: string, graph: MergedGraph, { from, type, to, action, notes }: Review): Promise<boolean> {
  if (!graph.hasEdge({ from, type, to })) return false;
  const status = action === 'approve' ? 'approved' : 'rejected';
  graph.addReview({ from, type, to, status, notes: notes ?? null, reviewedAt: new Date().toISOString() });
  await forgetMerged(folder);
  await writeReviews(folder, graph.reviews());
  await writeMerged(folder, graph);
  return true;
}
