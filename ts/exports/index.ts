import { join } from 'node:path';
import { RowmillError } from '../errors.js';
import { writeWhole } from '../whole-files.js';
import { edgesToCsv, nodesToCsv } from './csv.js';
import { cypherQueries, toCypher } from './cypher.js';
import { toDot } from './dot.js';
import { type ExportMetadata, toJson, toVisualisation } from './json.js';
import { MERMAID_EDGES, toMermaid } from './mermaid.js';
import { toOpenLineage } from './openlineage.js';
import type { GraphPart } from './part.js';

export { cypherQueries, type NamedQuery } from './cypher.js';
export { type AroundOptions, type GraphPart, graphAround, type Neighbourhood, wholeGraph } from './part.js';

/** Forms in which a graph can be handed on. */
export const EXPORT_FORMATS = ['json', 'visualisation', 'dot', 'mermaid', 'openlineage', 'csv', 'cypher'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions extends Partial<ExportMetadata> {
  format: ExportFormat;
  /** Edges of a Mermaid chart. Default: 50. */
  limit?: number;
  /** Namespace of datasets in OpenLineage. Default: rowmill. */
  namespace?: string;
  /** OpenLineage without runs, or with one for each job. Default: static. */
  events?: 'static' | 'runs';
  /** Node that the questions in Cypher are about, and how far they go. */
  node?: { id: string; depth?: number };
}

/** A file of an export: its name where the export is a folder, and its text. */
export interface ExportedFile {
  name: string;
  pieces: Iterable<string> | AsyncIterable<string>;
}

/** A graph, or a part of it, as files: two for CSV, else one. The same graph gives the same text, apart from the time of the export. */
export function exportGraph(part: GraphPart, options: ExportOptions): ExportedFile[] {
  const {
    format,
    at = new Date(),
    database = null,
    runId = null,
    projectId = null,
    limit = MERMAID_EDGES,
    namespace,
    events = 'static',
    node,
  } = options;
  const metadata = { at, database, runId, projectId };
  switch (format) {
    case 'json':
      return [{ name: 'lineage.json', pieces: toJson(part, metadata) }];
    case 'visualisation':
      return [{ name: 'lineage.visualisation.json', pieces: toVisualisation(part, metadata) }];
    case 'dot':
      return [{ name: 'lineage.dot', pieces: toDot(part) }];
    case 'mermaid':
      return [{ name: 'lineage.mmd', pieces: toMermaid(part, limit) }];
    case 'openlineage':
      return [{ name: 'lineage.openlineage.ndjson', pieces: toOpenLineage(part, { at, events, ...(namespace === undefined ? {} : { namespace }) }) }];
    case 'csv':
      return [
        { name: 'nodes.csv', pieces: nodesToCsv(part.nodes()) },
        { name: 'edges.csv', pieces: edgesToCsv(part.edges()) },
      ];
    case 'cypher':
      return [{ name: 'lineage.cypher', pieces: toCypher(cypherQueries(node?.id, node?.depth)) }];
  }
}

/**
 * Writes an export: to a file, or for CSV into a folder. Each file is complete when it appears, and replaces one that was there.
 *
 * @returns the paths of the files
 * @throws RowmillError `SINK_FILE_FAILED`, and what reading the graph throws
 */
export async function writeExport(part: GraphPart, options: ExportOptions, out: string): Promise<string[]> {
  const files = exportGraph(part, options);
  const paths = files.map(({ name }) => (files.length > 1 ? join(out, name) : out));
  for (const [at, { pieces }] of files.entries()) await writeWhole(paths[at] ?? out, pieces);
  return paths;
}

/** The text of an export that is one file. @throws RowmillError `PLAN_INVALID` for CSV, which is two */
export function exportText(part: GraphPart, options: ExportOptions): Iterable<string> | AsyncIterable<string> {
  const [first, second] = exportGraph(part, options);
  if (first && !second) return first.pieces;
  const help = 'Name a folder with --out.';
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `${options.format} is more than one file`,
    help,
    retryable: false,
    place: { column: 'out' },
  });
}
