import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ApplicationsOptions } from '../documents/index.js';
import { RowmillError } from '../errors.js';

/** Options of a run of documents, as commander hands them over. */
export type ApplicationFlags = Record<string, unknown> & { plan?: string };

interface ApplicationOption {
  /** Name in {@link ApplicationsOptions}. */
  name: string;
  option: Option;
}

function text(name: string, flags: string, doc: string): ApplicationOption {
  return { name, option: new Option(flags, doc) };
}

function number(name: string, flags: string, doc: string): ApplicationOption {
  return { name, option: new Option(flags, doc).argParser(parseWhole) };
}

/** Defaults are those of the functions. */
const OPTIONS: readonly ApplicationOption[] = [
  text('contract', '--contract <file>', 'the contract, YAML or JSON'),
  text('source', '--source <path...>', "files, folders, globs; or 'table', the table of documents that the contract names"),
  text('database', '--database <url>', 'where rows go (default: the environment variable DATABASE_URL)'),
  text('schema', '--schema <name>', "schema of the tables (default: the contract's, else public)"),
  text('createTables', '--create-tables', 'make tables that are missing'),
  number('batchSize', '--batch-size <n>', 'documents in a transaction (default: 500)'),
  number('batchBytes', '--batch-bytes <n>', 'bytes of documents that are brought and mapped at a time (default: 8388608)'),
  number('connections', '--connections <n>', 'batches that are written at the same time (default: 4)'),
  number('prefetch', '--prefetch <n>', 'batches that are prepared meanwhile; 0 for none (default: 0)'),
  number('threads', '--threads <n>', 'threads that parse and map (default: the processors available)'),
  text('duplicateCache', '--duplicate-cache', 'files: remember the ids of loaded documents instead of asking the log for those of every batch'),
  text('claims', '--no-claims', 'lock no documents: ranges or shards keep processes apart'),
  number('limit', '--limit <n>', 'most documents to take'),
  number('firstId', '--app-id-start <id>', 'first id, inclusive'),
  number('lastId', '--app-id-end <id>', 'last id, inclusive'),
  number('shards', '--shards <n>', 'take one of so many shards; wins over a range'),
  number('shard', '--shard <i>', 'which shard, from 0: ids that leave this rest'),
  { name: 'retry', option: new Option('--retry <which>', 'documents that failed in an earlier run (default: failed)').choices(['failed', 'none']) },
  number('attempts', '--attempts <n>', 'how often a document is tried in all (default: 3)'),
  text('runId', '--run-id <uuid>', 'name of the run in the log (default: a random one)'),
  text('revealValues', '--reveal-values', 'show values of documents, which are personal, in reasons'),
  text('windows1252', '--no-windows1252', 'refuse bytes that are not in the encoding of their document'),
  number('documentBytes', '--document-bytes <n>', 'most bytes of a document (default: 67108864)'),
];

/** How a file holds many documents: three flags for one option. */
const MANY = [
  new Option('--many', 'each file holds documents one after the other'),
  new Option('--many-inside <element>', 'each child of this element is a document'),
  new Option('--many-named <element>', 'each element of this name is a document'),
];

/** Adds `--plan` and a flag for each option of a run of documents. */
export function addApplicationOptions(command: Command): Command {
  command.option('--plan <file>', 'these options in a file, YAML or JSON, under their names in docs/applications.md; flags win');
  for (const { option } of OPTIONS) command.addOption(option);
  for (const option of MANY) command.addOption(option);
  return command;
}

/** What to run, from a plan file, the environment and flags. */
export async function toApplicationsOptions(flags: ApplicationFlags): Promise<ApplicationsOptions> {
  const chosen: Record<string, unknown> = {};
  const environment = process.env.DATABASE_URL;
  if (environment) chosen.database = environment;
  if (flags.plan !== undefined) Object.assign(chosen, await planOf(flags.plan));
  for (const { name, option } of OPTIONS) {
    const value = flags[option.attributeName()];
    // A switch that begins with `no` is true where it was not given.
    if (value !== undefined && !(option.negate && value === true)) chosen[name] = value;
  }
  const many = manyOf(flags);
  if (many) chosen.many = many;
  return chosen as unknown as ApplicationsOptions;
}

function manyOf(flags: ApplicationFlags): ApplicationsOptions['many'] {
  if (typeof flags.manyInside === 'string') return { inside: flags.manyInside };
  if (typeof flags.manyNamed === 'string') return { named: flags.manyNamed };
  return flags.many === true ? 'roots' : null;
}

async function planOf(path: string): Promise<Record<string, unknown>> {
  const { readPlanFile } = await import('../plan/plan-file.js');
  const { values } = await readPlanFile(path);
  const known = new Set([...OPTIONS.map(({ name }) => name), 'many']);
  const unknown = Object.keys(values).filter((name) => !known.has(name));
  if (unknown.length === 0) return values;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `the plan has unknown options: ${unknown.join(', ')}`,
    help: `Known are ${[...known].join(', ')}.`,
    retryable: false,
    place: { file: path },
  });
}

/** A whole number from 0. */
export function parseWhole(given: string): number {
  if (/^[0-9]{1,15}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('a whole number');
}
