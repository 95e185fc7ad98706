import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';

/** The schema is a data file of the package; it lies beside the sources, not among the compiled files. */
const SCHEMA = new URL('../../../ts/plan/schema.json', import.meta.url);

export function registerSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of plan files, for editors')
    .option('--out <file>', 'file to write (default: standard output)')
    .action(schema);
}

async function schema({ out }: { out?: string }): Promise<void> {
  const text = await readFile(SCHEMA, 'utf8');
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
}
