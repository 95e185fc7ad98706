import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RowmillError } from '../../errors.js';
import type { ExportFormat, ExportOptions, GraphPart } from '../../exports/index.js';
import { given } from '../../graph/open-sink.js';
import type { GraphQueries, SinkSettings } from '../../graph/sink.js';
import { parseWhole } from '../application-options.js';
import { type GraphFlags, withQueries } from '../lineage-options.js';
import { Output } from '../output.js';
import { nodeOf } from './lineage.js';

interface ExportFlags extends GraphFlags {
  format: ExportFormat;
  out: string;
  node?: string;
  depth?: number;
  direction?: 'upstream' | 'downstream' | 'both';
  includeRejected?: boolean;
  limit?: number;
  namespace?: string;
  events?: 'static' | 'runs';
  at?: Date;
  runId?: string;
  projectId?: string;
  json?: boolean;
  quiet?: boolean;
}

const FORMATS: readonly ExportFormat[] = ['json', 'visualisation', 'dot', 'mermaid', 'openlineage', 'csv', 'cypher'];

/** `rowmill lineage export`: the graph, or what is around a node, in forms that others read. */
export function registerLineageExport(verb: (name: string, doc: string) => Command): void {
  verb('export', 'the graph, or what is around a node, in a form that others read')
    .addOption(new Option('--format <format>', 'form of the export').choices(FORMATS).default('json'))
    .option('--out <path>', 'file, folder for csv, or - for standard output', '-')
    .option('--node <name>', 'only what feeds this node and what it feeds: a name, or an id')
    .option('--depth <n>', 'steps from that node, 1 to 100 (default: 10)', parseWhole)
    .addOption(new Option('--direction <direction>', 'which way from that node (default: both)').choices(['upstream', 'downstream', 'both']))
    .option('--include-rejected', 'from that node, follow edges that a reviewer rejected, too')
    .option('--limit <n>', 'edges of a Mermaid chart (default: 50)', parseWhole)
    .option('--namespace <name>', 'namespace of datasets in OpenLineage (default: rowmill)')
    .addOption(new Option('--events <kind>', 'OpenLineage without runs, or with one for each job (default: static)').choices(['static', 'runs']))
    .option('--at <time>', 'time that the export bears, such as 2026-01-31T12:00:00Z (default: now)', parseTime)
    .option('--run-id <text>', 'run_id of the metadata')
    .option('--project-id <text>', 'project_id of the metadata')
    .action(exportLineage);
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('Write a time as 2026-01-31T12:00:00Z.');
  return time;
}

async function exportLineage(flags: ExportFlags): Promise<void> {
  const { exportText, writeExport } = await import('../../exports/index.js');
  refuseWithoutNode(flags);
  const output = new Output(flags);
  const paths = await withQueries(
    flags,
    (line) => output.note(line),
    async (queries, graph) => {
      const { part, node } = await partOf(queries, flags, output);
      const options = { ...exportOptions(flags, graph), ...(node ? { node } : {}) };
      if (flags.out !== '-') return writeExport(part, options, flags.out);
      await toStandardOutput(exportText(part, options));
      return null;
    },
  );
  if (paths) output.result({ files: paths }, () => paths.map((path) => `written: ${path}`).join('\n'));
}

/** A flag that would change nothing is a mistake. */
function refuseWithoutNode({ node, depth, direction, includeRejected }: ExportFlags): void {
  const [flag] = Object.keys(given({ depth, direction, 'include-rejected': includeRejected }));
  if (node !== undefined || !flag) return;
  const message = `--${flag} says how far to go from a node, and none is named`;
  throw new RowmillError({ code: 'PLAN_INVALID', message, help: 'Name one with --node.', retryable: false, place: { column: flag } });
}

async function partOf(
  queries: GraphQueries,
  { node, depth, direction, includeRejected, format }: ExportFlags,
  output: Output,
): Promise<{ part: GraphPart; node?: { id: string; depth?: number } }> {
  const { graphAround, wholeGraph } = await import('../../exports/index.js');
  if (node === undefined) return { part: wholeGraph(queries) };
  const { id } = await nodeOf(queries, node);
  const part = await graphAround(queries, id, given({ depth, direction, includeRejected }));
  if (part.isCut && format !== 'cypher') output.note(`there is more than 1000 edges around ${node}: take a smaller --depth, or the whole graph`);
  return { part, node: { id, ...(depth === undefined ? {} : { depth }) } };
}

/** What the flags say; the database is named without user and password. */
function exportOptions(flags: ExportFlags, graph: SinkSettings): ExportOptions {
  const { format, limit, namespace, events, at, runId, projectId } = flags;
  return { format, database: databaseOf(graph), ...given({ limit, namespace, events, at, runId, projectId }) };
}

/** What the graph's database is called; the name of the folder or the file where it is one. */
function databaseOf({ kind, url, neo4j, folder, file }: SinkSettings): string | null {
  if (kind === 'neo4j') return neo4j?.database ?? null;
  if (kind === 'jsonl') return folder === undefined ? null : basename(folder);
  if (kind === 'ladybug') return file === undefined ? null : basename(file);
  return url === undefined ? null : decodeURIComponent(new URL(url).pathname.slice(1)) || null;
}

/** A reader that has had enough closes the pipe: no failure. */
async function toStandardOutput(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const { inChunks } = await import('../../whole-files.js');
  try {
    await pipeline(Readable.from(inChunks(pieces)), process.stdout, { end: false });
  } catch (error) {
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
