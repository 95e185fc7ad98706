// Where a figure was measured, and with what. A figure without this is not written down.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The addon that a measured process loads: the one named by the environment, as the loader has it, or the one that was built in place. */
export function addonPath() {
  if (process.env.NAPI_RS_NATIVE_LIBRARY_PATH) return process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
  const libc = process.platform === 'linux' ? (process.report.getReport().header.glibcVersionRuntime ? '-gnu' : '-musl') : '';
  return `${ROOT}ts/native/rowmill.${process.platform}-${process.arch}${libc}.node`;
}

/** `linux-x64-2c`: the folder name of results that may be compared with each other, and no more than that. */
export function machineName() {
  return `${process.platform}-${process.arch}-${cpus().length}c`;
}

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    // Other work on the machine makes seconds meaningless and CPU seconds worse: it is shown beside the figures.
    loadAverage: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

export function versions() {
  const require = createRequire(import.meta.url);
  const addon = readFileSync(addonPath());
  return {
    node: process.version,
    rowmill: require(`${ROOT}package.json`).version,
    commit: commit(),
    addonSha256: createHash('sha256').update(addon).digest('hex').slice(0, 16),
    addonBytes: addon.length,
    duckdb: require('@duckdb/node-api/package.json').version,
  };
}

/** Empty outside a checkout. */
function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
