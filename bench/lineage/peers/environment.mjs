// Pythons with the peers: the one that BENCH_PYTHON names if it has them, else environments of our own, made once.

import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where they are made; `none` makes none. */
const place = () => process.env.BENCH_ENVIRONMENTS ?? join(homedir(), '.cache', 'rowmill-bench');
const REQUIREMENTS = fileURLToPath(new URL('.', import.meta.url));

/** `{ pure, compiled }`, each `{ program, versions }` or null where it could not be made; `notes` say why. */
export function environments() {
  if (place() === 'none') return { pure: null, compiled: null, notes: ['BENCH_ENVIRONMENTS=none: no environments of Python are made'] };
  const notes = [];
  const made = (name, requirements, modules) => {
    try {
      return environment(name, requirements, modules);
    } catch (error) {
      notes.push(
        `left out: ${modules.join(', ')} (${name}): ${String(error.stderr ?? error.message)
          .trim()
          .split('\n')
          .at(-1)}`,
      );
      return null;
    }
  };
  const given = process.env.BENCH_PYTHON ? versionsOf(process.env.BENCH_PYTHON, ['sqlglot', 'sqllineage']) : null;
  const pure = given ? { program: process.env.BENCH_PYTHON, versions: given } : made('lineage-pure', 'requirements.txt', ['sqlglot', 'sqllineage']);
  return { pure, compiled: made('lineage-compiled', 'requirements-compiled.txt', ['sqlglot', 'sqlglotc']), notes };
}

function environment(name, requirements, modules) {
  const folder = join(place(), name);
  const program = join(folder, 'bin', 'python');
  const held = existsSync(program) ? versionsOf(program, modules) : null;
  if (held) return { program, versions: held };
  rmSync(folder, { recursive: true, force: true });
  const quietly = { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  execFileSync(process.env.BENCH_PYTHON ?? 'python3', ['-m', 'venv', folder], quietly);
  execFileSync(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(REQUIREMENTS, requirements)], quietly);
  const versions = versionsOf(program, modules);
  if (versions === null) throw new Error(`${modules.join(', ')} are not there after their installation`);
  return { program, versions };
}

/** Versions of packages of a Python; null where one is missing. */
function versionsOf(program, modules) {
  const code = `import importlib.metadata as m; print(" ".join(m.version(n) for n in ${JSON.stringify(modules)}))`;
  try {
    const said = execFileSync(program, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split(' ');
    return Object.fromEntries(modules.map((module, at) => [module, said[at]]));
  } catch {
    return null;
  }
}
