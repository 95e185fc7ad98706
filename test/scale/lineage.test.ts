/** Memory stays, however many files there are. `ROWMILL_SCALE=full` runs the promised numbers. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateSql, type LineageReport } from '#ts/lineage/index.js';
import { rowmill } from '../cli/program.js';
import { freshDatabase } from '../postgres/support.js';
import { IS_FULL, MIB, peakOf, watched } from './measured-run.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-scale-'));
after(() => rmSync(folder, { recursive: true, force: true }));
/** What a tree keeps of a file: its name, its hash, what it says of columns, what it looks up. */
const PER_FILE_BYTES = 12 * 1024;
/** What a run of these files may take beside the program. */
const MOST_BYTES = 256 * MIB;

test('ten times the files take little more memory', { timeout: 1_200_000 }, async (t) => {
  const [few, many] = IS_FULL ? [1000, 10_000] : [1000, 4000];
  const peaks: number[] = [];
  for (const files of [few, many]) {
    const corpus = join(folder, `corpus${files}`);
    await generateSql(corpus, files);
    const run = await watched<LineageReport>(['run', 'lineage', corpus, '--dialect', 'auto', '--no-cache', '--database', await freshDatabase()]);
    assert.equal(run.files.written, files);
    peaks.push(peakOf(run));
    rmSync(corpus, { recursive: true });
  }
  const [first = 0, second = 0] = peaks;
  t.diagnostic(`${few} and ${many} files: ${(first / MIB).toFixed(0)} and ${(second / MIB).toFixed(0)} MiB`);
  assert.ok(second - first <= PER_FILE_BYTES * (many - few) + 64 * MIB, `${((second - first) / MIB).toFixed(0)} MiB more`);
  // A process that has loaded everything and read nothing has 70 MiB.
  assert.ok(second - 70 * MIB <= MOST_BYTES, `${(second / MIB).toFixed(0)} MiB`);
});

test('a load test tells of three runs', { timeout: 120_000 }, async () => {
  const report = join(folder, 'load.json');
  const run = await rowmill(['lineage', 'loadtest', '--files', '60', '--database', await freshDatabase(), '--report', report, '--json']);
  assert.equal(run.code, 0, run.err);
  const runs = JSON.parse(run.out) as { name: string; files: number; written: number; errors: number; latencyMs: { p50: number; p99: number } }[];
  assert.deepEqual(
    runs.map(({ name, files, written, errors }) => [name, files, written, errors]),
    [
      ['cold', 60, 60, 0],
      ['warm', 60, 0, 0],
      ['changed', 60, 6, 0],
    ],
  );
  assert.ok(runs.every(({ latencyMs }) => latencyMs.p50 > 0 && latencyMs.p99 >= latencyMs.p50));
});
