import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Sent with every answer. Scripts and styles come from this server only, and nothing else is fetched; no other page may frame this one. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Header with the token of the page, without which nothing is changed. */
export const TOKEN_HEADER = 'x-rowmill-token';

/**
 * Why a request is refused; null where it is not. Another site whose name is made to point here (DNS rebinding) is told by `Host`, another page of the same
 * browser by `Origin`.
 */
export function refusal(request: IncomingMessage, port: number, token: string): string | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(request.headers.host ?? '')) return 'this server answers to 127.0.0.1 and localhost only';
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const { origin } = request.headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return 'the request comes from another page';
  return isToken(request.headers[TOKEN_HEADER], token) ? null : `changes need the token of the page in the header ${TOKEN_HEADER}`;
}

function isToken(given: string | string[] | undefined, token: string): boolean {
  const [left, right] = [Buffer.from(typeof given === 'string' ? given : ''), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
