import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Neo4jReader } from '#ts/graph/neo4j-reader.js';
import { Neo4jSink } from '#ts/graph/neo4j-sink.js';
import { makeSink, openReader, type SinkSettings } from '#ts/graph/open-sink.js';
import { PostgresReader } from '#ts/graph/postgres-reader.js';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import { Graph } from '#ts/graph/queries.js';
import type { GraphReader, GraphSink } from '#ts/graph/sink.js';
import { generateSql, runLineage } from '#ts/lineage/index.js';
import { type EmbeddedServer, startEmbedded } from '#ts/postgres/index.js';
import { WITHOUT_NEO4J } from '../neo4j/jars.js';
import { testNeo4j } from '../neo4j/server.js';
import { temporaryFolder } from '../postgres/month.js';
import { everything } from './places.js';

const FILES = 40;
const BATCH_FILES = 5;
/** Tried once more, soon: a server that was killed stays away for longer. */
const RETRY = { attempts: 2, waitsMs: [50] };

let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  await generateSql(join(folder, 'corpus'), FILES);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A server that can be killed and come back with its data. */
interface Mortal {
  sink(): GraphSink;
  reader(): Promise<GraphReader>;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

function run(sink: GraphSink) {
  return runLineage({ paths: [join(folder, 'corpus')], dialect: 'auto', cache: null, batchFiles: BATCH_FILES, sink });
}

/** The same sink; the server dies some time after a write began. */
function dying(sink: GraphSink, server: Mortal, atWrite: number, afterMs: number): { sink: GraphSink; died: () => Promise<void> } {
  let writes = 0;
  let death = Promise.resolve();
  const write: GraphSink['write'] = (...args) => {
    writes += 1;
    if (writes === atWrite) death = wait(afterMs).then(() => server.kill());
    return sink.write(...args);
  };
  const changed = new Proxy(sink, {
    get: (target, name) => {
      if (name === 'write') return write;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { sink: changed, died: () => death };
}

async function graphOf(server: Mortal): Promise<Awaited<ReturnType<typeof everything>>> {
  const graph = new Graph(await server.reader());
  try {
    return await everything(graph);
  } finally {
    await graph.close();
  }
}

async function empty(server: Mortal): Promise<void> {
  const sink = server.sink();
  await sink.open();
  await sink.clear();
  await sink.close();
}

async function filesHeld(server: Mortal): Promise<number> {
  const sink = server.sink();
  try {
    return (await sink.known()).size;
  } finally {
    await sink.close();
  }
}

/** Which write the server dies in, and how long after its beginning. */
type Death = readonly [atWrite: number, afterMs: number];

async function demandRecovery(server: Mortal, deaths: readonly Death[], note: (line: string) => void): Promise<void> {
  await run(server.sink());
  const expected = await graphOf(server);
  for (const [atWrite, afterMs] of deaths) {
    await empty(server);
    const { sink, died } = dying(server.sink(), server, atWrite, afterMs);
    const failure = await run(sink).then(
      () => null,
      (error: { code?: string }) => error.code,
    );
    await died();
    await server.restart();
    const held = await filesHeld(server);
    note(`killed ${afterMs} ms into write ${atWrite}: ${failure}, ${held} of ${FILES} files held`);
    assert.ok(failure === 'SINK_CONNECTION_LOST' || failure === 'SINK_DATABASE_UNREACHABLE', `${failure}`);
    assert.ok(held < FILES, 'the run was over when the server was killed');
    const report = await run(server.sink());
    assert.equal(report.files.written, FILES - held);
    assert.deepEqual(await graphOf(server), expected);
  }
}

test('PostgreSQL killed in the middle of a write, and the run repeated: the same graph', { timeout: 180_000 }, async (context) => {
  const directory = await temporaryFolder();
  let server: EmbeddedServer = await startEmbedded({ directory, persistent: true });
  const { url } = server;
  try {
    await demandRecovery(
      {
        sink: () => new PostgresSink({ url, retry: RETRY }),
        reader: () => PostgresReader.open(url),
        kill: async () => {
          process.kill(server.pid, 'SIGKILL');
          await server.stop();
        },
        restart: async () => {
          server = await restarted(directory, Number(new URL(url).port));
        },
      },
      [
        [1, 2],
        [3, 20],
        [4, 5],
      ],
      (line) => context.diagnostic(line),
    );
  } finally {
    await server.stop();
  }
});

/** What a killed server left running needs a moment to end. */
async function restarted(directory: string, port: number): Promise<EmbeddedServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startEmbedded({ directory, persistent: true, port });
    } catch (error) {
      if (attempt === 20) throw error;
      await wait(250);
    }
  }
}

test('Neo4j killed in the middle of a write, and the run repeated: the same graph', { skip: WITHOUT_NEO4J, timeout: 300_000 }, async (context) => {
  const server = await testNeo4j();
  await demandRecovery(
    {
      sink: () => new Neo4jSink({ ...server.place, retry: RETRY }),
      reader: () => Neo4jReader.open(server.place),
      kill: () => server.kill(),
      restart: () => server.start(),
    },
    [
      [1, 2],
      [3, 20],
    ],
    (line) => context.diagnostic(line),
  );
});

test('a process killed while it writes to Neo4j, Ladybug or a folder, and the run repeated: the same graph', {
  timeout: 300_000,
}, async (context) => {
  const out = join(folder, 'graph');
  const kinds: SinkSettings[] = [
    ...(WITHOUT_NEO4J ? [] : [{ kind: 'neo4j', neo4j: (await testNeo4j()).place } as const]),
    { kind: 'ladybug', file: join(folder, 'graph.lbug') },
    { kind: 'jsonl', folder: out },
  ];
  for (const settings of kinds) {
    const clear = async (): Promise<void> => {
      const sink = await makeSink(settings);
      await sink.open();
      await sink.clear();
      await sink.close();
    };
    const graph = async () => {
      const opened = new Graph(await openReader(settings));
      const all = await everything(opened);
      await opened.close();
      return all;
    };
    await clear();
    const wholeMs = await victim(settings, null);
    const expected = await graph();
    const held: number[] = [];
    for (const part of [0.2, 0.5, 0.8]) {
      await clear();
      await victim(settings, part * wholeMs);
      const sink = await makeSink(settings);
      await sink.open();
      held.push((await sink.known()).size);
      await run(sink);
      assert.deepEqual(await graph(), expected, `${settings.kind}, killed after ${part}`);
    }
    context.diagnostic(`${settings.kind}: a whole run took ${wholeMs.toFixed(0)} ms; files held after each kill: ${held.join(', ')}`);
    assert.ok(held.some((files) => files < FILES));
  }
});

/** Runs in a process of its own, which is killed some time after it began. Answers how long it ran. */
async function victim(settings: SinkSettings, killAfterMs: number | null): Promise<number> {
  const path = fileURLToPath(new URL('./victim.js', import.meta.url));
  const child = spawn(process.execPath, [path, join(folder, 'corpus'), JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  const beganMs = performance.now();
  if (killAfterMs !== null) {
    await wait(killAfterMs);
    child.kill('SIGKILL');
  }
  const [code] = await ended;
  if (killAfterMs === null) assert.equal(code, 0);
  return performance.now() - beganMs;
}

test('a server that is away fails the run with what to do, and nothing is changed', async () => {
  const sink = new PostgresSink({ url: 'postgres://me:secret@127.0.0.1:1/none', retry: RETRY });
  await assert.rejects(run(sink), (error: Error) => /SINK_DATABASE_UNREACHABLE.*127\.0\.0\.1:1.*Check that the server runs/.test(String(error)));
  const neo4j = new Neo4jSink({ uri: 'bolt://127.0.0.1:1', username: 'me', password: 'secret', retry: RETRY });
  await assert.rejects(run(neo4j), (error: Error) => /SINK_DATABASE_UNREACHABLE.*127\.0\.0\.1:1.*Check that the server runs/.test(String(error)));
});
