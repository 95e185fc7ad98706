import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { RowmillError } from '../../errors.js';
import { EXIT } from '../exit-codes.js';
import { type GraphFlags, withGraph, withSink } from '../lineage-options.js';
import { Output } from '../output.js';

interface UpkeepFlags extends GraphFlags {
  dryRun?: boolean;
  caseSensitive?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** Verbs of `rowmill lineage` that mend a graph; `verb` makes one with the options that all have. */
export function registerUpkeep(verb: (name: string, doc: string) => Command): void {
  verb('retry', 'write the nodes and edges of a dead-letter file; what still fails stays in it')
    .argument('<file>', 'the file that a run named')
    .action(retry);
  verb('migrate', 'bring an older graph of Neo4j up to date; twice changes nothing')
    .option('--dry-run', 'only say what would be changed')
    .option('--case-sensitive', 'names that differ in case are different ones')
    .action(migrate);
}

async function retry(file: string, flags: UpkeepFlags): Promise<void> {
  const { retryLetters } = await import('../../graph/retry-letters.js');
  const output = new Output(flags);
  const onNote = (line: string): void => output.note(line);
  const report = await withSink(flags, onNote, (sink) => retryLetters(file, sink, randomUUID()));
  const { letters, written, outdated, ofOthers, failed } = report;
  const others = ofOthers === 0 ? '' : `, ${ofOthers} of another sink left`;
  output.result(report, () => `${letters} letters: ${written} written, ${outdated} outdated, ${failed} failed again${others}`);
  if (failed > 0) process.exitCode = EXIT.rejected;
}

async function migrate(flags: UpkeepFlags): Promise<void> {
  const { migrateGraph } = await import('../../graph/migrate-graph.js');
  const output = new Output(flags);
  const report = await withGraph(
    { ...flags, sink: demandNeo4j(flags) },
    (line) => output.note(line),
    async ({ neo4j }) =>
      migrateGraph(
        {
          uri: neo4j?.uri ?? '',
          username: neo4j?.username ?? '',
          password: neo4j?.password ?? '',
          ...(neo4j?.database ? { database: neo4j.database } : {}),
        },
        { isDryRun: flags.dryRun ?? false, isCaseSensitive: flags.caseSensitive ?? false },
      ),
  );
  output.result(report, () => {
    const { nodes, edgesCompleted, edgesCleared, unknown } = report;
    return [
      report.isDryRun ? 'would be changed:' : 'changed:',
      `  edges that lacked source, status or confidence: ${edgesCompleted}`,
      `  edges that repeated the ids of their ends: ${edgesCleared}`,
      `  nodes of ${nodes.old} with another id now: ${nodes.renamed}; joined with another: ${nodes.joined}; of unknown parts, with the id they had: ${nodes.unknown}`,
      ...unknown.map(({ id, kind, name }) => `    ${id} ${kind} ${name}`),
    ].join('\n');
  });
}

function demandNeo4j({ sink }: UpkeepFlags): 'neo4j' {
  if (sink === 'neo4j') return sink;
  const message = `graphs of the sink ${sink ?? 'postgres'} need no migration`;
  throw new RowmillError({ code: 'PLAN_INVALID', message, help: 'Say --sink neo4j where the older graph is in Neo4j.', retryable: false, place: {} });
}
