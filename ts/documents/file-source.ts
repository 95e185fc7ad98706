import { basename, resolve } from 'node:path';
import { type ListedDocument, listDocuments, type ManyDocuments, type MapDocument } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type Connection, claimSources, delist, enlist, type TableName } from '../postgres/index.js';
import { findFiles } from '../sources/index.js';
import type { Claim, ClaimedDocument, DocumentSource } from './source.js';

/** Files whose documents are listed at a time. */
const FILES_AT_ONCE = 1000;
/** Documents that are put on the list at a time. */
const LISTED_AT_ONCE = 10_000;

/** Documents of files, in the order of their paths. */
export class FileSource implements DocumentSource {
  readonly by = 'source';
  readonly name: string;
  readonly expected: number;
  readonly #documents: Map<string, ClaimedDocument>;
  readonly #keys: string[];
  /** Null where nothing is claimed. */
  readonly #claims: TableName | null;
  #at = 0;

  constructor(name: string, listed: readonly ListedDocument[], claims: TableName | null) {
    this.name = name;
    this.#documents = new Map(listed.map((document) => [sourceOf(document), toClaimed(document)]));
    this.#keys = [...this.#documents.keys()];
    this.expected = this.#keys.length;
    this.#claims = claims;
  }

  /** Puts all documents on the list that several processes take from. */
  async enlist(connection: Connection): Promise<void> {
    if (!this.#claims) return;
    for (let at = 0; at < this.#keys.length; at += LISTED_AT_ONCE) {
      await enlist(connection, this.#claims, this.#keys.slice(at, at + LISTED_AT_ONCE));
    }
  }

  async next(connection: Connection, count: number): Promise<Claim | null> {
    const keys = this.#keys.slice(this.#at, this.#at + count);
    this.#at += keys.length;
    return keys.length === 0 ? null : this.again(connection, keys);
  }

  async again(connection: Connection, keys: readonly string[]): Promise<Claim> {
    const { mine, listed } = this.#claims ? await claimSources(connection, this.#claims, keys) : { mine: keys, listed: keys };
    const held = new Set(mine);
    return {
      mine: keys.filter((key) => held.has(key)).flatMap((key) => this.#documents.get(key) ?? []),
      elsewhere: listed.filter((key) => !held.has(key)),
      gone: keys.length - listed.length,
    };
  }

  async fetch(_connection: Connection, claimed: readonly ClaimedDocument[]): Promise<{ documents: MapDocument[]; bytes: null }> {
    return { documents: claimed.map(({ document }) => document), bytes: null };
  }

  async done(connection: Connection, keys: readonly string[]): Promise<void> {
    if (this.#claims) await delist(connection, this.#claims, keys);
  }
}

/** By what a document is known: its file, and where it is in there. */
function sourceOf({ path, member, range }: ListedDocument): string {
  return `${path}${member === undefined ? '' : `!${member}`}${range === undefined ? '' : `#${range[0]}`}`;
}

function toClaimed(listed: ListedDocument): ClaimedDocument {
  const { bytes, ...where } = listed;
  const key = sourceOf(listed);
  return { key, bytes, document: { ...where, name: key.replace(where.path, basename(where.path)) } };
}

/**
 * The documents of files, folders and globs.
 *
 * @throws RowmillError `INPUT_MISSING` where there are none
 */
export async function listSource(source: readonly string[], many: ManyDocuments | null): Promise<ListedDocument[]> {
  const paths = new Set<string>();
  for (const given of source) for (const path of await findFiles(resolve(given), ['.xml', '.xml.gz', '.gz', '.zip'])) paths.add(path);
  const sorted = [...paths].sort();
  const listed: ListedDocument[] = [];
  for (let at = 0; at < sorted.length; at += FILES_AT_ONCE) {
    for (const document of await listDocuments(sorted.slice(at, at + FILES_AT_ONCE), many)) listed.push(document);
  }
  if (listed.length > 0) return listed;
  throw new RowmillError({
    code: 'INPUT_MISSING',
    message: `there are no documents in ${source.join(', ')}`,
    help: 'Give files, folders with .xml, .xml.gz or .zip in them, or globs; quote a glob.',
    retryable: false,
    place: {},
  });
}
