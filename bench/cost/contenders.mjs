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
 * Peers that make the fold of a month, each in one of its ways.
 *
 * `toMemory` and `toParquet` make the contenders of a peer; `missing` says why a peer that is not there is left out.
 */
export function foldPeers({ plan, folder }, { threads }) {
  return peers().map(({ name, ways, version, missing, isNaive = false, ...how }) => {
    const contender = (ending, way, file) => ({ name: `${name} ${ending}`, ...how, job: foldJob(plan, { threads, way, file }) });
    return {
      name,
      ways,
      version,
      isNaive,
      ...(version ? {} : { missing }),
      toMemory: (way) => contender('to memory', way, null),
      toParquet: (way) => contender('to Parquet', way, join(folder, `${name}.${way}.parquet`)),
    };
  });

  function peers() {
    const env = { POLARS_MAX_THREADS: String(threads) };
    const ways = ['two-phase', 'direct'];
    const [polars, pandas] = [pythonWith('polars'), pythonWith('pandas')];
    const noPython = (module) => `no Python that can import ${module} (BENCH_PYTHON names one)`;
    return [
      { name: 'DuckDB', ways, script: path('../peers/duckdb-fold.mjs'), version: nodePackage('@duckdb/node-api') },
      { name: 'Polars', ways, script: path('../peers/polars_fold.py'), env, ...polars, missing: noPython('polars') },
      {
        name: 'nodejs-polars',
        ways,
        script: path('../peers/polars-node-fold.mjs'),
        env,
        version: nodePackage('nodejs-polars'),
        missing: 'its native package is not there, or does not load',
      },
      { name: 'pandas', ways: ['file by file'], script: path('../peers/pandas_fold.py'), ...pandas, missing: noPython('pandas'), isNaive: true },
    ];
  }
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
