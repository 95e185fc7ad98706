// Where the Rust toolchain and its caches are. Imported by the other scripts; runs nothing itself.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The environment for cargo: a target folder outside the checkout, and the toolchain of the user's own home where `HOME` was pointed
 * elsewhere (a test of a fresh clone does that) and rustup finds nothing there.
 */
export function rustEnvironment() {
  const environment = { ...process.env };
  environment.CARGO_TARGET_DIR ??= join(cacheHome(), 'rowmill', 'target');
  const home = userInfo().homedir;
  for (const [name, folder] of [
    ['RUSTUP_HOME', '.rustup'],
    ['CARGO_HOME', '.cargo'],
  ]) {
    const here = join(environment.HOME ?? home, folder);
    const there = join(home, folder);
    if (!environment[name] && !existsSync(here) && existsSync(there)) environment[name] = there;
  }
  if (spawnSync('cargo', ['--version'], { env: environment }).error) {
    const bin = join(environment.CARGO_HOME ?? join(home, '.cargo'), 'bin');
    environment.PATH = `${bin}:${environment.PATH}`;
  }
  // `napi build` names the target, which gives it a folder of its own; naming it everywhere has every dependency built once.
  environment.CARGO_BUILD_TARGET ??= hostTriple(environment);
  return environment;
}

function hostTriple(environment) {
  const about = execFileSync('rustc', ['-vV'], { env: environment, encoding: 'utf8' });
  return /^host: (.+)$/m.exec(about)?.[1];
}

function cacheHome() {
  return process.env.XDG_CACHE_HOME || join(process.env.HOME ?? userInfo().homedir, '.cache');
}

/** Runs a program in the root with our output as its own; throws where it fails. */
export function run(program, args, options = {}) {
  execFileSync(program, args, { cwd: ROOT, stdio: 'inherit', ...options });
}
