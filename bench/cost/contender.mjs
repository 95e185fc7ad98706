// The process of one contender; see child.mjs. Its job: { contender, plan, file, threads }.

import { readFile } from 'node:fs/promises';
import { openRun } from '../../dist/addon.js';
import { listUnits } from '../../dist/sources/index.js';
import { answerMeasured } from '../child.mjs';

const CONTENDERS = {
  'rowmill to nothing': rowmill,
  'rowmill to Parquet': rowmill,
  'DuckDB to Parquet': duckdb,
  'DuckDB scan': duckdb,
  'read bytes': bytes,
};

await answerMeasured((job) => CONTENDERS[job.contender](job));

/** Listing files is part of a run. */
async function rowmill({ contender, plan, sources, file }) {
  const target = contender === 'rowmill to nothing' ? { kind: 'discard' } : { kind: 'parquet', path: file };
  return async () => {
    const units = await listUnits(plan, plan.windows[0], sources);
    const handle = await openRun({ plan, window: 0, units, target });
    try {
      await handle.next();
      const { rowsRead, bytesRead, rowsOut, groups, spilledBytes } = handle.counters();
      return { rowsRead, bytesRead, rowsOut, groups, spilledBytes };
    } finally {
      await handle.close();
    }
  };
}

async function duckdb({ contender, plan, file, threads }) {
  const [{ DuckDBInstance }, { scan, summarise }] = await Promise.all([import('@duckdb/node-api'), import('./duckdb.mjs')]);
  const connection = await (await DuckDBInstance.create(':memory:', { threads: String(threads) })).connect();
  return async () => {
    await (contender === 'DuckDB scan' ? scan(connection, plan) : summarise(connection, plan, file));
    return {};
  };
}

/** Every file of the run once, whole: all columns, whoever reads them. */
async function bytes({ plan, sources }) {
  return async () => {
    let fileBytes = 0;
    for (const { uri } of await listUnits(plan, plan.windows[0], sources)) fileBytes += (await readFile(uri)).length;
    return { fileBytes };
  };
}
