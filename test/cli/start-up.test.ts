/** How long the program takes to begin, beside Node alone, and what it loads on the way. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderWith } from '../unit/folder.js';
import { PROGRAM, rowmill } from './program.js';

/** Rounds of one try; commands take turns, so that what else the machine does hits them alike. */
const ROUNDS = 7;
/** Tries until the bounds must hold: a busy machine may spoil one, and never all. */
const TRIES = 3;

/** A run whose window has no files, to a Parquet file. */
function emptyRun(t: TestContext): string[] {
  const root = folderWith(t);
  const source = ['--source', root, '--account', 'org', '--source-id', '00000000-0000-4000-8000-000000000001'];
  return ['run', 'cost', 'openshift', ...source, '--cluster-id', 'c', '--month', '2025-10', '--out', join(root, 'summary.parquet')];
}

function millisecondsOf(args: readonly string[]): number {
  const began = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - began;
}

/** Median milliseconds of each command. */
function medians(commands: readonly (readonly string[])[]): number[] {
  const rounds = Array.from({ length: ROUNDS }, () => commands.map(millisecondsOf));
  return commands.map((_, command) => rounds.map((round) => round[command] ?? 0).sort((a, b) => a - b)[ROUNDS >> 1] ?? 0);
}

/** Paths of the scripts that a command loaded, below the checkout. */
async function loadedBy(t: TestContext, args: string[]): Promise<string[]> {
  const folder = folderWith(t);
  await rowmill(args, { NODE_V8_COVERAGE: folder });
  const urls = readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  const root = new URL('../../../', import.meta.url).href;
  return urls.filter((url) => url.startsWith(root)).map((url) => url.slice(root.length));
}

test('the version takes at most three times as long as Node itself, an empty run at most ten times', (t) => {
  const commands = [
    ['-e', '0'],
    [PROGRAM, '--version'],
    [PROGRAM, ...emptyRun(t)],
  ];
  for (let tried = 1; ; tried += 1) {
    const [node = 0, version = 0, empty = 0] = medians(commands);
    const said = `node ${node.toFixed(0)} ms, --version ${version.toFixed(0)} ms, empty run ${empty.toFixed(0)} ms`;
    t.diagnostic(said);
    // The absolute bounds are several times what is measured on a quiet machine: they notice a wait, not a slow computer.
    if (version <= 3 * node && empty <= 10 * node && version < 1000 && empty < 3000) return;
    assert.ok(tried < TRIES, said);
  }
});

test('an empty run says what is missing', async (t) => {
  const { code, err } = await rowmill(emptyRun(t));
  assert.equal(code, 1);
  assert.match(err, /^INPUT_MISSING: /);
});

test('the version loads no verb and no package but the parser of arguments', async (t) => {
  const loaded = await loadedBy(t, ['--version']);
  assert.ok(loaded.includes('dist/cli/main.js'), `${loaded}`);
  const others = loaded.filter((path) => !path.startsWith('node_modules/commander/') && !path.startsWith('dist/cli/'));
  assert.deepEqual(others.sort(), ['bin/rowmill.mjs', 'dist/errors.js']);
  assert.deepEqual(
    loaded.filter((path) => path.startsWith('dist/cli/commands/')),
    [],
  );
});

test('a run to a file loads its own verb, and nothing of the database, of YAML or of CSV', async (t) => {
  const loaded = await loadedBy(t, emptyRun(t));
  assert.deepEqual(
    loaded.filter((path) => path.startsWith('dist/cli/commands/')),
    ['dist/cli/commands/run.js'],
  );
  assert.deepEqual(
    loaded.filter((path) => /^dist\/postgres\/|^node_modules\/(?!commander\/)/.test(path)),
    [],
  );
});
