// Runs every bench on next to no data and wants sense of it: rows that agree, figures that are numbers. Writes nothing down.

import assert from 'node:assert/strict';
import { endToEnd, summaryTable } from './cost/end-to-end.mjs';
import { around } from './smoke-around.mjs';

for (const input of ['hourly', 'daily']) {
  const month = await endToEnd({ rows: 5000, input, rounds: 1, threads: 2, distinct: 40 });
  for (const [contender, [measured]] of Object.entries(month.results)) {
    assert.ok(measured.seconds > 0 && measured.cpuSeconds > 0 && measured.peakRssBytes > 1e6, `${contender}: ${JSON.stringify(measured)}`);
  }
  const [{ rowsRead, rowsOut }] = month.results['rowmill to Parquet'];
  assert.ok(rowsRead >= 5000 && rowsOut > 100, `${rowsRead} rows in, ${rowsOut} rows out`);
  process.stdout.write(`${summaryTable(month)}\n\n`);
}

await around();
