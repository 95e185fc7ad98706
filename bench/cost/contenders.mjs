// Who is measured, and how each is started.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foldJob } from '../peers/fold-job.mjs';
import { pythonWith } from '../python.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const ENGINE = path('../../dist/bench/engine-contender.js');

/** Our own: `target` as openRun has it, or `bytes` for reading files whole. */
export function own(name, { plan, sources }, target) {
  return { name, script: ENGINE, job: { plan, sources, target } };
}

/** What bounds everyone: the columns decoded by the same reader, and the bytes read. */
export function limits(month) {
  return [own('bare decode', month, { kind: 'decode' }), own('read bytes', month, { kind: 'bytes' })];
}

/**
 * Peers that make the fold of a month, each to a file and, as `rowmill to nothing` does, without writing.
 *
 * `isSmall` adds pandas. Answers with the contenders, their versions, and a note for each that is left out.
 */
export function foldPeers({ plan, folder }, { threads, isSmall }) {
  const found = peers().filter(({ smallOnly }) => isSmall || !smallOnly);
  const contenders = found.flatMap(({ name, script, program, version, env }) => {
    if (!version) return [];
    const job = (file) => ({ name: `${name} ${file ? 'to Parquet' : 'to memory'}`, script, program, env: env?.(threads), job: foldJob(plan, { threads, file }) });
    return [job(null), job(join(folder, `${name}.parquet`))];
  });
  const versions = Object.fromEntries(found.filter(({ version }) => version).map(({ name, version }) => [name, version]));
  const notes = found.filter(({ version }) => !version).map(({ name, missing }) => `${name} is left out: ${missing}`);
  return { contenders, versions, notes };
}

function peers() {
  const polarsThreads = (threads) => ({ POLARS_MAX_THREADS: String(threads) });
  const [polars, pandas] = [pythonWith('polars'), pythonWith('pandas')];
  const noPython = (module) => `no Python that can import ${module} (ROWMILL_BENCH_PYTHON names one)`;
  return [
    { name: 'DuckDB', script: path('../peers/duckdb-fold.mjs'), version: nodePackage('@duckdb/node-api') },
    {
      name: 'Polars',
      script: path('../peers/polars_fold.py'),
      program: polars?.program,
      version: polars?.version,
      env: polarsThreads,
      missing: noPython('polars'),
    },
    {
      name: 'nodejs-polars',
      script: path('../peers/polars-node-fold.mjs'),
      version: nodePackage('nodejs-polars'),
      env: polarsThreads,
      missing: 'its native package is not there',
    },
    {
      name: 'pandas',
      script: path('../peers/pandas_fold.py'),
      program: pandas?.program,
      version: pandas?.version,
      smallOnly: true,
      missing: noPython('pandas'),
    },
  ];
}

/** Version of a package that loads; undefined of one that does not, as a native one whose platform is not there. */
export function nodePackage(name) {
  const require = createRequire(import.meta.url);
  try {
    require(name);
    return require(`${name}/package.json`).version;
  } catch {
    return undefined;
  }
}
