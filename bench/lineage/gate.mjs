// Fails when lineage runs have become slower by more than a tenth:
//   node bench/lineage/gate.mjs            compares with bench/baseline/lineage.json
//   node bench/lineage/gate.mjs --write    measures that anew, with the addons that are built
// Each round measures a loop that only the machine decides, and then a run; files are counted per loop, so that a slower machine fails nobody.

import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PostgresSink } from '../../dist/graph/postgres-sink.js';
import { generateSql, runLineage } from '../../dist/lineage/index.js';
import { startEmbedded, withConnection } from '../../dist/postgres/index.js';

const BASELINE = fileURLToPath(new URL('../baseline/lineage.json', import.meta.url));
const FILES = 300;
const ROUNDS = 9;
/** The first rounds warm up. */
const LEFT_OUT = 2;
const LEAST = 0.9;

const folder = mkdtempSync(join(tmpdir(), 'rowmill-gate-'));
// Where we are root the server is another user, who must be able to walk to its folder.
chmodSync(folder, 0o755);
try {
  const found = await filesPerLoop();
  if (process.argv.includes('--write')) writeFileSync(BASELINE, `${JSON.stringify({ filesPerLoop: Math.round(found) }, null, 2)}\n`);
  const { filesPerLoop: stored } = JSON.parse(readFileSync(BASELINE, 'utf8'));
  const share = found / stored;
  process.stdout.write(`${found.toFixed(0)} files in the time of the loop; the baseline is ${stored}: ${(share * 100).toFixed(0)} %\n`);
  if (share < LEAST) {
    process.stderr.write(
      `Lineage runs are slower than ${LEAST * 100} % of the baseline. Find out why, or write a new one with --write and say why.\n`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function filesPerLoop() {
  const corpus = join(folder, 'corpus');
  await generateSql(corpus, FILES);
  const server = await startEmbedded({ directory: join(folder, 'server'), persistent: true });
  try {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const loopSeconds = await secondsOf(loop);
      await withConnection(server.url, (connection) => connection.query('DROP SCHEMA IF EXISTS rowmill CASCADE'));
      const sink = new PostgresSink({ url: server.url });
      const runSeconds = await secondsOf(() => runLineage({ paths: [corpus], dialect: 'auto', threads: 2, cache: null, sink }));
      if (round >= LEFT_OUT) rounds.push((FILES / runSeconds) * loopSeconds);
    }
    return rounds.sort((a, b) => a - b)[rounds.length >> 1];
  } finally {
    await server.stop();
  }
}

function loop() {
  const block = Buffer.alloc(1 << 20, 7);
  const hash = createHash('sha256');
  for (let times = 0; times < 256; times += 1) hash.update(block);
  return hash.digest('hex');
}

async function secondsOf(work) {
  const beganMs = performance.now();
  await work();
  return (performance.now() - beganMs) / 1000;
}
