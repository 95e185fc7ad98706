// Who makes the seven tables of a log, and how each is started.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodePackage, own } from '../cost/contenders.mjs';
import { ordersJob } from '../peers/orders-job.mjs';
import { pythonWith } from '../python.mjs';

export { own };

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const noPython = (module) => `no Python that can import ${module} (BENCH_PYTHON names one)`;
/** Ways with and without quotes in the format: who leaves them out is faster, and wrong on texts with commas. */
const withAndWithout = (...ways) => ways.flatMap((way) => [way, `${way}, no quotes`]);

/** Bytes read and newlines counted: nothing that reads text is below these. */
export function limits({ file }) {
  const limit = (name, program, args) => ({ name, program: process.execPath, script: path('./limit.mjs'), job: { program, args } });
  return [limit('read bytes (cat)', 'sh', ['-c', `cat '${file}' > /dev/null`]), limit('newline count (wc -l)', 'wc', ['-l', file])];
}

/** Peers that are there or not; `contender` makes one of a way, whose tables go to a folder of their own. */
export function ordersPeers({ file, folder }, { selection, threads }) {
  const env = { POLARS_MAX_THREADS: String(threads) };
  const [polars, pandas] = [pythonWith('polars'), pythonWith('pandas')];
  const peers = [
    {
      name: 'DuckDB',
      ways: withAndWithout('table', 'grouping sets'),
      script: path('../peers/duckdb-orders.mjs'),
      version: nodePackage('@duckdb/node-api'),
      missing: 'it does not load',
    },
    {
      name: 'Polars',
      ways: withAndWithout('frame', 'at once'),
      script: path('../peers/polars_orders.py'),
      env,
      ...polars,
      missing: noPython('polars'),
    },
    {
      name: 'nodejs-polars',
      // Its interface does not do without quotes.
      ways: ['frame'],
      script: path('../peers/polars-node-orders.mjs'),
      env,
      version: nodePackage('nodejs-polars'),
      missing: 'its native package is not there, or does not load',
    },
    { name: 'pandas', ways: ['chunks'], script: path('../peers/pandas_orders.py'), ...pandas, missing: noPython('pandas'), isNaive: true },
  ];
  return peers.map(({ name, ways, version, missing, isNaive = false, ...how }) => ({
    name,
    ways,
    version,
    isNaive,
    ...(version ? {} : { missing }),
    contender: (way) => {
      const out = join(folder, `${name} ${way}`);
      mkdirSync(out, { recursive: true });
      return { name, ...how, job: ordersJob({ file, selection, threads, way, out }) };
    },
  }));
}
