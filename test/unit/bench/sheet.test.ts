import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blankSheet,
  type Comparison,
  comparisonPanels,
  type Measured,
  median,
  mediansOf,
  phasesOf,
  picture,
  range,
  sheetText,
} from '#ts/bench/index.js';

function measured(cpuSeconds: number, peakRssBytes: number, decode: number): Measured {
  const details = { cpu: [{ phase: 'decode', seconds: decode }] };
  return { seconds: cpuSeconds / 2, cpuSeconds, rssBeforeBytes: 1 << 20, peakRssBytes, details };
}

const COMPARISON: Comparison = {
  label: 'a month',
  data: { rows: 100, 'what was verified': { files: 3 } },
  work: { rows: 100, bytes: 1 << 20 },
  base: 'rowmill',
  results: {
    rowmill: [measured(2, 4 << 20, 0.5), measured(1, 2 << 20, 0.25), measured(6, 3 << 20, 0.75)],
    'a <peer>': [measured(8, 12 << 20, 0), measured(8, 12 << 20, 0), measured(7, 12 << 20, 0)],
  },
};

test('medians are those of the figures in the middle, and the range has all of them', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([])], [2, 2.5, Number.NaN]);
  assert.deepEqual(range([3, 1, 2]), { least: 1, largest: 3 });
});

test('rates have one numerator, and ratios are to the base', () => {
  const [own, peer] = mediansOf(COMPARISON);
  assert.ok(own && peer);
  assert.deepEqual([own.cpuSeconds, own.cpuRatio, own.memoryRatio, own.rowsPerSecond], [2, 1, 1, 100]);
  assert.deepEqual([peer.cpuSeconds, peer.cpuRatio, peer.memoryRatio, peer.rowsPerSecond], [8, 4, 4, 25]);
  assert.deepEqual(phasesOf(COMPARISON, 'rowmill'), [{ phase: 'decode', seconds: 0.5 }]);
});

test('a sheet says what was measured, on what, and how', () => {
  const about = { name: 'x', title: 'A title', command: 'npm run bench -- x', rounds: 3, threads: 2 };
  const text = sheetText({ ...blankSheet(about), comparisons: [COMPARISON], notes: ['other work ran'] });
  assert.match(text, /^# A title\n\n## a month\n/);
  assert.match(text, /^\| rowmill \| 1\.00 \| 2\.00 \| 1\.00 to 6\.00 \| 100 \| 1 \| 3 \| 1 \| 1\.00 \| 1\.00 \|$/m);
  assert.match(text, /^- what was verified: `\{"files":3\}`$/m);
  for (const said of ['- Command: `npm run bench -- x`', '- Machine: ', '- Versions: node v', '- other work ran'])
    assert.ok(text.includes(said), said);
});

test('a picture has a bar for each contender and no markup from names', () => {
  const drawn = picture('rows & bytes', comparisonPanels(COMPARISON));
  assert.equal(drawn.match(/<rect /g)?.length, 4);
  assert.ok(drawn.includes('a &lt;peer&gt;') && drawn.includes('<title>rows &amp; bytes</title>'));
  const widths = [...drawn.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assert.ok(widths[0] && widths[1] && Math.abs(widths[1] / widths[0] - 4) < 0.01, widths.join(', '));
});
