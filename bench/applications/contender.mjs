// The process of one way to read documents; see suite.mjs. Its job: { contract, folder, threads, database } (no database: rows are made and dropped).

import { readFile } from 'node:fs/promises';
import { openMapper } from '../../dist/addon.js';
import { serve } from '../../dist/bench/child.js';
import { keepHeapSmall } from '../../dist/cli/small-heap.js';
import { loadContract, runApplications } from '../../dist/documents/index.js';
import { sortedFiles } from '../../dist/sources/index.js';

/** Documents that are mapped together, as a run does. */
const BATCH = 500;

serve(async (job) => (job.kind === 'load' ? load(job) : job.kind === 'read' ? readAll(job) : map(job)));

/** Documents to rows, without a database. */
async function map({ contract, folder, threads }) {
  const { text } = await loadContract(contract);
  const mapper = await openMapper(text, { threads, reveal: false, windows1252: true, documentBytes: 64 << 20, now: Date.now() * 1000 });
  return async () => {
    const details = { documents: 0, failed: 0, rowsOut: 0, bytesRead: 0 };
    for await (const paths of batchesOf(folder)) {
      const mapped = await mapper.map(
        paths.map((path) => ({ name: path, path })),
        null,
      );
      details.documents += paths.length;
      for (const { status, bytes } of mapped.outcomes()) {
        details.failed += status === 'failed' ? 1 : 0;
        details.bytesRead += bytes;
      }
      details.rowsOut += mapped.rows().reduce((sum, rows) => sum + rows, 0);
      mapped.free();
    }
    return details;
  };
}

async function* batchesOf(folder) {
  let paths = [];
  for await (const page of sortedFiles([folder], ['.xml'])) {
    for (const path of page) {
      if (paths.push(path) < BATCH) continue;
      yield paths;
      paths = [];
    }
  }
  if (paths.length > 0) yield paths;
}

/** The product's own way into tables, in a process as the command makes it. */
function load({ contract, folder, threads, database }) {
  keepHeapSmall();
  return async () => {
    const report = await runApplications({ contract, source: folder, database, threads, createTables: true });
    const { counts, rows, bytes } = report;
    return { documents: counts.loaded + counts.failed, failed: counts.failed, rowsOut: rows, bytesRead: bytes };
  };
}

/** The bytes alone. */
function readAll({ folder }) {
  return async () => {
    let bytesRead = 0;
    for await (const files of sortedFiles([folder], ['.xml'])) {
      for (const file of files) bytesRead += (await readFile(file)).length;
    }
    return { bytesRead };
  };
}
