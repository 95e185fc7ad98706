import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RowmillError } from '#ts/errors.js';
import type { DeadLetter } from '#ts/graph/dead-letters.js';
import type { MemoryGraph } from '#ts/graph/memory.js';
import type { GraphFile } from '#ts/graph/model.js';
import { withRetry } from '#ts/graph/retry.js';
import type { GraphItems } from '#ts/graph/sink.js';
import { type Part, type PartWriter, type WrittenPart, writeParts } from '#ts/graph/write-parts.js';
import { seeded } from '../chaos/seeded.js';
import { derives, together } from './made-up.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function failure(code: 'SINK_DATABASE_BUSY' | 'SINK_WRITE_FAILED' | 'SINK_DATABASE_UNREACHABLE', message: string): RowmillError {
  return new RowmillError({ code, message, retryable: code !== 'SINK_WRITE_FAILED', place: {} });
}

/** A server that is busy for some of its first requests, and may refuse large batches and single items. */
class Throttled implements PartWriter {
  readonly held = new Map<string, { digest: string; items: Map<string, number> }>();
  readonly order: string[] = [];
  requests = 0;
  readonly #random = seeded(7);
  readonly #options: { share: number; requests: number; most: number; refused?: string };

  constructor(options: Partial<{ share: number; requests: number; most: number; refused: string }>) {
    this.#options = { share: 0, requests: 0, most: Number.POSITIVE_INFINITY, ...options };
  }

  async replace({ source, from, to, incomplete }: Part): Promise<WrittenPart> {
    const { nodes, edges } = await source.graph(from, to);
    const files = source.files().slice(from, to);
    const items = { files: [...files], nodes, edges };
    this.#request(items);
    for (const { name, digest } of files) this.held.set(name, { digest: incomplete?.has(name) ? '' : digest, items: new Map() });
    return this.#take(items);
  }

  async add(items: GraphItems): Promise<WrittenPart> {
    this.#request(items);
    return this.#take(items);
  }

  async finish({ name, digest }: GraphFile): Promise<void> {
    this.#request({ files: [], nodes: [], edges: [] });
    const held = this.held.get(name);
    if (held) held.digest = digest;
  }

  #request({ nodes, edges }: GraphItems): void {
    this.requests += 1;
    if (this.requests <= this.#options.requests && this.#random() < this.#options.share) throw failure('SINK_DATABASE_BUSY', 'try later');
    if (nodes.length + edges.length > this.#options.most) throw failure('SINK_WRITE_FAILED', 'too many at once');
    if (nodes.some(({ name }) => name === this.#options.refused)) throw failure('SINK_WRITE_FAILED', 'this name is refused');
  }

  #take({ nodes, edges }: GraphItems): WrittenPart {
    for (const { file, id } of nodes) this.#count(file, id);
    for (const { file, from, type, to } of edges) this.#count(file, `${from} ${type} ${to}`);
    return { nodes: nodes.length, edges: edges.length, unmatched: 0 };
  }

  #count(file: string, key: string): void {
    const items = this.held.get(file)?.items;
    items?.set(key, (items.get(key) ?? 0) + 1);
    this.order.push(key.includes(' ') ? 'edge' : 'node');
  }
}

class Away extends Throttled {
  override async replace(): Promise<WrittenPart> {
    throw failure('SINK_DATABASE_UNREACHABLE', 'nobody there');
  }
}

async function source(): Promise<MemoryGraph> {
  const files = Array.from({ length: 20 }, (_, at) => derives(`f${String(at).padStart(2, '0')}.sql`, `t${at}`, 'Table', [`s${at}`], ['a', 'b', 'c']));
  return together(...files);
}

async function demandAll(writer: Throttled, graph: MemoryGraph): Promise<void> {
  for (const [at, { name, digest }] of graph.files().entries()) {
    const { nodes, edges } = await graph.graph(at, at + 1);
    const held = writer.held.get(name);
    assert.equal(held?.digest, digest, name);
    assert.equal(held?.items.size, nodes.length + edges.length);
    assert.ok(
      [...(held?.items.values() ?? [])].every((times) => times === 1),
      `${name} holds something twice`,
    );
  }
}

for (const share of [0.1, 0.5, 1]) {
  for (const most of [Number.POSITIVE_INFINITY, 10]) {
    test(`everything arrives once where ${share * 100} % fail for a time${most === 10 ? ' and more than 10 items never pass' : ''}`, async () => {
      const graph = await source();
      const writer = new Throttled({ share, requests: share === 1 ? 12 : 60, most });
      const waits: number[] = [];
      const deadLetters = join(folder, `${share}-${most}.jsonl`);
      const retry = { sleep: async () => undefined, onRetry: (_: RowmillError, wait: number) => waits.push(wait) };
      const counts = await writeParts(writer, { source: graph, from: 0, to: 20 }, { sink: 'fake', database: 'none', deadLetters, retry });
      const { nodes, edges } = await graph.graph();
      assert.deepEqual([counts.files, counts.nodes, counts.edges, counts.deadLetters], [20, nodes.length, edges.length, 0]);
      assert.equal(counts.retries, waits.length);
      assert.ok(counts.retries > 0 || share === 0.1);
      assert.ok(most === Number.POSITIVE_INFINITY || counts.splits >= 20);
      await demandAll(writer, graph);
      assert.equal(existsSync(deadLetters), false);
    });
  }
}

test('waits are 1, 2, 4 and 8 seconds, a fifth more or less, and the fifth try is the last', async () => {
  const all: number[][] = [];
  for (let round = 0; round < 50; round += 1) {
    const waits: number[] = [];
    let tries = 0;
    const work = async (): Promise<void> => {
      tries += 1;
      throw failure('SINK_DATABASE_BUSY', 'try later');
    };
    await assert.rejects(withRetry(work, { sleep: async (ms) => waits.push(ms) }), { code: 'SINK_DATABASE_BUSY' });
    assert.equal(tries, 5);
    all.push(waits);
  }
  for (const [at, seconds] of [1, 2, 4, 8].entries()) {
    const waits = all.map((each) => each[at] ?? 0);
    assert.ok(waits.every((wait) => wait >= seconds * 800 && wait <= seconds * 1200));
    assert.ok(new Set(waits).size > 1, 'all waits are alike');
  }
  assert.ok(all.every((waits) => waits.length === 4));
});

test('what cannot help is not tried again', async () => {
  let tries = 0;
  const work = async (): Promise<void> => {
    tries += 1;
    throw failure('SINK_WRITE_FAILED', 'never');
  };
  await assert.rejects(withRetry(work), { code: 'SINK_WRITE_FAILED' });
  assert.equal(tries, 1);
});

test('only what is at fault becomes a letter, and the file stays to be written again', async () => {
  const graph = await source();
  const writer = new Throttled({ refused: 't7' });
  const deadLetters = join(folder, 'letters', 'failed.jsonl');
  const counts = await writeParts(writer, { source: graph, from: 0, to: 20 }, { sink: 'fake', database: 'none', deadLetters });
  const { nodes, edges } = await graph.graph();
  assert.deepEqual([counts.files, counts.nodes, counts.edges, counts.deadLetters], [20, nodes.length - 1, edges.length, 1]);
  const [letter, ...more] = readFileSync(deadLetters, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DeadLetter);
  assert.equal(more.length, 0);
  assert.deepEqual([letter?.kind, letter?.file.name, letter?.sink, letter?.attempts], ['node', 'f07.sql', 'fake', 1]);
  assert.equal(letter?.kind === 'node' && letter.item.name, 't7');
  assert.equal(writer.held.get('f07.sql')?.digest, '');
  assert.equal(writer.held.get('f08.sql')?.digest, graph.files()[8]?.digest);
});

test('a server that stays busy leaves every item in a letter, and one that is away stops the run', async () => {
  const graph = await source();
  const busy = new Throttled({ share: 1, requests: Number.POSITIVE_INFINITY });
  const deadLetters = join(folder, 'busy.jsonl');
  const retry = { sleep: async () => undefined };
  const counts = await writeParts(busy, { source: graph, from: 0, to: 2 }, { sink: 'fake', database: 'none', deadLetters, retry });
  const { nodes, edges } = await graph.graph(0, 2);
  assert.deepEqual([counts.nodes, counts.edges, counts.deadLetters], [0, 0, nodes.length + edges.length]);
  const away = new Away({});
  await assert.rejects(writeParts(away, { source: graph, from: 0, to: 2 }, { sink: 'fake', database: 'none', deadLetters, retry }), {
    code: 'SINK_DATABASE_UNREACHABLE',
  });
});

test('an edge never comes before the nodes of its file', async () => {
  const writer = new Throttled({ most: 10 });
  const graph = derives('one.sql', 't', 'Table', ['s'], ['a', 'b', 'c', 'd', 'e']);
  const deadLetters = join(folder, 'order.jsonl');
  await writeParts(writer, { source: graph, from: 0, to: 1 }, { sink: 'fake', database: 'none', deadLetters });
  assert.equal(writer.order.lastIndexOf('node') < writer.order.indexOf('edge'), true);
});
