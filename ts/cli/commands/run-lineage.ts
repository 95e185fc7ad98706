import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { addLineageOptions, type LineageFlags, sinkOf, toLineageOptions, withGraph } from '../lineage-options.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface RunFlags extends LineageFlags {
  json?: boolean;
  quiet?: boolean;
}

/** `rowmill run lineage`: a command of its own below `run`, with options of its own. */
export function registerRunLineage(run: Command): void {
  const command = run
    .enablePositionalOptions()
    .command('lineage')
    .description('bring a graph of tables and columns up to date with folders of SQL files')
    .argument('<path...>', 'folders, or files');
  addOutputOptions(addLineageOptions(command)).action(runLineage);
}

async function runLineage(paths: string[], flags: RunFlags): Promise<void> {
  const output = new Output(flags);
  const [lineage, { renderLineage }] = await Promise.all([import('../../lineage/index.js'), import('../render/lineage.js')]);
  const options = toLineageOptions(paths, flags, lineage.LINEAGE_DEFAULTS);
  const onNote = (line: string): void => output.note(line);
  const report = await interruptible(output, (signal) =>
    withGraph(flags, onNote, async (graph) => lineage.runLineage({ ...options, sink: await sinkOf(graph), signal, onNote })),
  );
  output.result(report, () => renderLineage(report));
  const { deadLetters } = report.graph;
  if (deadLetters > 0)
    output.note(`what could not be written is in ${flags.deadLetters}: \`rowmill lineage retry ${flags.deadLetters}\` tries again`);
  if (report.files.failed > 0 || deadLetters > 0) process.exitCode = EXIT.rejected;
}
