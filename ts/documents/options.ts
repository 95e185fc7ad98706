import { availableParallelism } from 'node:os';
import type { ManyDocuments } from '../addon.js';
import { type Problem, RowmillError } from '../errors.js';

/** What a run of documents is asked for. Only contract, source and database must be given. */
export interface ApplicationsOptions {
  /** Contract file, YAML or JSON. */
  contract: string;
  /** Files, folders (all their .xml, .xml.gz and .zip, at any depth) and globs; or the one word `table`: the table that the contract names. */
  source: string | readonly string[];
  /** postgres:// URL of the database that rows go to, and that a table of documents lies in. */
  database: string;
  /** Schema instead of the contract's. Default: the contract's own, else `public`. */
  schema?: string | undefined;
  /** Makes tables that are missing. Default: false. */
  createTables?: boolean | undefined;
  /** How each file holds many documents; null for one document per file. Default: null. */
  many?: ManyDocuments | null | undefined;
  /** Documents in a transaction, from 1. Larger ones cost less each, and more when one of them is refused. Default: 500. */
  batchSize?: number | undefined;
  /** Bytes of documents that are brought and mapped at a time, from 64 KiB; a larger batch is taken in pieces. Default: 8 MiB. */
  batchBytes?: number | undefined;
  /** Batches that are written at the same time, each on a connection of its own, from 1. Default: 4. */
  connections?: number | undefined;
  /** Batches that are read and mapped meanwhile, each on a further connection; 0 prepares a batch only when the one before is committed. Default: 0. */
  prefetch?: number | undefined;
  /** Threads that parse and map. Default: the processors available. */
  threads?: number | undefined;
  /** Remembers the ids of loaded documents, instead of asking the log for those of every batch. Only for documents of files. Default: false. */
  duplicateCache?: boolean | undefined;
  /** Locks documents while they are worked on, so that several processes share them. Without it, ranges or shards must keep them apart. Default: true. */
  claims?: boolean | undefined;
  /** Most documents to take. Default: all. */
  limit?: number | undefined;
  /** First and last id, both inclusive. Without effect where there are shards. Default: all. */
  firstId?: number | undefined;
  lastId?: number | undefined;
  /** Takes only ids that leave the rest `shard` when divided by `shards`. Default: all. */
  shards?: number | undefined;
  shard?: number | undefined;
  /** Whether documents that failed in an earlier run are tried again. Default: `failed`; `none` with a contract that says `failedNeverRetried`. */
  retry?: 'failed' | 'none' | undefined;
  /** How often a document is tried in all, from 1. Default: 3. */
  attempts?: number | undefined;
  /** A uuid for the log. Default: a random one. */
  runId?: string | undefined;
  /** Shows values of documents in reasons and reports. They are personal. Default: false. */
  revealValues?: boolean | undefined;
  /** Reads bytes that are not UTF-8 as windows-1252. Default: true. */
  windows1252?: boolean | undefined;
  /** Most bytes of a document. Default: 64 MiB. */
  documentBytes?: number | undefined;
}

/** Options that may be absent, and then say so with null. */
type Absent = 'schema' | 'many' | 'limit' | 'firstId' | 'lastId' | 'shards' | 'shard' | 'retry' | 'runId';

/** Options with every default filled in. */
export type FullOptions = { [Name in Exclude<keyof ApplicationsOptions, Absent | 'source'>]-?: NonNullable<ApplicationsOptions[Name]> } & {
  [Name in Absent]: NonNullable<ApplicationsOptions[Name]> | null;
} & { source: readonly string[] };

const MIB = 1 << 20;

/** Measured: docs/applications.md says how. */
export const DEFAULTS = {
  batchSize: 500,
  batchBytes: 8 * MIB,
  connections: 4,
  prefetch: 0,
  duplicateCache: false,
  claims: true,
  attempts: 3,
  windows1252: true,
  documentBytes: 64 * MIB,
} as const;

/** Whole numbers and what they may be. */
const NUMBERS: readonly [keyof FullOptions, number, number][] = [
  ['batchSize', 1, 100_000],
  ['batchBytes', 64 << 10, 2 ** 31 - 1],
  ['connections', 1, 64],
  ['prefetch', 0, 64],
  ['threads', 1, 512],
  ['limit', 1, Number.MAX_SAFE_INTEGER],
  ['firstId', 0, Number.MAX_SAFE_INTEGER],
  ['lastId', 0, Number.MAX_SAFE_INTEGER],
  ['shards', 2, 1_000_000],
  ['shard', 0, 999_999],
  ['attempts', 1, 1000],
  ['documentBytes', 1, 2 ** 31 - 1],
];

/**
 * Options with defaults, looked at.
 *
 * @throws RowmillError `PLAN_INVALID` with everything that is wrong
 */
export function fullOptions(given: ApplicationsOptions): FullOptions {
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<FullOptions>;
  const source = typeof given.source === 'string' ? [given.source] : [...(given.source ?? [])];
  const absent = { schema: null, many: null, limit: null, firstId: null, lastId: null, shards: null, shard: null, retry: null, runId: null };
  const plain = { contract: '', database: '', createTables: false, revealValues: false, threads: availableParallelism() };
  const full: FullOptions = { ...absent, ...plain, ...DEFAULTS, ...chosen, source };
  const problems = [...missing(full), ...numberProblems(full), ...choiceProblems(full)];
  if (problems.length === 0) return full;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: 'the run cannot begin as it was asked for',
    help: '`rowmill run applications --help` lists the options',
    retryable: false,
    place: {},
    problems,
  });
}

function problem(path: string, message: string, value: unknown, allowed: string): Problem {
  return { path, message, value: value ?? null, allowed, origin: '' };
}

function missing({ contract, source, database }: FullOptions): Problem[] {
  const found: Problem[] = [];
  if (!contract) found.push(problem('contract', 'a contract is needed', null, 'a YAML or JSON file'));
  if (source.length === 0) found.push(problem('source', 'a source is needed', null, "files, folders, globs, or 'table'"));
  if (source.length > 1 && source.includes('table')) found.push(problem('source', 'a table is read alone', source, "files, or 'table'"));
  if (!database) found.push(problem('database', 'a database is needed', null, 'a URL such as postgres://user@host/database'));
  return found;
}

function numberProblems(full: FullOptions): Problem[] {
  return NUMBERS.flatMap(([name, least, most]) => {
    const value = full[name];
    if (value === null || (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most)) return [];
    return [problem(name, 'it is not a whole number in its range', value, `${least} to ${most}`)];
  });
}

function choiceProblems({ firstId, lastId, shards, shard, retry, runId }: FullOptions): Problem[] {
  const found: Problem[] = [];
  if (firstId !== null && lastId !== null && firstId > lastId)
    found.push(problem('lastId', 'it is before the first id', lastId, `${firstId} or more`));
  if ((shards === null) !== (shard === null)) found.push(problem('shard', 'shards and shard go together', shard, '--shards 4 --shard 0'));
  if (shards !== null && shard !== null && shard >= shards) found.push(problem('shard', 'there is no such shard', shard, `0 to ${shards - 1}`));
  if (retry !== null && !['failed', 'none'].includes(retry)) found.push(problem('retry', 'it is neither of the two', retry, 'failed, none'));
  if (runId !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(runId)) found.push(problem('runId', 'it is no uuid', runId, 'a uuid'));
  return found;
}
