// Parse and column lineage against sqlglot and sqllineage: speed on one core, how much is understood, and which edges are found. See docs/lineage-quality.md.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable, mediansOf, takeTurns } from '../../../dist/bench/index.js';
import { generateSql } from '../../../dist/lineage/index.js';
import { walkTree } from '../../../dist/lineage/walk.js';
import { environments } from './environment.mjs';
import { goldenCases } from './golden.mjs';
import { caseEdges, treeEdges } from './own-edges.mjs';
import { qualityOf, sharesOf } from './quality.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const OWN = 'rowmill, 1 thread';

/** So many made-up files, and a sample of them for the slow ones. */
export async function lineagePeers({ files, sample, rounds, onTurn }) {
  const { pure, compiled, notes } = environments();
  if (!pure) notes.push('no Python with sqlglot and sqllineage: only rowmill was measured');
  const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), 'rowmill-bench-'));
  try {
    const corpus = join(folder, 'corpus');
    const bytes = await generateSql(corpus, files);
    const texts = await textsOf(corpus);
    const edges = join(folder, 'sqlglot-edges.json');
    const comparisons = [
      await speed({ texts, bytes, rounds, onTurn, peers: sqlglots({ pure, compiled, texts, edges }) }),
      await speed({ texts: texts.slice(0, sample), bytes: 0, rounds, onTurn, peers: sampled({ pure, texts: texts.slice(0, sample) }) }),
    ];
    const quality = [await ofCorpus({ texts, edges: pure && edges }), await ofGolden({ folder, pure })];
    for (const { label, shares } of quality) mustUnderstandAsMuch(label, shares);
    return { comparisons, quality, versions: { ...pure?.versions, ...compiled?.versions }, notes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files in turns over the dialects, so that a sample has all of them. */
async function textsOf(corpus) {
  const { files } = await walkTree([corpus]);
  const texts = files.map(({ path, name }) => ({ path, name, dialect: name.split('/').at(-2) }));
  return texts.sort((left, right) => (left.name.split('/').at(-1) < right.name.split('/').at(-1) ? -1 : 1));
}

function sqlglots({ pure, compiled, texts, edges }) {
  const one = (name, environment, file) => ({
    name,
    program: environment.program,
    script: here('sqlglot_contender.py'),
    job: { texts, edges: file },
  });
  return [
    ...(pure ? [one(`sqlglot ${pure.versions.sqlglot}, pure Python`, pure, edges)] : []),
    ...(compiled ? [one(`sqlglot ${compiled.versions.sqlglot}, compiled`, compiled, null)] : []),
  ];
}

function sampled({ pure, texts }) {
  const script = here('sqllineage_contender.py');
  return pure ? [{ name: `sqllineage ${pure.versions.sqllineage}`, program: pure.program, script, job: { texts } }] : [];
}

async function speed({ texts, bytes, rounds, onTurn, peers }) {
  const own = { name: OWN, script: here('contender.mjs'), job: { texts } };
  const results = await takeTurns({ contenders: [own, ...peers], rounds, onTurn, check: (answers) => mustBeWhole(answers, texts.length) });
  return {
    label: `${texts.length.toLocaleString('en')} SQL files`,
    data: { files: texts.length },
    work: { rows: texts.length, bytes },
    base: OWN,
    results,
  };
}

function mustBeWhole(answers, files) {
  for (const [name, { details }] of Object.entries(answers)) {
    if (details.files !== files) throw new Error(`${name} did not read every file: ${JSON.stringify(details)}`);
  }
}

/** Asked of us: of no corpus may a peer understand more. */
function mustUnderstandAsMuch(label, { bearing, own, peer }) {
  if (peer !== null && own < peer) throw new Error(`of ${bearing} statements of ${label} rowmill understands ${own} and sqlglot ${peer}`);
}

async function ofCorpus({ texts, edges }) {
  const own = await treeEdges(texts);
  const peer = edges ? JSON.parse(readFileSync(edges, 'utf8')) : null;
  return { label: 'the generated corpus', shares: sharesOf(own, peer), quality: peer ? qualityOf(peer, own) : null };
}

async function ofGolden({ folder, pure }) {
  const cases = goldenCases();
  const own = await caseEdges(cases, folder);
  const truth = Object.fromEntries(cases.map(({ name, edges }) => [name, { edges }]));
  const input = JSON.stringify(cases.map(({ name, dialect, text, known }) => ({ name, dialect, text, known })));
  const how = { input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] };
  const peer = pure ? JSON.parse(execFileSync(pure.program, [here('sqlglot_cases.py')], how)) : null;
  const rules = [...new Set(cases.map(({ rule }) => rule))].map((rule) => {
    const names = cases.filter((one) => one.rule === rule).map(({ name }) => name);
    const of = (found) => Object.fromEntries(names.map((name) => [name, found[name] ?? { edges: [] }]));
    return { rule, cases: names.length, own: qualityOf(of(truth), of(own)), peer: peer && qualityOf(of(truth), of(peer)) };
  });
  return {
    label: 'the golden set',
    shares: sharesOf(own, peer),
    quality: { own: qualityOf(truth, own), peer: peer && qualityOf(truth, peer) },
    rules,
  };
}

/** The sheet's text. */
export function lineagePeersText({ comparisons, quality }) {
  const [corpus, golden] = quality;
  const parts = comparisons.map((each) => `## ${each.label}\n\n${speedTable(each)}`);
  parts.push(`## How much is understood\n\n${sharesTable(quality)}`);
  if (corpus.quality) parts.push(`## Column edges of the generated corpus, sqlglot's as the measure\n\n${edgesTable([['rowmill', corpus.quality]])}`);
  const all = [['rowmill', golden.quality.own], ...(golden.quality.peer ? [['sqlglot', golden.quality.peer]] : [])];
  parts.push(`## Column edges of the golden set, those checked by hand as the measure\n\n${edgesTable(all)}\n\n${rulesTable(golden.rules)}`);
  return parts.join('\n\n');
}

function speedTable(comparison) {
  const rows = mediansOf(comparison).map(({ contender, seconds, cpuSeconds, rowsPerSecond, peakRssBytes, cpuRatio }) => [
    contender,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    rowsPerSecond.toFixed(1),
    cpuRatio.toFixed(1),
    (peakRssBytes / 2 ** 20).toFixed(0),
  ]);
  return markdownTable(['contender', 's', 'CPU s', 'files/s', 'CPU, times rowmill', 'peak RSS MiB'], rows);
}

const percent = (part, whole) => (whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`);

function sharesTable(quality) {
  const rows = quality.map(({ label, shares }) => [
    label,
    shares.bearing,
    percent(shares.own, shares.bearing),
    shares.peer === null ? '' : percent(shares.peer, shares.bearing),
  ]);
  return markdownTable(['corpus', 'statements that bear lineage', 'rowmill', 'sqlglot'], rows);
}

function edgesTable(all) {
  const rows = all.map(([name, { expected, found, both }]) => [name, expected, found, both, percent(both, found), percent(both, expected)]);
  return markdownTable(['', 'expected', 'found', 'of them right', 'precision', 'recall'], rows);
}

function rulesTable(rules) {
  const cell = (quality) => (quality ? `${percent(quality.both, quality.found)} / ${percent(quality.both, quality.expected)}` : '');
  const rows = rules.filter(({ own }) => own.expected > 0).map(({ rule, cases, own, peer }) => [rule, cases, own.expected, cell(own), cell(peer)]);
  return markdownTable(['rule', 'statements', 'edges', 'rowmill, precision / recall', 'sqlglot, precision / recall'], rows);
}

export function lineagePeersPanels({ comparisons }) {
  return comparisons.map((comparison) => ({
    heading: `${comparison.label}: files a CPU second`,
    bars: mediansOf(comparison).map(({ contender, cpuSeconds }) => ({
      label: contender,
      value: comparison.work.rows / cpuSeconds,
      text: (comparison.work.rows / cpuSeconds).toFixed(1),
      isOwn: contender === OWN,
    })),
  }));
}
