import { type Command, Option } from 'commander';
import type { SplitReport } from '../../split/index.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface SplitFlags {
  out: string;
  layout?: 'objects' | 'database';
  database?: string;
  /** False for `--no-headers`. */
  headers: boolean;
  overwrite?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** `rowmill lineage split`: scripts of SQL Server to files of one object each. */
export function registerLineageSplit(lineage: Command): void {
  const split = lineage.command('split').description('split scripts of SQL Server into files of one object each');
  addOutputOptions(split)
    .argument('<files...>', 'scripts, UTF-8 or UTF-16')
    .requiredOption('--out <folder>', 'folder that gets the files')
    .addOption(new Option('--layout <layout>', 'a folder for each script, or for each database (default: objects)').choices(['objects', 'database']))
    .option('--database <name>', "name of the database, for its layout (default: the script's name up to its first - or _)")
    .option('--no-headers', 'begin no file with a comment that says where it comes from')
    .option('--overwrite', 'replace files that exist')
    .action(splitCommand);
}

async function splitCommand(files: string[], flags: SplitFlags): Promise<void> {
  const { splitFiles } = await import('../../split/index.js');
  const output = new Output(flags);
  const { out, layout, database, headers, overwrite } = flags;
  const given = Object.fromEntries(Object.entries({ layout, database, overwrite }).filter(([, value]) => value !== undefined));
  const reports = await splitFiles({ files, out, headers, ...given, onNote: (line) => output.note(line) });
  output.result(reports, () => reports.map(render).join('\n'));
}

function render({ source, folder, hasHeaders, counts, droppedCharacters }: SplitReport): string {
  const kinds = Object.entries(counts.byType).map(([type, count]) => `${count} ${type}`);
  const dropped = droppedCharacters > 0 ? `; ${droppedCharacters} characters before the first header are in none` : '';
  return `${source}: ${counts.objects} objects in ${folder}, by ${hasHeaders ? 'headers' : 'statements'} (${kinds.join(', ')})${dropped}`;
}
