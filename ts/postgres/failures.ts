import { type Failure, RowmillError } from '../errors.js';

interface ServerError {
  code?: string;
  message?: string;
  detail?: string;
  hint?: string;
  where?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
}

interface Meaning {
  code: Failure['code'];
  retryable: boolean;
  help: string;
}

const UNREACHABLE: Meaning = {
  code: 'SINK_DATABASE_UNREACHABLE',
  retryable: true,
  help: 'Check that the server runs, that host and port are right, and that no firewall is between.',
};
const LOST: Meaning = {
  code: 'SINK_CONNECTION_LOST',
  retryable: true,
  help: 'The open transaction was rolled back. `rowmill resume` goes on where the run stopped.',
};
const LOGIN: Meaning = {
  code: 'SINK_LOGIN_REFUSED',
  retryable: false,
  help: 'Check user, password and database name of database.url, and pg_hba.conf on the server.',
};
const RIGHTS: Meaning = {
  code: 'SINK_RIGHTS_MISSING',
  retryable: false,
  help: 'Ask the owner for the right named above (GRANT SELECT, INSERT, DELETE on the table; CREATE on the schema where tables are made), or use another user.',
};
const TABLE: Meaning = {
  code: 'SINK_TABLE_MISSING',
  retryable: false,
  help: 'Check database.schema, or set database.create: true to have the target table made.',
};
const DISK: Meaning = {
  code: 'SINK_DISK_FULL',
  retryable: false,
  help: 'Free room on the database server, then `rowmill resume`. The old rows are unchanged.',
};
const BUSY: Meaning = {
  code: 'SINK_DATABASE_BUSY',
  retryable: true,
  help: 'Another session held the same rows. Run again when it is done.',
};
const TLS: Meaning = {
  code: 'SINK_LOGIN_REFUSED',
  retryable: false,
  help: 'Check sslmode and certificates: add ?sslmode=disable for a server without TLS, or ?sslmode=verify-full&sslrootcert=FILE for one with its own authority.',
};
const OTHER: Meaning = {
  code: 'SINK_WRITE_FAILED',
  retryable: false,
  help: 'The transaction was rolled back; the old rows are unchanged.',
};

/** Socket errors before and after a connection stood. */
const UNREACHABLE_SOCKET = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'EACCES']);
const LOST_SOCKET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Exact SQLSTATEs first, then classes (their first two characters). */
const BY_STATE: ReadonlyMap<string, Meaning> = new Map([
  ['57P03', UNREACHABLE],
  ['53300', UNREACHABLE],
  ['57P01', LOST],
  ['57P02', LOST],
  ['57P05', LOST],
  ['08', LOST],
  ['28', LOGIN],
  ['3D', LOGIN],
  ['42501', RIGHTS],
  ['42P01', TABLE],
  ['3F', TABLE],
  ['53100', DISK],
  ['40', BUSY],
  ['55P03', BUSY],
]);

function meaningOf(error: ServerError): Meaning {
  const code = error.code ?? '';
  const message = error.message ?? '';
  const byState = BY_STATE.get(code) ?? (code.length === 5 ? BY_STATE.get(code.slice(0, 2)) : undefined);
  if (byState) return byState;
  if (UNREACHABLE_SOCKET.has(code) || /timeout expired|timeout exceeded/i.test(message)) return UNREACHABLE;
  if (LOST_SOCKET.has(code) || /connection terminated|not queryable|client was closed|connection ended/i.test(message)) return LOST;
  if (/SSL|TLS|certificate/i.test(`${code} ${message}`)) return TLS;
  if (/SASL|password/i.test(message)) return LOGIN;
  return OTHER;
}

/** A refused connection to several addresses arrives as one error that holds the others and has no words of its own. */
function unpacked(error: unknown): ServerError {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0] as ServerError;
  return (error ?? {}) as ServerError;
}

/**
 * The database's answer as a failure with a code of ours.
 *
 * @param doing what was being done, as the beginning of a sentence: `writing rows to public.t`
 * @returns `error` itself where it is a {@link RowmillError} already
 */
export function databaseError(error: unknown, doing: string): RowmillError {
  if (error instanceof RowmillError) return error;
  const from = unpacked(error);
  const { code, retryable, help } = meaningOf(from);
  const state = from.code ? ` [${from.code}]` : '';
  const details = [from.detail, from.where?.split('\n')[0], from.hint].filter((part) => part).map((part) => part?.replace(/\.$/, ''));
  const message = [`${doing}: ${from.message ?? String(error)}${state}`, ...details].join('. ');
  const column = from.column ?? /column (\w+)/.exec(from.where ?? '')?.[1];
  return new RowmillError({ code, message, help, retryable, place: column ? { column } : {} }, { cause: error });
}
