import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openJsonl } from '#ts/graph/jsonl-reader.js';
import { JsonlSink } from '#ts/graph/jsonl-sink.js';
import { LadybugReader } from '#ts/graph/ladybug-reader.js';
import { LadybugSink } from '#ts/graph/ladybug-sink.js';
import { Neo4jReader } from '#ts/graph/neo4j-reader.js';
import { Neo4jSink } from '#ts/graph/neo4j-sink.js';
import { PostgresReader } from '#ts/graph/postgres-reader.js';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import { Graph } from '#ts/graph/queries.js';
import type { GraphSink } from '#ts/graph/sink.js';
import { testNeo4j } from '../neo4j/server.js';
import { freshDatabase } from '../postgres/support.js';

/** Where a graph may be kept, empty: for tests that all of them have to pass. */
export interface GraphPlace {
  name: string;
  /** A further writer of the same graph, opened. */
  sink(options?: { isBatching?: boolean; batchSize?: number }): Promise<GraphSink>;
  /** Questions to the graph as it is now. */
  graph(): Promise<Graph>;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/** Closes whatever it was told of. */
class Openings {
  readonly #all: { close(): Promise<void> }[] = [];

  keep<T extends { close(): Promise<void> }>(opened: T): T {
    this.#all.push(opened);
    return opened;
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.splice(0).map((each) => each.close()));
  }
}

function placeOf(
  name: string,
  makeSink: (options: object) => GraphSink,
  openReader: () => Promise<ConstructorParameters<typeof Graph>[0]>,
): GraphPlace {
  const openings = new Openings();
  return {
    name,
    async sink(options = {}) {
      const sink = openings.keep(makeSink(options));
      await sink.open();
      return sink;
    },
    graph: async () => openings.keep(new Graph(await openReader())),
    close: () => openings.close(),
  };
}

/** An empty graph in tables of PostgreSQL. */
export async function inPostgres(): Promise<GraphPlace> {
  const url = await freshDatabase();
  return placeOf(
    'postgres',
    (options) => new PostgresSink({ url, ...options }),
    () => PostgresReader.open(url),
  );
}

/** The one graph of the test file's Neo4j, emptied. */
export async function inNeo4j(): Promise<GraphPlace> {
  const { place } = await testNeo4j();
  const sink = new Neo4jSink(place);
  await sink.open();
  await sink.clear();
  await sink.close();
  return placeOf(
    'neo4j',
    (options) => new Neo4jSink({ ...place, ...options }),
    () => Neo4jReader.open(place),
  );
}

/** An empty graph in a folder. */
export async function inFolder(): Promise<GraphPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-graph-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return placeOf(
    'jsonl',
    (options) => new JsonlSink({ folder, ...options }),
    () => openJsonl(folder),
  );
}

/** An empty graph in a file. */
export async function inFile(): Promise<GraphPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'rowmill-graph-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'graph.lbug');
  return placeOf(
    'ladybug',
    (options) => new LadybugSink({ file, ...options }),
    () => LadybugReader.open(file),
  );
}

/** All of them. */
export const PLACES = { postgres: inPostgres, neo4j: inNeo4j, ladybug: inFile, jsonl: inFolder };

/** Everything that a graph says, in the order in which it is read. */
export async function everything(graph: Graph): Promise<{ nodes: object[]; edges: object[] }> {
  const nodes = [];
  const edges = [];
  for await (const node of graph.allNodes()) nodes.push(node);
  for await (const edge of graph.allEdges()) edges.push(edge);
  return { nodes, edges };
}
