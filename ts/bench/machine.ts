/** Where a figure was measured, and with what. A figure without this is not written down. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Folder of the package, with a slash at its end. */
export const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  kernel: string;
  /** Of 1, 5 and 15 minutes. Other work makes seconds meaningless and CPU seconds worse: it is shown beside the figures. */
  loadAverage: number[];
}

/** The machine as it is now. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    loadAverage: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

/** `linux-x64-2c`: the name of results that may be compared with each other, and no more than that. */
export function machineName(): string {
  return `${process.platform}-${process.arch}-${cpus().length}c`;
}

/** Node, rowmill, the addon that is measured (its hash, since a version says little), and the commit where there is a checkout. */
export function versions(): Record<string, string> {
  const addon = readFileSync(addonPath());
  const { version } = JSON.parse(readFileSync(`${PACKAGE}package.json`, 'utf8')) as { version: string };
  const commit = commitOf(PACKAGE);
  return {
    node: process.version,
    rowmill: version,
    addonSha256: createHash('sha256').update(addon).digest('hex').slice(0, 16),
    addonBytes: String(addon.length),
    ...(commit === null ? {} : { commit }),
  };
}

/** The file that the loader takes: the one the environment names, the one that was built in place, or that of the platform's package. */
export function addonPath(): string {
  const named = process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
  if (named) return named;
  const libc = process.platform === 'linux' ? `-${isGlibc() ? 'gnu' : 'musl'}` : '';
  const target = `${process.platform}-${process.arch}${libc}`;
  const require = createRequire(import.meta.url);
  try {
    return require.resolve(`${PACKAGE}ts/native/rowmill.${target}.node`);
  } catch {
    return require.resolve(`rowmill-${target}`);
  }
}

function isGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}

/** With a mark where tracked files differ from it: then the figures are of something that nobody else has. */
function commitOf(folder: string): string | null {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!bench/runs') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return null;
  }
}
