import { type Failure, RowmillError } from '../errors.js';

type Meaning = Pick<Failure, 'code' | 'retryable' | 'help'>;

const UNREACHABLE: Meaning = {
  code: 'SINK_DATABASE_UNREACHABLE',
  retryable: true,
  help: 'Check that the server runs, that host and port of the URI are those of Bolt (7687 where nothing else is set), and that no firewall is between.',
};
const LOST: Meaning = {
  code: 'SINK_CONNECTION_LOST',
  retryable: true,
  help: 'The open transaction was rolled back. Run again: what was written stays, and the rest follows.',
};
const LOGIN: Meaning = {
  code: 'SINK_LOGIN_REFUSED',
  retryable: false,
  help: 'Check NEO4J_USERNAME, NEO4J_PASSWORD and the name of the database.',
};
const RIGHTS: Meaning = {
  code: 'SINK_RIGHTS_MISSING',
  retryable: false,
  help: 'Ask for the roles to read and write, and once for that of making indexes and constraints, or use another user.',
};
const BUSY: Meaning = { code: 'SINK_DATABASE_BUSY', retryable: true, help: 'Run again when the server has less to do, or write smaller batches.' };
const OTHER: Meaning = {
  code: 'SINK_WRITE_FAILED',
  retryable: false,
  help: 'The transaction was rolled back; what the graph held before is unchanged.',
};

/** Beginnings of the server's codes, the longest of one meaning first. */
const BY_CODE: readonly (readonly [string, Meaning])[] = [
  ['Neo.ClientError.Security.Forbidden', RIGHTS],
  ['Neo.ClientError.Security.', LOGIN],
  ['Neo.ClientError.Database.DatabaseNotFound', LOGIN],
  ['Neo.TransientError.General.DatabaseUnavailable', UNREACHABLE],
  ['Neo.TransientError.', BUSY],
  ['Neo.ClientError.Transaction.TransactionTimedOut', BUSY],
  ['SessionExpired', LOST],
];

/**
 * The failure of a driver's error.
 *
 * @param doing what it happened at, as the beginning of a sentence
 * @param isConnected whether the server had answered before: then a lost server is a lost connection
 */
export function neo4jError(error: unknown, doing: string, isConnected: boolean): RowmillError {
  if (error instanceof RowmillError) return error;
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  const lost = isConnected ? LOST : UNREACHABLE;
  const meaning = code === 'ServiceUnavailable' ? lost : (BY_CODE.find(([start]) => code.startsWith(start))?.[1] ?? ofOthers(error));
  const [line = ''] = message.split('\n');
  return new RowmillError({ ...meaning, message: `${doing}: ${line.slice(0, 500)}`, place: {} }, { cause: error });
}

/** Codes that say nothing: the driver knows whether trying again may help (a full pool of connections). */
function ofOthers(error: unknown): Meaning {
  return (error as { retryable?: boolean }).retryable ? BUSY : OTHER;
}
