import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RowmillError } from '../../errors.js';
import type { Metrics } from '../../metrics/index.js';
import { type FeatureMap, featureLevel, featureNamed, featureWarnings } from '../config/features.js';
import type { SessionLog } from '../sessions/session-log.js';
import { dialects } from '../tree.js';
import type { LineageWatcher, TextOrigin } from './watcher.js';

/** Bytes of a request's body. */
const MAX_BODY = 50 * 1024 ** 2;
const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

export interface ControlOptions {
  watcher: LineageWatcher;
  metrics: Metrics;
  sessions: SessionLog;
  /** 0 for one that is free. */
  port: number;
  features(): FeatureMap;
  /** Switches features; they count from the next file on. */
  setFeatures(changes: Partial<FeatureMap>): Promise<void>;
  /** Puts a file that was uploaded where it belongs, and takes it in; answers its name. */
  upload(name: string, bytes: Buffer): Promise<{ name: string; status: string }>;
}

interface Reply {
  status?: number;
  type?: string;
  body: string | object;
  headers?: Record<string, string>;
}

/** What may be asked of a process that watches, by HTTP on 127.0.0.1: metrics, state, features, sessions, files to take in. */
export class ControlServer {
  readonly #options: ControlOptions;
  readonly #server: Server;

  private constructor(options: ControlOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @throws RowmillError `PLAN_INVALID` where the port is taken */
  static async start(options: ControlOptions): Promise<ControlServer> {
    const control = new ControlServer(options);
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', (cause) => reject(portTaken(options.port, cause)));
      control.#server.listen(options.port, '127.0.0.1', resolve);
    });
    return control;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Reply;
    try {
      reply = isLocal(request) ? await this.#route(request) : { status: 403, body: { error: 'only for requests to this machine' } };
    } catch (error) {
      reply = failure(error);
    }
    const { status = 200, type = 'application/json', body, headers = {} } = reply;
    response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff', ...headers });
    response.end(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`);
  }

  #route(request: IncomingMessage): Promise<Reply> | Reply {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { watcher, metrics } = this.#options;
    const [, first = '', id = '', last = ''] = url.pathname.split('/');
    switch (`${request.method} /${first}`) {
      case 'GET /metrics':
        return metrics.exposition().then((body) => ({ type: metrics.contentType, body }));
      case 'GET /summary':
        return metrics.summary().then((body) => ({ body }));
      case 'GET /stats':
        return { body: watcher.stats() };
      case 'GET /flags':
        return { body: this.#features() };
      case 'POST /flags':
        return this.#switch(request);
      case 'POST /ingest':
        return this.#ingest(request);
      case 'POST /upload':
        return this.#upload(request, url.searchParams.get('name') ?? '');
      case 'GET /sessions':
        return id === '' ? this.#options.sessions.list().then((body) => ({ body })) : last === 'logs' ? this.#log(id, url.searchParams) : missing();
      default:
        return missing();
    }
  }

  #features(): object {
    const features = this.#options.features();
    return { features, level: featureLevel(features), warnings: featureWarnings(features) };
  }

  async #switch(request: IncomingMessage): Promise<Reply> {
    const changes: Partial<FeatureMap> = {};
    for (const [word, isOn] of Object.entries(await json(request))) {
      const name = featureNamed(word);
      if (name === null || typeof isOn !== 'boolean')
        return { status: 422, body: { error: `${word} is no feature that can be ${JSON.stringify(isOn)}` } };
      changes[name] = isOn;
    }
    await this.#options.setFeatures(changes);
    return { body: this.#features() };
  }

  async #ingest(request: IncomingMessage): Promise<Reply> {
    const { paths, sql_content: text, source_file: name = 'manual_ingest', dialect, project_id: project } = await json(request);
    if (Array.isArray(paths) && paths.every((path) => typeof path === 'string')) {
      await this.#options.watcher.ingest(paths);
      return { body: { files: paths.length } };
    }
    if (typeof text !== 'string' || typeof name !== 'string') return { status: 422, body: { error: 'give paths, or sql_content and source_file' } };
    if (![dialect, project].every((word) => word === undefined || typeof word === 'string')) {
      return { status: 422, body: { error: 'dialect and project_id are texts' } };
    }
    const known = ['auto', ...dialects().map(({ id }) => id)];
    if (dialect !== undefined && !known.includes(dialect as string)) {
      return { status: 400, body: { error: `the dialect ${JSON.stringify(dialect)} is not known`, known } };
    }
    const given = { ...(dialect !== undefined && { dialect }), ...(project !== undefined && { project }) } as TextOrigin;
    return { body: await this.#options.watcher.ingestText(name, text, given) };
  }

  async #upload(request: IncomingMessage, name: string): Promise<Reply> {
    if (request.headers['content-type'] !== 'application/octet-stream') return { status: 415, body: { error: 'send application/octet-stream' } };
    return { body: await this.#options.upload(name, await bodyOf(request)) };
  }

  async #log(id: string, query: URLSearchParams): Promise<Reply> {
    const events = await this.#options.sessions.events(id);
    if (!events) return { status: 404, body: { error: 'there is no such session' } };
    const isLines = query.get('format') === 'jsonl';
    const headers = query.get('download') === 'true' ? { 'content-disposition': `attachment; filename="${id}.${isLines ? 'jsonl' : 'json'}"` } : {};
    if (!isLines) return { body: events, headers };
    return { type: 'application/x-ndjson', body: events.map((event) => `${JSON.stringify(event)}\n`).join(''), headers };
  }
}

/** A page of elsewhere may send its reader's browser here under a name of its own; it is not answered. */
function isLocal({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const origin = headers.origin === undefined ? null : URL.parse(headers.origin);
  return LOCAL.has(host) && (headers.origin === undefined || (origin !== null && LOCAL.has(origin.hostname)));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY) throw refuse(`a request holds at most ${MAX_BODY} bytes`, 'Put the file into a watched folder instead.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? '';
  const text = (await bodyOf(request)).toString('utf8');
  if (!type.startsWith('application/json')) throw refuse('the request is not JSON', 'Send content-type: application/json.');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, as for another value.
  }
  throw refuse('the request holds no JSON object', 'Send an object.');
}

function refuse(message: string, help: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: {} });
}

function failure(error: unknown): Reply {
  if (!(error instanceof RowmillError)) return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  const { code, message, help, place } = error;
  return { status: code === 'PLAN_INVALID' ? 400 : code.startsWith('INPUT_') ? 422 : 503, body: { error: message, code, help, place } };
}

function missing(): Reply {
  return {
    status: 404,
    body: { error: 'there is nothing here', known: ['/metrics', '/summary', '/stats', '/flags', '/ingest', '/upload', '/sessions'] },
  };
}

function portTaken(port: number, cause: Error): RowmillError {
  const message = `port ${port} of 127.0.0.1 cannot be used: ${cause.message}`;
  const help = 'Choose another one with --port, or 0 for any that is free.';
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: {} }, { cause });
}
