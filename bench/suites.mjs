// The suites by name: what each measures at which size, and how it is shown.

import { blankSheet, footing, record, sheetText } from '../dist/bench/index.js';
import { applications, applicationsPanels, applicationsTable } from './applications/suite.mjs';
import { caseMonth, generatedMonth } from './cost/end-to-end.mjs';
import { fold } from './cost/fold.mjs';
import { scaling, scalingPanels, scalingTable } from './cost/scaling.mjs';
import { shapes, shapesList, shapesPanels, shapesTable } from './cost/shapes.mjs';
import { kernels } from './kernels.mjs';
import { lineagePeers, lineagePeersPanels, lineagePeersText } from './lineage/peers/suite.mjs';
import { lineage, lineagePanels, lineageTable } from './lineage/suite.mjs';
import { ordersScaling, ordersScalingPanels, ordersScalingTable } from './orders/scaling.mjs';
import { ordersTables } from './orders/suite.mjs';
import * as load from './postgres/load.mjs';
import * as crossing from './seam/crossing.mjs';
import * as startup from './startup/startup.mjs';
import * as typescript from './typescript/micro.mjs';

/** Rows of a suite: usual, and `--quick`. */
const ROWS = {
  fold: { usual: [10_000_000], quick: [200_000] },
  'end-to-end': { usual: [1_000_000], quick: [100_000] },
  shapes: { usual: [1_000_000], quick: [50_000] },
  scaling: { usual: [1_000_000, 3_000_000, 10_000_000, 30_000_000], quick: [50_000, 150_000] },
  // About 3.3 GB, and 200,000 rows are about 33 MB.
  orders: { usual: [20_000_000], quick: [200_000] },
};

/** Bytes of the logs of `orders-scaling`. */
const LOGS = { usual: [2e9, 20e9], quick: [5e6, 20e6] };

/** Documents of `applications`, and of the corpora that show whether memory stays. */
const DOCUMENTS = { usual: { full: 5000, staged: 20_000, few: 1000, many: 20_000 }, quick: { full: 50, staged: 100, few: 20, many: 60 } };

/** Files of `lineage`. */
const FILES = { usual: 1000, quick: 60 };

/** Files of `lineage-peers` that the slowest of them read, too. */
const SAMPLE = { usual: 40, quick: 20 };

/** Each takes what bench/run.mjs made of its arguments, measures, and writes its sheets. */
export const SUITES = {
  fold: async (how) => {
    for (const corpus of how.corpora ?? ['dictionary', 'hostile']) {
      for (const rows of rowsOf('fold', how)) {
        const name = `cost-fold-${corpus}-${rows}`;
        await oneSheet(how, { name, title: `The fold, corpus ${corpus}` }, `fold --corpus ${corpus} --rows ${rows}`, () =>
          fold(corpus, { ...how, rows }),
        );
      }
    }
  },
  'end-to-end': async (how) => {
    for (const rows of rowsOf('end-to-end', how)) {
      for (const input of ['hourly', 'daily']) {
        const about = { name: `cost-end-to-end-${input}-${rows}`, title: `A month to summary rows, ${input} input` };
        await oneSheet(how, about, `end-to-end --rows ${rows}`, () => generatedMonth({ ...how, rows, input }));
      }
    }
    for (const folder of how.cases) {
      const caseName = folder.split('/').filter(Boolean).at(-1);
      for (const input of ['hourly', 'daily']) {
        const about = { name: `cost-end-to-end-${input}-${caseName}`, title: `The case ${caseName} to summary rows, ${input} input` };
        await oneSheet(how, about, `end-to-end --case ${caseName}`, () => caseMonth({ ...how, caseFolder: folder, input }));
      }
    }
  },
  shapes: async (how) => {
    for (const rows of rowsOf('shapes', how)) {
      const sheet = begin(
        how,
        { name: `cost-shapes-${rows}`, title: `The fold by shape, ${rows.toLocaleString('en')} rows each` },
        `shapes --rows ${rows}`,
      );
      const { comparisons, versions, notes } = await shapes({ ...how, rows, names: how.corpora });
      complete(sheet, { comparisons, versions, notes });
      const text = [`# ${sheet.title}`, shapesTable(comparisons), shapesList(comparisons), footing(sheet)].join('\n\n').concat('\n');
      await shown(how, sheet, { text, panels: shapesPanels(comparisons) });
    }
  },
  scaling: async (how) => {
    const sizes = rowsOf('scaling', how);
    const sheet = begin(
      how,
      { name: 'cost-scaling', title: 'Cost and memory by size' },
      `scaling ${sizes.map((rows) => `--rows ${rows}`).join(' ')}`,
    );
    for (const corpus of how.corpora ?? ['steady', 'by-pod', 'dictionary']) sheet.comparisons.push(await scaling(corpus, { ...how, sizes }));
    const parts = sheet.comparisons.map((each) => `## ${each.label}: ${each.data.about}\n\n${scalingTable(each)}`);
    const text = [`# ${sheet.title}`, ...parts, footing(sheet)].join('\n\n').concat('\n');
    await shown(how, sheet, { text, panels: sheet.comparisons.flatMap(scalingPanels) });
  },
  'orders-filter': (how) => orders(how, 'orders-filter', 'A selection of an order log'),
  'orders-aggregates': (how) => orders(how, 'orders-aggregates', 'Seven aggregates of an order log'),
  'orders-scaling': async (how) => {
    const sizes = LOGS[how.isQuick ? 'quick' : 'usual'];
    const sheet = begin(how, { name: 'orders-scaling', title: 'An order log and one ten times as large' }, 'orders-scaling');
    sheet.comparisons.push(...(await ordersScaling({ ...how, sizes })));
    const parts = sheet.comparisons.map((each) => `## ${each.label}\n\n${ordersScalingTable(each)}`);
    const text = [`# ${sheet.title}`, ...parts, footing(sheet)].join('\n\n').concat('\n');
    await shown(how, sheet, { text, panels: sheet.comparisons.flatMap(ordersScalingPanels) });
  },
  applications: async (how) => {
    const { full, staged } = DOCUMENTS[how.isQuick ? 'quick' : 'usual'];
    for (const [shape, documents] of [
      ['full', full],
      ['staged', staged],
    ]) {
      const about = { name: `applications-${shape}-${documents}`, title: `Documents to rows, ${shape}` };
      await documentSheet(how, about, [{ shape, documents }]);
    }
  },
  'applications-memory': async (how) => {
    const { few, many } = DOCUMENTS[how.isQuick ? 'quick' : 'usual'];
    const shapes = how.isQuick ? ['staged'] : ['staged', 'full'];
    const corpora = shapes.flatMap((shape) => [few, many].map((documents) => ({ shape, documents, isMemory: true })));
    // A peak is a peak: more rounds would only read the same gigabytes again.
    await documentSheet({ ...how, rounds: 1 }, { name: 'applications-memory', title: 'A few documents and twenty times as many' }, corpora);
  },
  lineage: async (how) => {
    const sheet = begin(how, { name: 'lineage', title: 'SQL files to a graph' }, 'lineage');
    sheet.comparisons.push(...(await lineage({ ...how, files: FILES[how.isQuick ? 'quick' : 'usual'] })));
    const parts = sheet.comparisons.map((each) => `## ${each.label}\n\n${lineageTable(each)}`);
    const text = [`# ${sheet.title}`, ...parts, footing(sheet)].join('\n\n').concat('\n');
    await shown(how, sheet, { text, panels: sheet.comparisons.flatMap(lineagePanels) });
  },
  'lineage-peers': async (how) => {
    const size = how.isQuick ? 'quick' : 'usual';
    const sheet = begin(how, { name: 'lineage-peers', title: 'Parse and column lineage against peers, one core' }, 'lineage-peers');
    const found = await lineagePeers({ ...how, files: FILES[size], sample: SAMPLE[size] });
    complete(sheet, found);
    sheet.quality = found.quality;
    const text = [`# ${sheet.title}`, lineagePeersText(found), footing(sheet)].join('\n\n').concat('\n');
    await shown(how, sheet, { text, panels: lineagePeersPanels(found) });
  },
  kernels,
  startup: (how) => around(how, startup, how.isQuick ? { rounds: 1 } : { rounds: 15 }),
  seam: (how) => around(how, crossing, how.isQuick ? { minTime: 0.05, rows: 5000, rounds: 1 } : { minTime: 0.5 }),
  typescript: (how) => around(how, typescript, how.isQuick ? { minTime: 0.05, files: 100, rows: 100 } : { rows: 10_000 }),
  postgres: async (how) => {
    // About a nineteenth as many summary rows are written.
    for (const rows of how.isQuick ? [20_000] : [1_900_000, 9_500_000]) await around(how, load, { rows });
  },
};

function rowsOf(suite, { rows, isQuick }) {
  return rows ?? ROWS[suite][isQuick ? 'quick' : 'usual'];
}

async function orders(how, suite, title) {
  for (const rows of rowsOf('orders', how)) {
    await oneSheet(how, { name: `${suite}-${rows}`, title }, `${suite} --rows ${rows}`, () =>
      ordersTables(suite === 'orders-filter', { ...how, rows }),
    );
  }
}

async function documentSheet(how, about, corpora) {
  const sheet = begin(how, about, about.name.startsWith('applications-memory') ? 'applications-memory' : 'applications');
  for (const corpus of corpora) sheet.comparisons.push(await applications({ ...how, ...corpus }));
  const parts = sheet.comparisons.map((each) => `## ${each.label}\n\n${applicationsTable(each)}`);
  const text = [`# ${sheet.title}`, ...parts, footing(sheet)].join('\n\n').concat('\n');
  await shown(how, sheet, { text, panels: sheet.comparisons.flatMap(applicationsPanels) });
}

/** A suite of one comparison. */
async function oneSheet(how, about, words, measure) {
  const sheet = begin(how, about, words);
  const { comparison, versions, notes } = await measure();
  complete(sheet, { comparisons: [comparison], versions, notes });
  await shown(how, sheet);
}

function begin({ rounds, threads, notes }, about, words) {
  const command = `npm run bench -- ${words} --rounds ${rounds} --threads ${threads}`;
  return { ...blankSheet({ ...about, command, rounds, threads }), notes: [...notes] };
}

function complete(sheet, { comparisons, versions, notes }) {
  sheet.comparisons.push(...comparisons);
  sheet.versions = { ...sheet.versions, ...versions };
  sheet.notes.push(...notes);
}

async function shown({ folder }, sheet, how = {}) {
  process.stdout.write(`${how.text ?? sheetText(sheet)}\n`);
  await record(folder, sheet, how);
}

/** A bench that makes its own sheet; what it is not asked for is as it usually measures. */
async function around(how, { measure, table, panels }, asked) {
  const sheet = await measure({ minTime: 1, rows: 1_000_000, files: 10_000, rounds: how.rounds, threads: how.threads, ...asked });
  sheet.notes.push(...how.notes);
  await shown(how, sheet, { text: table(sheet), panels: panels(sheet) });
}
