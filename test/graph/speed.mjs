// Measures how fast graphs go into PostgreSQL:  node test/graph/speed.mjs [files] [nodes a file] [edges a file] [files a batch] [in flight]

import { wide } from '../../build/test/graph/made-up.js';
import { PostgresSink } from '../../dist/graph/postgres-sink.js';
import { startEmbedded } from '../../dist/postgres/index.js';

const [files = 10, nodes = 1000, edges = 1000, batch = 1, flights = 2] = process.argv.slice(2).map(Number);
const server = await startEmbedded();
const source = wide(files, nodes, edges);
const parts = [];
for (let from = 0; from < files; from += batch)
  parts.push({ from, to: Math.min(files, from + batch), bytes: await source.copy(from, Math.min(files, from + batch)) });
const ready = { files: () => source.files(), graph: (a, b) => source.graph(a, b), copy: async (from) => parts.find((p) => p.from === from).bytes };
for (const checkEnds of [true, false, true, false]) {
  const sink = new PostgresSink({ url: server.url, checkEnds });
  await sink.open();
  await sink.clear();
  for (const round of ['cold', 'again']) {
    const begin = performance.now();
    const queue = [...parts];
    let unmatched = 0;
    await Promise.all(
      Array.from({ length: flights }, async () => {
        for (let part = queue.shift(); part; part = queue.shift()) unmatched += (await sink.write(ready, part.from, part.to, 'r')).unmatched;
      }),
    );
    const ms = performance.now() - begin;
    console.log(
      JSON.stringify({
        round,
        checkEnds,
        ms: Math.round(ms),
        nodes: files * nodes,
        edges: files * edges,
        filesPerSecond: Math.round((files / ms) * 1000),
        unmatched,
      }),
    );
  }
  await sink.close();
}
await server.stop();
