import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program as it is installed. */
export const PROGRAM = fileURLToPath(new URL('../../../bin/rowmill.mjs', import.meta.url));

/** What programs log goes here, and not into the folder where the tests run. */
const LOGS = join(tmpdir(), `rowmill-test-logs-${process.pid}`);
process.on('exit', () => rmSync(LOGS, { recursive: true, force: true }));

/** How a program ended and what it said. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts the built program as a user would, with an environment that has no settings in it. */
export function start(args: string[], env: NodeJS.ProcessEnv = {}): Started {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ROWMILL_') && !name.startsWith('NEO4J_') && !name.startsWith('NODE_TEST') && name !== 'DATABASE_URL',
  );
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...Object.fromEntries(inherited), LOG_PATH: LOGS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

/** Runs the built program to its end. */
export function rowmill(args: string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return start(args, env).ended;
}
