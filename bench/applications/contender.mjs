// The process of one way to read documents; see suite.mjs. Its job: { contract, folder, threads, database } (no database: rows are made and dropped).

import { readFile } from 'node:fs/promises';
import { listDocuments, openMapper } from '../../dist/addon.js';
import { serve } from '../../dist/bench/child.js';
import { loadContract, runApplications } from '../../dist/documents/index.js';
import { findFiles } from '../../dist/sources/index.js';

/** Documents that are mapped together, as a run does. */
const BATCH = 500;

serve(async (job) => (job.kind === 'load' ? load(job) : job.kind === 'read' ? readAll(job) : map(job)));

/** Documents to rows, without a database. */
async function map({ contract, folder, threads }) {
  const { text } = await loadContract(contract);
  const mapper = await openMapper(text, { threads, reveal: false, windows1252: true, documentBytes: 64 << 20, now: Date.now() * 1000 });
  return async () => {
    const documents = (await listDocuments(await findFiles(folder, ['.xml']), null)).map(({ path, member, range }) => ({
      name: path,
      path,
      member,
      range,
    }));
    const details = { documents: documents.length, failed: 0, rowsOut: 0, bytesRead: 0 };
    for (let at = 0; at < documents.length; at += BATCH) {
      const mapped = await mapper.map(documents.slice(at, at + BATCH), null);
      for (const { status, bytes } of mapped.outcomes()) {
        details.failed += status === 'failed' ? 1 : 0;
        details.bytesRead += bytes;
      }
      details.rowsOut += mapped.rows().reduce((sum, rows) => sum + rows, 0);
    }
    return details;
  };
}

/** The product's own way into tables. */
function load({ contract, folder, threads, database }) {
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
    for (const file of await findFiles(folder, ['.xml'])) bytesRead += (await readFile(file)).length;
    return { bytesRead };
  };
}
