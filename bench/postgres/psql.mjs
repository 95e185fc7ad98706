// psql's own \copy, with the time that it says its statement took: without the program's start and the login.

import { execFileSync, spawn } from 'node:child_process';
import { secondsIn } from './server-cpu.mjs';

/** Version of the psql that is found, or null. */
export function psqlVersion() {
  try {
    return execFileSync('psql', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .replace('psql', '')
      .trim();
  } catch {
    return null;
  }
}

/** Copies a file of binary COPY bytes into a table. Columns and table are quoted already. */
export async function psqlCopy({ url, table, columns, file }) {
  const lines = [
    'SELECT pg_backend_pid() AS pid \\gset',
    '\\setenv PID :pid',
    '\\! cat /proc/$PID/stat 2>/dev/null',
    '\\timing on',
    `\\copy ${table} (${columns.join(', ')}) FROM '${file}' (FORMAT binary)`,
    '\\timing off',
    '\\! cat /proc/$PID/stat 2>/dev/null',
  ];
  const said = await psql(url, `${lines.join('\n')}\n`);
  const [before, after] = said.split('\n').filter((line) => /^\d+ \(postgres/.test(line));
  return {
    seconds: Number(/^Time: ([\d.]+) ms/m.exec(said)[1]) / 1000,
    details: { rowsOut: Number(/^COPY (\d+)$/m.exec(said)[1]), serverCpuSeconds: after ? secondsIn(after) - secondsIn(before) : null },
  };
}

function psql(url, script) {
  return new Promise((resolve, reject) => {
    const child = spawn('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', url], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`psql ended with ${code}: ${said}`))));
    child.stdin.end(script);
  });
}
