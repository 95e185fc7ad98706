// The process of one way through a tree of SQL files; see suite.mjs. Its job: { kind, folder, threads, database, cache }.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { serve } from '../../dist/bench/child.js';
import { PostgresSink } from '../../dist/graph/postgres-sink.js';
import { dialects, LINEAGE_DEFAULTS, LineageTree, runLineage } from '../../dist/lineage/index.js';
import { treeOptions } from '../../dist/lineage/options.js';
import { walkTree } from '../../dist/lineage/walk.js';
import { withConnection } from '../../dist/postgres/index.js';

serve(async (job) => (job.kind === 'run' ? run(job) : job.kind === 'hash' ? hash(job) : parse(job)));

/** The product's own way into tables. */
async function run({ folder, threads, database, cache, pace = {} }) {
  await load(database);
  const kept = cache ? { ...LINEAGE_DEFAULTS.cache, maxEntries: 100_000, path: cache } : null;
  return async () => {
    const sink = new PostgresSink({ url: database });
    const { files, graph, statements } = await runLineage({ paths: [folder], dialect: 'auto', threads, cache: kept, sink, ...pace });
    const { found, failed, written } = files;
    return { files: found, failed, written, nodes: graph.nodes, edges: graph.edges, missed: statements.bearing - statements.structured };
  };
}

/** Libraries are loaded before the clock starts, as the peers' are: the addon, and the driver with its cryptography. */
async function load(database) {
  dialects();
  await import('pg-copy-streams');
  await withConnection(database, (connection) => connection.query('SELECT 1'));
}

/** Texts to graphs, kept nowhere. */
async function parse({ folder, threads }) {
  const tree = await LineageTree.open(treeOptions({ dialect: 'auto', threads, maxFileBytes: 1 << 26, cache: null }));
  return async () => {
    const { files } = await walkTree([folder]);
    await tree.read(files);
    const details = { files: files.length, failed: 0, nodes: 0, edges: 0, missed: 0 };
    for (;;) {
      const resolved = await tree.resolve(250);
      const some = resolved.files();
      resolved.free();
      if (some.length === 0) return details;
      for (const { nodes, edges, bearing, structured } of some) {
        details.nodes += nodes;
        details.edges += edges;
        details.missed += bearing - structured;
      }
    }
  };
}

/** The bytes and their hashes alone, one file after the other: sooner than Node does it with several at once. */
function hash({ folder }) {
  return async () => {
    const { files } = await walkTree([folder]);
    let bytesRead = 0;
    for (const { path } of files) {
      const bytes = readFileSync(path);
      createHash('sha256').update(bytes).digest();
      bytesRead += bytes.length;
    }
    return { bytesRead };
  };
}
