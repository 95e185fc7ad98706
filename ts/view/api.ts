import type { IncomingMessage } from 'node:http';
import { RowmillError } from '../errors.js';
import type { GraphQueries } from '../graph/sink.js';
import { around, details, overview, search, stats } from './answers.js';
import type { WireReview } from './page/wire.js';

/** What is answered: a document, and the status that says how it went. */
export interface Reply {
  status: number;
  document: unknown;
}

const DIRECTIONS = ['upstream', 'downstream', 'both'] as const;
const MAX_BODY = 1 << 16;

/** Answers a question to the API; null where there is none of that path. */
export async function answer(queries: GraphQueries, request: IncomingMessage, url: URL): Promise<Reply | null> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  switch (`${method} ${url.pathname}`) {
    case 'GET /api/stats':
      return found(await stats(queries));
    case 'GET /api/search':
      return found(await search(queries, url.searchParams.get('q') ?? ''));
    case 'GET /api/overview':
      return found(await overview(queries));
    case 'GET /api/around':
      return found(await around(queries, toQuestion(url.searchParams)));
    case 'GET /api/node':
      return found(await details(queries, idOf(url.searchParams.get('id'), 'id')));
    case 'POST /api/review':
      return found({ success: await queries.review(toReview(await bodyOf(request))) });
    default:
      return null;
  }
}

function found(document: unknown): Reply {
  return document === null ? { status: 404, document: { error: { message: 'the graph has no such node' } } } : { status: 200, document };
}

function toQuestion(query: URLSearchParams): Parameters<typeof around>[1] {
  const direction = DIRECTIONS.find((word) => word === (query.get('direction') ?? 'both'));
  if (!direction) throw wrong('direction', `Use one of ${DIRECTIONS.join(', ')}.`);
  const depth = Number(query.get('depth') ?? '5');
  return { id: idOf(query.get('id'), 'id'), direction, depth, includeRejected: query.get('includeRejected') === 'true' };
}

function toReview(document: unknown): WireReview {
  const { from, type, to, action, notes } = (document ?? {}) as Record<string, unknown>;
  if (action !== 'approve' && action !== 'reject') throw wrong('action', 'Use approve or reject.');
  if (typeof type !== 'string') throw wrong('type', 'Name the type of the edge.');
  if (notes !== undefined && typeof notes !== 'string') throw wrong('notes', 'Write a text.');
  return { from: idOf(from, 'from'), type, to: idOf(to, 'to'), action, ...(notes ? { notes } : {}) };
}

function idOf(value: unknown, name: string): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw wrong(name, 'An id has 64 hexadecimal digits.');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_BODY) throw wrong('body', `Send at most ${MAX_BODY} bytes.`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw wrong('body', 'Send JSON.');
  }
}

function wrong(name: string, help: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message: `${name} is not as it should be`, help, retryable: false, place: { column: name } });
}
