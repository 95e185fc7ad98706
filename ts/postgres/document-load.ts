import type { Connection } from './connect.js';
import { type DocumentFault, documentFault, type FaultContext, foreignFault } from './document-faults.js';
import { type StagedTable, stagedColumns } from './staging.js';
import { copyIn } from './statements/copy-in.js';
import { canBeForeign, findForeignRows } from './statements/find-foreign-rows.js';
import { type DocumentRange, dropStaged, mergeStaged } from './statements/merge-staged.js';
import { beginPart, keepPart, undoPart } from './statements/savepoint.js';

/** The rows of some documents of a batch, where COPY can take them from. */
export interface DocumentRows {
  /** Documents, from 0. */
  documents: number;
  /** Rows of a table, by its place in the contract. */
  rows(table: number): number;
  /** Binary COPY bytes of the rows of these documents, with their places in the batch. */
  copy(table: number, range: DocumentRange): Promise<Buffer>;
}

export interface DocumentLoad {
  tables: readonly StagedTable[];
  rows: DocumentRows;
  /** Documents whose rows are not wanted. */
  without: readonly number[];
  /** Whether a row may be added to one that belongs to another document. */
  absorbForeign: boolean;
  /** Whether values appear in reasons. */
  reveal: boolean;
}

/** What became of the documents of a batch: those that are not in `faults` are in the tables. */
export interface LoadedDocuments {
  faults: Map<number, DocumentFault>;
  /** Rows written, by table. */
  rows: number[];
  /** Times that a part of the batch was refused and tried again in halves. */
  splits: number;
}

/**
 * Loads the documents of a batch inside the open transaction. Where the database refuses a row, the batch is halved until the document at fault
 * stands alone; it is left out, and all others are loaded.
 *
 * @throws RowmillError where the refusal is no document's fault (a lost connection, a missing table): the caller rolls back
 */
export async function loadDocuments(connection: Connection, load: DocumentLoad): Promise<LoadedDocuments> {
  const loaded: LoadedDocuments = { faults: new Map(), rows: load.tables.map(() => 0), splits: 0 };
  const whole = { first: 0, last: load.rows.documents - 1 };
  if (load.rows.documents === 0) return loaded;
  await beginPart(connection);
  try {
    await copyRange(connection, load, whole);
  } catch (error) {
    if (!documentFault(error, faultContext(load))) throw error;
    await undoPart(connection);
    await inHalves(connection, load, whole, loaded, copyAndMerge);
    return loaded;
  }
  await keepPart(connection);
  await inHalves(connection, load, whole, loaded, mergeRange);
  return loaded;
}

function faultContext({ tables, reveal }: DocumentLoad): FaultContext {
  return { tables: tables.map(({ spec }) => spec), reveal };
}

type Part = (connection: Connection, load: DocumentLoad, range: DocumentRange) => Promise<number[]>;

/** Does a part, and where a document is at fault, its halves. */
async function inHalves(connection: Connection, load: DocumentLoad, range: DocumentRange, loaded: LoadedDocuments, part: Part): Promise<void> {
  await beginPart(connection);
  try {
    const rows = await part(connection, load, range);
    await keepPart(connection);
    for (const [table, count] of rows.entries()) loaded.rows[table] = (loaded.rows[table] ?? 0) + count;
    return;
  } catch (error) {
    const named = error instanceof ForeignRows ? error : null;
    const fault = named?.fault ?? documentFault(error, faultContext(load));
    if (!fault) throw error;
    await undoPart(connection);
    if (named) {
      for (const document of named.documents) loaded.faults.set(document, named.fault);
    } else if (range.first === range.last) loaded.faults.set(range.first, fault);
    loaded.splits += 1;
  }
  for (const rest of remaining(range, loaded.faults)) await inHalves(connection, load, rest, loaded, part);
}

/** What is left to try of a range: around the documents that are known to be at fault, else its halves. */
function remaining({ first, last }: DocumentRange, faults: ReadonlyMap<number, DocumentFault>): DocumentRange[] {
  const found: DocumentRange[] = [];
  let begin = first;
  for (let at = first; at <= last; at += 1) {
    if (!faults.has(at)) continue;
    if (at > begin) found.push({ first: begin, last: at - 1 });
    begin = at + 1;
  }
  if (begin > first) return begin > last ? found : [...found, { first: begin, last }];
  const middle = (first + last) >> 1;
  return [
    { first, last: middle },
    { first: middle + 1, last },
  ];
}

async function copyRange(connection: Connection, { tables, rows, without }: DocumentLoad, range: DocumentRange): Promise<void> {
  for (const [at, table] of tables.entries()) {
    if (rows.rows(at) === 0) continue;
    const bytes = await rows.copy(at, range);
    const columns = stagedColumns(table).map(({ name }) => name);
    await copyIn(connection, table.staging, columns, once(bytes));
    if (without.length > 0) await dropStaged(connection, table, without);
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function mergeRange(connection: Connection, load: DocumentLoad, range: DocumentRange): Promise<number[]> {
  const written: number[] = [];
  for (const [at, table] of load.tables.entries()) {
    if (load.rows.rows(at) === 0) {
      written.push(0);
      continue;
    }
    if (!load.absorbForeign && canBeForeign(table)) {
      const documents = await findForeignRows(connection, table, range);
      if (documents.length > 0) throw new ForeignRows(documents, foreignFault(table.spec));
    }
    written.push(await mergeStaged(connection, table, range));
  }
  return written;
}

async function copyAndMerge(connection: Connection, load: DocumentLoad, range: DocumentRange): Promise<number[]> {
  await copyRange(connection, load, range);
  return mergeRange(connection, load, range);
}

/** Documents that are known by name to be at fault. */
class ForeignRows extends Error {
  readonly documents: readonly number[];
  readonly fault: DocumentFault;

  constructor(documents: readonly number[], fault: DocumentFault) {
    super(fault.reason);
    this.documents = documents;
    this.fault = fault;
  }
}
