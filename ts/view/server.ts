import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RowmillError } from '../errors.js';
import type { GraphQueries } from '../graph/sink.js';
import { answer, type Reply } from './api.js';
import { type Asset, loadAssets } from './assets.js';
import { HEADERS, refusal } from './guard.js';

export interface ViewOptions {
  queries: GraphQueries;
  /** Port on 127.0.0.1; 0 takes a free one. Default: 7411. */
  port?: number;
}

/** A page that is served until it is closed. */
export interface View extends AsyncDisposable {
  /** Address of the page. */
  url: string;
  /** Ends it, also while browsers are connected. Safe to call twice; the graph is left open. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 7411;

/**
 * Serves a page that shows the graph, on 127.0.0.1 only. The page can change reviews; for that it has a token, which is new each time.
 *
 * @throws RowmillError `PLAN_INVALID` where the port is taken, `INSTALL_ADDON_MISSING` where the libraries that draw are not installed
 */
export async function startView({ queries, port = DEFAULT_PORT }: ViewOptions): Promise<View> {
  const assets = await loadAssets();
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    respond({ queries, assets, token }, request, response).catch(() => response.destroy());
  });
  await listen(server, port);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close, [Symbol.asyncDispose]: close };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = error.code === 'EADDRINUSE' ? `port ${port} is taken` : `port ${port} cannot be listened on: ${error.message}`;
      const help = 'Name another one with --port; 0 takes one that is free.';
      reject(
        new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { column: 'port', value: String(port) } }, { cause: error }),
      );
    });
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) server.listen(port, '127.0.0.1', resolve);
    else server.emit('error', new Error('ports go from 0 to 65535'));
  });
}

interface Served {
  queries: GraphQueries;
  assets: ReadonlyMap<string, Asset>;
  token: string;
}

async function respond({ queries, assets, token }: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const port = request.socket.localPort ?? 0;
  const reason = refusal(request, port, token);
  if (reason !== null) return sendJson(response, { status: 403, document: { error: { message: reason } } });
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const asset = request.method === 'POST' ? undefined : assets.get(url.pathname);
  if (asset) return sendAsset(response, asset, url.pathname === '/' ? token : null);
  const reply = await safely(() => answer(queries, request, url));
  sendJson(response, reply ?? { status: 404, document: { error: { message: `there is nothing at ${url.pathname}` } } });
}

/** Failures are answers, too: what was asked wrongly is 400, what went wrong here 500. */
async function safely(work: () => Promise<Reply | null>): Promise<Reply | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RowmillError)) return { status: 500, document: { error: { message: 'the server failed' } } };
    const { code, message, help } = error;
    return { status: code === 'PLAN_INVALID' ? 400 : 500, document: { error: { code, message, help } } };
  }
}

function sendAsset(response: ServerResponse, { type, body }: Asset, token: string | null): void {
  response.writeHead(200, { ...HEADERS, 'content-type': type });
  response.end(token === null ? body : body.toString('utf8').replace('{{token}}', token));
}

function sendJson(response: ServerResponse, { status, document }: Reply): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(document));
}
