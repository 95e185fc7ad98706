import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the sources that Java and Maven take; the tests themselves run from another. */
export const HERE = fileURLToPath(new URL('../../../test/neo4j/', import.meta.url));

const JAVA = 17;
const HELP = `The tests of the Neo4j sink need Java ${JAVA} or later with its compiler, and Maven. Debian: apt-get install openjdk-17-jdk-headless maven`;

/** Fails with what is to be installed where Java is missing or too old. */
export function demandJava(): void {
  let said = '';
  try {
    // It prints to the standard error.
    said = execFileSync('sh', ['-c', 'java -version 2>&1'], { encoding: 'utf8' });
  } catch {
    throw new Error(`There is no java. ${HELP}`);
  }
  const [, version = '0'] = /version "(\d+)/.exec(said) ?? [];
  if (Number(version) < JAVA) throw new Error(`Java is of version ${version}. ${HELP}`);
}

/** Why tests of Neo4j are left out here; false where they are run, as they always are in CI. */
export const WITHOUT_NEO4J: string | false = (() => {
  if (process.env.CI === 'true') return false;
  try {
    demandJava();
    execFileSync('sh', ['-c', 'command -v javac && command -v mvn'], { stdio: 'ignore' });
    return false;
  } catch {
    return HELP;
  }
})();

/**
 * Folder with the jars of the server: fetched by Maven, from where its settings say, when they are not there yet, and compared with jars.sha256.
 * ROWMILL_CACHE says where they are kept; without it a folder in the user's cache.
 */
export function neo4jJars(): string {
  const cache = process.env.ROWMILL_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rowmill');
  const folder = join(cache, 'neo4j-5.26.0');
  const sums = readFileSync(join(HERE, 'jars.sha256'), 'utf8');
  const mark = join(folder, 'checked.sha256');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === sums) return folder;
  if (!existsSync(folder)) fetchJars(cache, folder, sums);
  check(folder, sums);
  writeFileSync(mark, sums);
  return folder;
}

function fetchJars(cache: string, folder: string, sums: string): void {
  mkdirSync(cache, { recursive: true });
  const part = mkdtempSync(join(cache, 'neo4j-part-'));
  try {
    execFileSync(
      'mvn',
      ['-B', '-q', '-C', '-f', join(HERE, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    check(part, sums);
    // Another test file may have been faster: then its folder stays.
    if (!existsSync(folder)) renameSync(part, folder);
  } catch (error) {
    throw new Error(`The jars of Neo4j could not be fetched. ${HELP}`, { cause: error });
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function check(folder: string, sums: string): void {
  for (const line of sums.trim().split('\n')) {
    const [sum, name = ''] = line.split(/\s+/);
    const path = join(folder, name);
    const own = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'missing';
    if (own !== sum) throw new Error(`${path} is not what jars.sha256 says (${own}). Delete the folder ${folder} to have it fetched again.`);
  }
}
