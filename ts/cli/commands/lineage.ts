import { type Command, InvalidArgumentError, Option } from 'commander';
import { RowmillError } from '../../errors.js';
import type { StoredNode } from '../../graph/model.js';
import { given } from '../../graph/open-sink.js';
import type { GraphQueries, WalkOptions } from '../../graph/sink.js';
import { parseWhole } from '../application-options.js';
import { EXIT } from '../exit-codes.js';
import { addGraphOptions, type GraphFlags, withQueries, withSink } from '../lineage-options.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { registerLineageExport } from './lineage-export.js';
import { registerIngest } from './lineage-ingest.js';
import { registerSplit } from './lineage-split.js';
import { registerUpkeep } from './lineage-upkeep.js';
import { registerLineageView } from './lineage-view.js';

interface QueryFlags extends GraphFlags {
  depth?: number;
  limit?: number;
  types?: string[];
  includeRejected?: boolean;
  kind?: string;
  type?: string;
  status?: 'approved' | 'pending_review' | 'rejected';
  contains?: string;
  source?: string;
  minConfidence?: number;
  file?: string;
  under?: string[];
  project?: string;
  repositories?: string[];
  notes?: string;
  yes?: boolean;
  json?: boolean;
  quiet?: boolean;
}

const NODE = 'a name such as sales.orders or sales.orders.total, or an id';

/** Whose files count. */
function addScopeOptions(command: Command): Command {
  return command
    .option('--under <folders...>', 'folders or files, as the graph calls them: what files of them tell of')
    .option('--project <name>', 'what files tell of that were read for this project')
    .option('--repositories <names...>', 'what files tell of that are of one of these repositories');
}

/** `rowmill lineage`: questions to the graph that `rowmill run lineage` keeps. */
export function registerLineage(program: Command): void {
  const lineage = program.command('lineage').description('ask the graph of SQL files that `run lineage` keeps, and how it is kept');
  registerIngest(lineage);
  registerSplit(lineage);
  const verb = (name: string, doc: string): Command => addOutputOptions(addGraphOptions(lineage.command(name).description(doc)));
  const walk = (name: string, doc: string): Command =>
    addScopeOptions(
      verb(name, doc)
        .argument('<node>', NODE)
        .option('--depth <n>', 'steps, 1 to 100 (default: 10)', parseWhole)
        .option('--limit <n>', 'edges at most, 1 to 1000 (default: 100)', parseWhole)
        .option('--types <types...>', 'edges to follow (default: those that data flows along)')
        .option('--include-rejected', 'follow edges that a reviewer rejected, too'),
    );
  walk('upstream', 'what feeds a table or column').action(walking('upstream'));
  walk('downstream', 'what a table or column feeds').action(walking('downstream'));
  walk('impact', 'what a change of a table or column reaches: columns, tables, files').action(impact);
  verb('path', 'a shortest way between two nodes').argument('<from>', NODE).argument('<to>', NODE).action(path);
  verb('search', 'nodes whose names contain a word').argument('<words...>').option('--limit <n>', 'at most, 1 to 100', parseWhole).action(search);
  addScopeOptions(
    verb('nodes', 'nodes by kind and name')
      .option('--kind <kind>', 'Table, View, Column, File, ...')
      .option('--contains <text>', 'part of the name, in any case')
      .option('--file <name>', 'name of a file that tells of them'),
  )
    .option('--limit <n>', 'at most, 1 to 1000', parseWhole)
    .action(nodes);
  addScopeOptions(
    verb('edges', 'edges by type and status')
      .option('--type <type>', 'FLOWS_TO, READS_FROM, ...')
      .addOption(new Option('--status <status>', 'what a review or the parser says of them').choices(['approved', 'pending_review', 'rejected']))
      .option('--source <word>', 'where they come from: parser, heuristic, plugin, human')
      .option('--min-confidence <n>', 'at least as sure, 0 to 1', parseShare),
  )
    .option('--limit <n>', 'at most, 1 to 1000', parseWhole)
    .action(edges);
  verb('stats', 'how many nodes and edges there are').action(stats);
  for (const action of ['approve', 'reject'] as const) {
    verb(action, `${action} an edge; runs keep that`)
      .argument('<from>', NODE)
      .argument('<type>', 'type of the edge')
      .argument('<to>', NODE)
      .option('--notes <text>', 'why')
      .action((from: string, type: string, to: string, flags: QueryFlags) => review(action, { from, type, to }, flags));
  }
  registerUpkeep(verb);
  registerLineageExport(verb);
  registerLineageView(verb);
  verb('clear', 'delete the whole graph').option('--yes', 'yes: all of it, reviews too').action(clear);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('give a number from 0 to 1');
}

function asking<T>(flags: QueryFlags, work: (queries: GraphQueries) => Promise<T>): Promise<T> {
  return withQueries(flags, (line) => new Output(flags).note(line), work);
}

/** The one node that is meant. */
export async function nodeOf(queries: GraphQueries, name: string): Promise<StoredNode> {
  const found = await queries.named(name);
  const [node] = found;
  if (node && found.length === 1) return node;
  const message = found.length === 0 ? `the graph has no ${name}` : `${found.length} nodes are called ${name}`;
  const ids = found.slice(0, 5).map(({ id, kind, fullName }) => `${id} (${kind} ${fullName})`);
  const help = found.length === 0 ? '`rowmill lineage search` finds names by their parts.' : `Give the id of one: ${ids.join(', ')}.`;
  throw new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { value: name } });
}

function walkOptions({ depth, limit, types, includeRejected, under, project, repositories }: QueryFlags): WalkOptions {
  return given({ depth, limit, types, includeRejected, under, project, repositories });
}

function walking(direction: 'upstream' | 'downstream'): (name: string, flags: QueryFlags) => Promise<void> {
  return async (name, flags) => {
    const { renderWalk } = await import('../render/graph.js');
    const answer = await asking(flags, async (queries) => {
      const start = await nodeOf(queries, name);
      return { start, steps: await queries[direction](start.id, walkOptions(flags)) };
    });
    new Output(flags).result(answer, () => renderWalk(answer.start, answer.steps, direction));
  };
}

async function impact(name: string, flags: QueryFlags): Promise<void> {
  const { renderImpact } = await import('../render/graph.js');
  const answer = await asking(flags, async (queries) => queries.impact((await nodeOf(queries, name)).id, walkOptions(flags)));
  new Output(flags).result(answer, () => (answer === null ? `${name} is not in the graph any more` : renderImpact(answer)));
}

async function path(from: string, to: string, flags: QueryFlags): Promise<void> {
  const { renderNodes } = await import('../render/graph.js');
  const way = await asking(flags, async (queries) => queries.path((await nodeOf(queries, from)).id, (await nodeOf(queries, to)).id));
  new Output(flags).result(way, () => (way === null ? 'there is no way between them' : renderNodes(way)));
  if (way === null) process.exitCode = EXIT.failed;
}

async function search(words: string[], flags: QueryFlags): Promise<void> {
  const { renderNodes } = await import('../render/graph.js');
  const found = await asking(flags, (queries) => queries.search(words.join(' '), flags.limit));
  new Output(flags).result(found, () => renderNodes(found));
}

async function nodes(flags: QueryFlags): Promise<void> {
  const { renderNodes } = await import('../render/graph.js');
  const { kind, contains, file, under, project, repositories, limit } = flags;
  const filter = given({ kind, contains, file, under, project, repositories, limit });
  const found = await asking(flags, (queries) => queries.nodes(filter));
  new Output(flags).result(found, () => renderNodes(found));
}

async function edges(flags: QueryFlags): Promise<void> {
  const { renderEdges } = await import('../render/graph.js');
  const { type, status, source, minConfidence, under, project, repositories, limit } = flags;
  const filter = given({ type, status, source, minConfidence, under, project, repositories, limit });
  const answer = await asking(flags, async (queries) => {
    const found = await queries.edges(filter);
    return { found, ends: await queries.byIds([...new Set(found.flatMap((edge) => [edge.from, edge.to]))]) };
  });
  new Output(flags).result(answer.found, () => renderEdges(answer.found, answer.ends));
}

async function stats(flags: QueryFlags): Promise<void> {
  const { renderStats } = await import('../render/graph.js');
  const counts = await asking(flags, (queries) => queries.stats());
  new Output(flags).result(counts, () => renderStats(counts));
}

async function review(action: 'approve' | 'reject', edge: { from: string; type: string; to: string }, flags: QueryFlags): Promise<void> {
  const isDone = await asking(flags, async (queries) => {
    const [from, to] = [await nodeOf(queries, edge.from), await nodeOf(queries, edge.to)];
    return queries.review({ from: from.id, type: edge.type, to: to.id, action, ...(flags.notes === undefined ? {} : { notes: flags.notes }) });
  });
  new Output(flags).result({ success: isDone }, () => (isDone ? 'done' : 'there is no such edge'));
  if (!isDone) process.exitCode = EXIT.failed;
}

async function clear(flags: QueryFlags): Promise<void> {
  if (!flags.yes) {
    const message = 'this deletes the whole graph, and what reviewers said';
    throw new RowmillError({ code: 'PLAN_INVALID', message, help: 'Say --yes if that is meant.', retryable: false, place: {} });
  }
  const onNote = (line: string): void => new Output(flags).note(line);
  await withSink(flags, onNote, (sink) => sink.clear());
  new Output(flags).result({ success: true }, () => 'the graph is empty');
}
