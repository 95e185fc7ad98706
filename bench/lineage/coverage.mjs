// How much of trees of SQL is understood, beside sqlglot: node bench/lineage/coverage.mjs FOLDER... [--problems]
// Files are of the dialect that a folder on their way is named after, the innermost one, else `auto`.
// --problems lists what was not understood, and the files of which sqlglot understands more.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable } from '../../dist/bench/index.js';
import { dialects } from '../../dist/lineage/index.js';
import { walkTree } from '../../dist/lineage/walk.js';
import { environments } from './peers/environment.mjs';
import { treeEdges } from './peers/own-edges.mjs';

const isListed = process.argv.includes('--problems');
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (folders.length === 0) {
  process.stderr.write('Say which folders: node bench/lineage/coverage.mjs FOLDER... [--problems]\n');
  process.exit(2);
}

const texts = await textsIn(folders);
const own = await treeEdges(texts);
const { pure, notes } = environments();
const peer = pure ? sqlglot(pure.program, texts) : null;
const ids = [...new Set(texts.map(({ dialect }) => dialect))].sort();
const rows = [...ids, 'all'].map((id) => rowOf(id, id === 'all' ? texts : texts.filter(({ dialect }) => dialect === id)));
if (isListed) list();
for (const note of notes) process.stdout.write(`${note}\n`);
process.stdout.write(`${markdownTable(['dialect', 'files', 'statements', 'rowmill', 'sqlglot'], rows)}\n`);

async function textsIn(paths) {
  const known = new Set((await dialects()).map(({ id }) => id));
  const { files } = await walkTree(paths);
  return files
    .filter(({ path }) => path.toLowerCase().endsWith('.sql'))
    .map(({ path, name }) => ({ path, name, dialect: path.split('/').findLast((part) => known.has(part)) ?? 'auto' }));
}

function sqlglot(program, all) {
  const cases = all.map(({ path, name, dialect }) => ({
    name,
    dialect: dialect === 'auto' ? 'generic' : dialect,
    text: readFileSync(path, 'utf8'),
    known: {},
  }));
  const script = fileURLToPath(new URL('peers/sqlglot_cases.py', import.meta.url));
  return JSON.parse(
    execFileSync(program, [script], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'inherit'] }),
  );
}

/** Of a peer never more than bear lineage, file by file. */
function countsOf({ name }) {
  const { bearing, structured } = own[name] ?? { bearing: 0, structured: 0 };
  return { bearing, structured, peer: Math.min(peer?.[name]?.structured ?? 0, bearing) };
}

function rowOf(id, some) {
  const sum = (key) => some.reduce((total, text) => total + countsOf(text)[key], 0);
  const share = (part) => `${((100 * part) / Math.max(1, sum('bearing'))).toFixed(1)} %`;
  return [id, some.length, sum('bearing'), share(sum('structured')), peer ? share(sum('peer')) : ''];
}

function list() {
  for (const text of texts) {
    const { bearing, structured, peer: theirs } = countsOf(text);
    if (structured < bearing || theirs > structured) {
      process.stdout.write(`${text.dialect} ${text.name}: ${structured} of ${bearing}${peer ? `, sqlglot ${theirs}` : ''}\n`);
    }
    for (const { line, column, message } of own[text.name]?.problems ?? []) process.stdout.write(`  ${line}:${column} ${message}\n`);
  }
}
