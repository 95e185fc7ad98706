import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

/** A setting of the generator: where it lies in its spec, and its option. */
interface Setting {
  path: string;
  option: Option;
}

function number(path: string, flag: string, doc: string): Setting {
  return { path, option: new Option(`--${flag} <n>`, doc).argParser(parseCount) };
}

function words(path: string, flag: string, of: string[], doc: string): Setting {
  return { path, option: new Option(`--${flag} <word>`, doc).choices(of) };
}

function text(path: string, flag: string, value: string, doc: string): Setting {
  return { path, option: new Option(`--${flag} <${value}>`, doc) };
}

function on(path: string, flag: string, doc: string): Setting {
  return { path, option: new Option(`--${flag}`, doc) };
}

function off(path: string, flag: string, doc: string): Setting {
  return { path, option: new Option(`--no-${flag}`, doc) };
}

/** Defaults are the generator's own. */
const SETTINGS: readonly Setting[] = [
  number('seed', 'seed', 'the same seed and settings give the same bytes (default: 1)'),
  words('layout', 'layout', ['koku', 'poc'], 'how folders and files are named (default: koku)'),
  text('account', 'account', 'name', 'tenant name in paths (default: org_demo)'),
  text('month', 'month', 'month', 'first month, YYYY-MM (default: 2025-10)'),
  number('months', 'months', 'number of months (default: 1)'),
  number('clusters', 'clusters', 'number of clusters, each with a source id and a plan of its own (default: 1)'),
  number('nodes', 'nodes', 'nodes of each cluster (default: 6)'),
  number('namespaces', 'namespaces', 'namespaces of each cluster (default: 12)'),
  number('pods', 'pods', 'pods that run at the same time in each cluster (default: 120)'),
  number('rows', 'rows', 'hourly pod rows altogether, instead of --pods'),
  number('volumes', 'volumes', 'volume claims of each cluster (default: 30)'),
  number('firstHour', 'first-hour', 'hour of the first day at which data begins (default: 5)'),
  number('lastHour', 'last-hour', 'last hour of the last day that has data (default: 20)'),
  off('edges', 'edges', 'leave out the shapes that make summaries hard'),
  off('nodeRole', 'node-role', 'leave out the role of nodes, as older operators do'),
  number('labels.distinct', 'label-texts', 'distinct label texts (default: 40)'),
  number('labels.kept', 'label-sets', 'distinct sets of enabled labels (default: as many as texts)'),
  number('labels.bytes', 'label-bytes', 'least length of a label text (default: 0)'),
  on('labels.random', 'label-random', 'pad label texts with random digits, which do not compress'),
  on('labels.perRow', 'label-per-row', 'draw labels anew for every row'),
  number('labels.churnPercent', 'label-churn', 'percent of pods whose labels change on a given day (default: 2)'),
  number('labels.nullPercent', 'label-null', 'percent of pods without labels (default: 2)'),
  number('labels.emptyPercent', 'label-empty', 'percent of pods with empty labels (default: 5)'),
  number('labels.malformedPercent', 'label-malformed', 'percent of pods whose labels are no JSON (default: 0)'),
  words('files.compression', 'compression', ['snappy', 'zstd', 'none'], 'compression of column chunks (default: snappy)'),
  off('files.dictionary', 'dictionary', 'write no dictionaries'),
  number('files.rowGroupRows', 'row-group-rows', 'rows of a row group at most (default: 100000)'),
  number('files.rowsPerFile', 'rows-per-file', 'rows of a file at most (default: no limit)'),
  words('files.per', 'file-per', ['day', 'month'], 'what a file spans (default: day)'),
  words('files.order', 'order', ['hour', 'pod', 'shuffled'], 'order of rows inside a day (default: hour)'),
  off('files.daily', 'daily', 'write hourly files only'),
  number('threads', 'threads', 'threads that write files; the bytes do not depend on it (default: 2)'),
];

/** Settings of order logs; defaults are the generator's own. */
const ORDERS: readonly Setting[] = [
  number('seed', 'seed', 'the same seed and settings give the same bytes (default: 1)'),
  number('rows', 'rows', 'events (default: 100000)'),
  { path: 'bytes', option: new Option('--bytes <size>', 'at least so many bytes of CSV text instead, such as 2GB').argParser(parseBytes) },
  number('securities', 'securities', 'securities; a few have most of the events (default: 200)'),
  number('participants', 'participants', 'participants; 69 is among 30 or more (default: 100)'),
  text('start', 'start', 'day', 'first day, YYYY-MM-DD (default: 2024-09-05)'),
  text('end', 'end', 'day', 'last day, inclusive; weekends have no events (default: 2024-09-12)'),
  words('format', 'format', ['csv', 'csv.gz', 'parquet'], 'how files are written (default: csv)'),
  number('files', 'files', 'files, each with its part of the events in the order of time (default: 1)'),
  number('nullPercent', 'nulls', 'percent of events that lack a quantity, a price or a participant (default: 0)'),
  on('companions', 'companions', 'write trades, quotes, sessions, securities and participants too'),
];

/** Settings of documents of applications; defaults are the generator's own. */
const APPLICATIONS: readonly Setting[] = [
  number('seed', 'seed', 'the same seed and settings give the same bytes (default: 1)'),
  number('documents', 'documents', 'documents (default: 1000)'),
  number('start', 'start', 'number of the first document (default: 1000000)'),
  words('product', 'product', ['card', 'lending'], 'whose documents they are (default: card)'),
  words('shape', 'shape', ['full', 'staged'], 'whether they have what no contract reads: reports and journals (default: full)'),
  {
    path: 'medianBytes',
    option: new Option('--median <size>', 'median size of full documents (default: 145kB, of lending 25kB)').argParser(parseBytes),
  },
  { path: 'faults', option: new Option('--faults <share>', 'share of documents with a fault, 0 to 1 (default: 0)').argParser(parseShare) },
  { path: 'faultKinds', option: new Option('--fault-kinds <names...>', 'faults that they have, such as truncated twoPrimaries (default: all)') },
  words('format', 'format', ['files', 'one', 'zip', 'gz'], 'a file for each, or all in one file, archive or compressed file (default: files)'),
];

type GenerateFlags = Record<string, unknown> & { out: string; json?: boolean; quiet?: boolean };

export function registerGenerate(program: Command): void {
  const generate = program.command('generate').description('write made-up input, seeded and of any size, with known totals');
  const cost = generate.command('cost').description('input of the cost pipelines');
  const command = cost.command('openshift').description('months of OpenShift usage').requiredOption('--out <folder>', 'folder to write to');
  for (const { option } of SETTINGS) command.addOption(option);
  addOutputOptions(command).action(openshift);
  const log = generate.command('orders').description('a log of order events').requiredOption('--out <folder>', 'folder to write to');
  for (const { option } of ORDERS) log.addOption(option);
  addOutputOptions(log).action(orders);
  const documents = generate.command('applications').description('documents of applications').requiredOption('--out <folder>', 'folder to write to');
  for (const { option } of APPLICATIONS) documents.addOption(option);
  addOutputOptions(documents).action(applications);
  const scripts = generate.command('sql').description('SQL files of five dialects').requiredOption('--out <folder>', 'folder to write to');
  addOutputOptions(scripts.option('--files <n>', 'files, at most 100000; the same number gives the same files', parseCount, 1000)).action(sql);
}

async function openshift(flags: GenerateFlags): Promise<void> {
  const [{ generate }, { renderTotals }] = await Promise.all([import('../../addon.js'), import('../render/totals.js')]);
  const totals = await generate({ out: resolve(flags.out), ...toSpec(SETTINGS, flags) });
  new Output(flags).result(totals, () => renderTotals(totals));
}

async function orders(flags: GenerateFlags): Promise<void> {
  const [{ generateOrders }, { renderOrdersTotals }] = await Promise.all([import('../../addon.js'), import('../render/totals.js')]);
  const totals = await generateOrders({ out: resolve(flags.out), ...toSpec(ORDERS, flags) });
  new Output(flags).result(totals, () => renderOrdersTotals(totals));
}

async function applications(flags: GenerateFlags): Promise<void> {
  const [{ generateApplications }, { renderApplicationsTotals }] = await Promise.all([import('../../addon.js'), import('../render/totals.js')]);
  const totals = await generateApplications({ out: resolve(flags.out), ...toSpec(APPLICATIONS, flags) });
  new Output(flags).result(totals, () => renderApplicationsTotals(totals));
}

async function sql(flags: GenerateFlags & { files: number }): Promise<void> {
  const { generateSql } = await import('../../lineage/index.js');
  const bytes = await generateSql(resolve(flags.out), flags.files);
  new Output(flags).result({ files: flags.files, bytes }, () => `${flags.files} files, ${bytes} bytes`);
}

/** The settings given, nested as the generator takes them. */
function toSpec(settings: readonly Setting[], flags: GenerateFlags): Record<string, unknown> {
  const spec: Record<string, Record<string, unknown> | unknown> = {};
  for (const { path, option } of settings) {
    const value = flags[option.attributeName()];
    if (value === undefined) continue;
    const [section, name] = path.split('.') as [string, string?];
    if (name === undefined) spec[section] = value;
    else spec[section] = { ...(spec[section] as Record<string, unknown> | undefined), [name]: value };
  }
  return spec;
}

const UNITS: Record<string, number> = { '': 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 };

function parseBytes(given: string): number {
  const [, count, unit] = /^([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)$/i.exec(given.trim()) ?? [];
  const scale = UNITS[(unit ?? '').toLowerCase()];
  if (count !== undefined && scale !== undefined) return Math.ceil(Number(count) * scale);
  throw new InvalidArgumentError('a number of bytes, such as 2GB or 512MiB');
}

function parseCount(given: string): number {
  if (/^[0-9]{1,15}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('a whole number');
}

function parseShare(given: string): number {
  if (/^(?:0|1|[01]?\.[0-9]{1,9})$/.test(given)) return Number(given);
  throw new InvalidArgumentError('a share from 0 to 1, such as 0.05');
}
