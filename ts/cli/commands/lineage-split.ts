import { type Command, Option } from 'commander';
import type { SplitReport } from '../../split/index.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface SplitFlags {
  out: string;
  layout: 'objects' | 'database';
  database?: string;
  headers: boolean;
  overwrite?: boolean;
  dialect?: string;
  json?: boolean;
  quiet?: boolean;
}

/** `rowmill lineage split`: scripts to one file for each object. */
export function registerSplit(lineage: Command): void {
  const split = lineage
    .command('split')
    .description('cut scripts into one file for each object')
    .argument('<file...>', 'scripts of SQL Server, or others');
  split
    .requiredOption('--out <folder>', 'where the files go')
    .addOption(new Option('--layout <word>', 'a folder for each script, or for each database').choices(['objects', 'database']).default('objects'))
    .option('--database <name>', 'name of the database (default: from the name of the script)')
    .option('--no-headers', 'without a comment on the object at the beginning of each file')
    .option('--overwrite', 'replace files that are there')
    .option('--dialect <id>', 'dialect of scripts whose objects have no headers (default: tsql)');
  addOutputOptions(split).action(splitThem);
}

async function splitThem(files: string[], flags: SplitFlags): Promise<void> {
  const { splitScript } = await import('../../split/index.js');
  const output = new Output(flags);
  const { out, layout, headers, overwrite = false } = flags;
  const more = {
    ...(flags.database === undefined ? {} : { database: flags.database }),
    ...(flags.dialect === undefined ? {} : { dialect: flags.dialect }),
  };
  const reports: SplitReport[] = [];
  for (const file of files) {
    reports.push(await splitScript(file, { out, layout, headers, overwrite, ...more, onWarning: (line) => output.note(line) }));
  }
  const line = ({ source, objects, folder, byType }: SplitReport): string =>
    `${source}: ${objects} objects to ${folder} (${Object.entries(byType)
      .map(([type, count]) => `${count} ${type}`)
      .join(', ')})`;
  output.result(reports, () => reports.map(line).join('\n'));
}
