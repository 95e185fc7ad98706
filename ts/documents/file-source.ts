import { basename, resolve } from 'node:path';
import { type ListedDocument, listDocuments, type ManyDocuments, type MapDocument } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type Connection, claimSources, delist, enlist, type TableName } from '../postgres/index.js';
import { sortedFiles } from '../sources/index.js';
import type { Claim, ClaimedDocument, DocumentSource } from './source.js';

/** Files whose documents are listed at a time. */
const FILES_AT_ONCE = 1000;
/** What documents are looked for in. */
const ENDINGS = ['.xml', '.xml.gz', '.gz', '.zip'];

/** Documents of files, in the order of their paths. Only those at hand are held. */
export class FileSource implements DocumentSource {
  readonly by = 'source';
  readonly name: string;
  readonly expected: number | null;
  readonly #pages: AsyncIterator<ListedDocument[]>;
  /** Null where nothing is claimed. */
  readonly #claims: TableName | null;
  /** What was listed and is not on the list of claims yet. */
  #page: ClaimedDocument[] | null = null;
  /** What is to be claimed next. */
  #ahead: ClaimedDocument[] = [];

  constructor(name: string, pages: AsyncIterable<ListedDocument[]>, options: { claims: TableName | null; expected: number | null }) {
    this.name = name;
    this.expected = options.expected;
    this.#pages = pages[Symbol.asyncIterator]();
    this.#claims = options.claims;
  }

  async prepare(connection: Connection, count: number): Promise<void> {
    while (this.#ahead.length < count) {
      this.#page ??= await this.#nextPage();
      if (this.#page.length === 0) return;
      const keys = this.#page.map(({ key }) => key);
      if (this.#claims) await enlist(connection, this.#claims, keys);
      this.#ahead.push(...this.#page);
      this.#page = null;
    }
  }

  async #nextPage(): Promise<ClaimedDocument[]> {
    const { value, done } = await this.#pages.next();
    return done ? [] : value.map(toClaimed);
  }

  async next(connection: Connection, count: number): Promise<Claim | null> {
    const documents = this.#ahead.slice(0, count);
    if (documents.length === 0) return null;
    const claim = await this.again(connection, documents);
    this.#ahead = this.#ahead.slice(count);
    return claim;
  }

  async again(connection: Connection, documents: readonly ClaimedDocument[]): Promise<Claim> {
    if (!this.#claims) return { mine: [...documents], elsewhere: [], gone: 0 };
    const keys = documents.map(({ key }) => key);
    const { mine, listed } = await claimSources(connection, this.#claims, keys);
    const [held, known] = [new Set(mine), new Set(listed)];
    return {
      mine: documents.filter(({ key }) => held.has(key)),
      elsewhere: documents.filter(({ key }) => known.has(key) && !held.has(key)),
      gone: documents.length - listed.length,
    };
  }

  async fetch(_connection: Connection, claimed: readonly ClaimedDocument[]): Promise<{ documents: MapDocument[]; bytes: null }> {
    return { documents: claimed.map(({ document }) => document), bytes: null };
  }

  async done(connection: Connection, keys: readonly string[]): Promise<void> {
    if (this.#claims) await delist(connection, this.#claims, keys);
  }
}

function toClaimed({ bytes, ...where }: ListedDocument): ClaimedDocument {
  const { path, member, range } = where;
  // By what a document is known: its file, and where it is in there.
  const inside = `${member === undefined ? '' : `!${member}`}${range === undefined ? '' : `#${range[0]}`}`;
  return { key: `${path}${inside}`, bytes, document: { ...where, name: `${basename(path)}${inside}` } };
}

/**
 * The documents of files, folders and globs, some at a time, in the order of their paths.
 *
 * @throws RowmillError `INPUT_MISSING` where there are none
 */
export async function* listSource(source: readonly string[], many: ManyDocuments | null): AsyncGenerator<ListedDocument[]> {
  let isEmpty = true;
  const paths = source.map((given) => resolve(given));
  for await (const files of gathered(sortedFiles(paths, ENDINGS), FILES_AT_ONCE)) {
    for await (const page of listDocuments(files, many)) {
      isEmpty = false;
      yield page;
    }
  }
  if (isEmpty) throw noDocuments(source);
}

/** Pages of so many and more: a folder with a single file is a page, too. */
async function* gathered(pages: AsyncIterable<string[]>, count: number): AsyncGenerator<string[]> {
  let page: string[] = [];
  for await (const more of pages) {
    page = page.length === 0 ? more : page.concat(more);
    if (page.length < count) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** How many documents there are in files, folders and globs. */
export async function countListed(source: readonly string[], many: ManyDocuments | null): Promise<number> {
  let count = 0;
  for await (const page of listSource(source, many)) count += page.length;
  return count;
}

function noDocuments(source: readonly string[]): RowmillError {
  return new RowmillError({
    code: 'INPUT_MISSING',
    message: `there are no documents in ${source.join(', ')}`,
    help: 'Give files, folders with .xml, .xml.gz or .zip in them, or globs; quote a glob.',
    retryable: false,
    place: {},
  });
}
