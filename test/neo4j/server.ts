import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import type { Neo4jPlace } from '#ts/neo4j/index.js';
import { demandJava, HERE, neo4jJars } from './jars.js';

const PASSWORD = 'made-up-password';
const OPENED = ['java.nio', 'java.io', 'sun.nio.ch'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

/** A Neo4j server of a test file, on 127.0.0.1. */
export class Neo4jServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'rowmill-neo4j-'));
  #child: ChildProcess | null = null;
  #port = 0;

  /** User and password are those that the server asks for. */
  get place(): Neo4jPlace {
    return { uri: `bolt://127.0.0.1:${this.#port}`, username: 'neo4j', password: PASSWORD, database: 'neo4j' };
  }

  /** Starts it, or starts it again with the data and the port that it had. */
  async start(): Promise<void> {
    demandJava();
    const options = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m', ...OPENED, '-cp', join(neo4jJars(), '*')];
    const child = spawn('java', [...options, join(HERE, 'Launcher.java'), this.folder, String(this.#port), PASSWORD], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    let noise = '';
    child.stderr?.on('data', (chunk) => {
      noise += chunk;
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const [, port] = /^ready (\d+)$/.exec(line) ?? [];
      if (port === undefined) continue;
      this.#port = Number(port);
      return;
    }
    throw new Error(`Neo4j did not start:\n${noise.slice(-4000)}`);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it, and deletes its data; a server that does not run is left alone. */
  async stop(): Promise<void> {
    await this.#end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const closed = once(child, 'exit');
    child.kill(signal);
    await closed;
  }
}

let server: Promise<Neo4jServer> | null = null;
after(async () => (await server)?.stop());

/** The one server of a test file; it ends with the file. */
export function testNeo4j(): Promise<Neo4jServer> {
  server ??= started();
  return server;
}

async function started(): Promise<Neo4jServer> {
  const made = new Neo4jServer();
  try {
    await made.start();
    return made;
  } catch (error) {
    await made.stop();
    throw error;
  }
}
