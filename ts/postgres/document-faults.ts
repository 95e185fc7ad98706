import type { ContractTable } from '../addon.js';
import { RowmillError } from '../errors.js';

/** Why a document cannot be loaded, for its line in the log. */
export interface DocumentFault {
  stage: 'constraint_violation' | 'database' | 'insertion';
  /** Table, column, what is wrong, what to do. Values are masked unless they were asked for. */
  reason: string;
}

/** What reasons are told in. */
export interface FaultContext {
  /** Tables of the contract, which says where the values of their columns come from. */
  tables: readonly ContractTable[];
  /** Whether values appear. */
  reveal: boolean;
}

interface ServerError {
  code?: string;
  message?: string;
  detail?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
}

const MASK = '***';

/** What each SQLSTATE of a refused row means, and what to do. */
const MEANINGS: ReadonlyMap<string, readonly [said: string, help: string]> = new Map([
  ['23502', ['the column takes no null, and the document has nothing for it', 'give the column a default in the contract, or correct the document']],
  ['23503', ['the row refers to one that does not exist', 'add the row it refers to, or correct the dictionary of the contract']],
  ['23505', ['the key is in the table already', 'remove the row that is there, or the document that repeats it']],
  ['23514', ['the row breaks a check', 'correct the document, or the check']],
  ['23P01', ['the row excludes one that is there', 'remove the row that is there, or the document']],
  ['22001', ['the text is longer than the column', 'give the column its length in the contract']],
  ['22003', ['the number is outside the range of the column', 'give the column a wider type']],
  ['22P02', ['the value is not of the type of the column', 'give the column another type in the contract']],
]);

/** Classes of SQLSTATE that speak of a row, not of the statement or the server: data, integrity, a check option, a raised exception. */
const OF_DATA = /^(22|23|44)|^P0001$/;

/** Codes of the encoder that speak of a row. */
const ENCODED = /^DATA_/;

/**
 * What a refusal says of a document.
 *
 * @returns null where the failure is no document's fault, and trying the documents one by one would not help
 */
export function documentFault(error: unknown, context: FaultContext): DocumentFault | null {
  if (!(error instanceof RowmillError)) return null;
  if (ENCODED.test(error.code)) return { stage: 'insertion', reason: encoderReason(error, context) };
  const cause = error.cause as ServerError | undefined;
  if (!cause?.code || !OF_DATA.test(cause.code)) return null;
  return { stage: cause.code.startsWith('23') ? 'constraint_violation' : 'database', reason: serverReason(cause, context) };
}

function encoderReason({ message, place }: RowmillError, { reveal }: FaultContext): string {
  const column = place.column === undefined ? '' : `${place.column}: `;
  const value = place.value === undefined ? '' : ` (value ${reveal ? JSON.stringify(place.value) : MASK})`;
  return `${column}${message}${value}`;
}

function serverReason(error: ServerError, { tables, reveal }: FaultContext): string {
  const [said, help] = MEANINGS.get(error.code ?? '') ?? ['the database refused the row', "see the server's log"];
  const columns = error.column ?? columnsIn(error.detail);
  const where = [error.table, columns].filter(Boolean).join('.');
  const constraint = error.constraint ? ` (${error.constraint})` : '';
  const from = origins(
    tables.find(({ name }) => name === error.table),
    columns?.split(', ') ?? [],
  );
  return `${where ? `${where}: ` : ''}${said}${constraint} [${error.code}]${from}${valueIn(error, reveal)}; ${help}`;
}

/** Where the values of columns come from, in brackets. */
function origins(table: ContractTable | undefined, columns: readonly string[]): string {
  const places = columns.flatMap((name) => table?.columns.find((column) => column.name === name)?.from ?? []);
  return places.length === 0 ? '' : ` (from ${places.join(', ')})`;
}

/** `Key (a, b)=(1, 2) already exists.` names the columns. */
function columnsIn(detail = ''): string | undefined {
  return /^Key \(([^)]*)\)=/.exec(detail)?.[1]?.replaceAll('"', '');
}

/** The offending value; a whole row is never shown. */
function valueIn({ detail = '', message = '' }: ServerError, reveal: boolean): string {
  const value = /^Key \([^)]*\)=\((.*?)\) /.exec(detail)?.[1] ?? /: "(.*)"$/.exec(message)?.[1];
  return value === undefined ? '' : `, value ${reveal ? value : MASK}`;
}

/** The fault of a row that belongs to another document. */
export function foreignFault(table: ContractTable): DocumentFault {
  return {
    stage: 'constraint_violation',
    reason: `${table.name}.${table.primaryKey.join(', ')}: a row with this key belongs to another document${origins(table, table.primaryKey)}; give it a key of its own, or turn on foreignContactAbsorbed in the contract`,
  };
}
