/** Memory stays, however many documents there are. `ROWMILL_SCALE=full` runs the promised numbers. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ApplicationsReport } from '#ts/index.js';
import { exampleContract, fillSource, make } from '../documents/made.js';
import { freshDatabase } from '../postgres/support.js';
import { IS_FULL, MIB, peakOf, watched } from './measured-run.js';

const MINUTES = 60_000;
/** What the first thousands add, and the next ones do not: buffers as large as the largest document, memory of threads, compiled code. */
const WARMTH_MIB = 20;
const folder = mkdtempSync(join(tmpdir(), 'rowmill-scale-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Loads documents with the program, into an empty database, and answers with its peak in MiB. */
async function peak(documents: number, source: string, database: string): Promise<number> {
  const args = ['run', 'applications', '--contract', exampleContract('card'), '--source', source, '--database', database, '--create-tables'];
  const run = await watched<ApplicationsReport>(args);
  assert.equal(run.counts.loaded, documents);
  return peakOf(run) / MIB;
}

for (const shape of ['staged', 'full']) {
  for (const from of ['files', 'a table']) {
    const sizes = IS_FULL ? [1000, shape === 'full' && from === 'a table' ? 5000 : 20_000] : shape === 'staged' ? [300, 3000] : [60, 300];
    test(`many ${shape} documents of ${from} take hardly more memory than few`, { timeout: 20 * MINUTES }, async (t) => {
      const peaks: number[] = [];
      for (const documents of sizes) {
        const made = await make(folder, { documents, shape });
        const database = await freshDatabase();
        if (from === 'a table') await fillSource('card', database, made);
        peaks.push(await peak(documents, from === 'a table' ? 'table' : made.documents, database));
        rmSync(made.documents, { recursive: true });
      }
      const [few = 0, many = 0] = peaks;
      t.diagnostic(`${sizes.join(' and ')} documents: ${few.toFixed(0)} and ${many.toFixed(0)} MiB`);
      assert.ok(many <= 1.1 * few + WARMTH_MIB, `${few.toFixed(0)} MiB for ${sizes[0]} documents, ${many.toFixed(0)} MiB for ${sizes[1]}`);
      assert.ok(many < 180, `${many.toFixed(0)} MiB`);
    });
  }
}
