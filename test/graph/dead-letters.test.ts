import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { DeadLetter } from '#ts/graph/dead-letters.js';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import { type RetryReport, retryLetters } from '#ts/graph/retry-letters.js';
import { rowmill } from '../cli/program.js';
import { graphOf, plant, runOver, SHOP } from '../lineage/trees.js';
import { freshDatabase, sql } from '../postgres/support.js';
import { derives } from './made-up.js';

const folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const tree = plant(join(folder, 'shop'), SHOP);

/** Has the database refuse each column of this name. */
async function refuse(url: string, name: string): Promise<void> {
  await sql(
    url,
    `CREATE FUNCTION rowmill.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused: %', NEW.name; END; $$;
     CREATE TRIGGER no BEFORE INSERT ON rowmill.lineage_node_fact FOR EACH ROW WHEN (NEW.name = '${name}' AND NEW.kind = 'Column') EXECUTE FUNCTION rowmill.no();
     CREATE TRIGGER no BEFORE INSERT ON rowmill.lineage_column_fact FOR EACH ROW WHEN (NEW.name = '${name}') EXECUTE FUNCTION rowmill.no()`,
  );
}

async function allow(url: string): Promise<void> {
  await sql(url, 'DROP TRIGGER no ON rowmill.lineage_node_fact; DROP TRIGGER no ON rowmill.lineage_column_fact; DROP FUNCTION rowmill.no()');
}

async function prepared(): Promise<string> {
  const url = await freshDatabase();
  const sink = new PostgresSink({ url });
  await sink.open();
  await sink.close();
  return url;
}

function lettersOf(path: string): DeadLetter[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DeadLetter);
}

test('what a database refuses goes to a file, the rest is written, and a retry brings it in when it is refused no more', async () => {
  const url = await prepared();
  const letters = join(folder, 'deep', 'letters.jsonl');
  await refuse(url, 'total');
  const args = ['--dialect', 'postgres', '--no-cache', '--database', url, '--dead-letters', letters, '--json'];
  const run = await rowmill(['run', 'lineage', tree, ...args]);
  assert.equal(run.code, 3, run.err);
  const { graph } = JSON.parse(run.out);
  const held = lettersOf(letters);
  assert.equal(graph.deadLetters, held.length);
  assert.ok(held.length >= 4 && held.every((letter) => letter.kind === 'node' && letter.item.name === 'total' && letter.sink === 'postgres'));
  assert.ok(held.every(({ error }) => /SINK_WRITE_FAILED.*refused: total/.test(error)));
  assert.ok(held.every(({ database }) => !database.includes('://') && !database.includes(`:${new URL(url).password}@`)));
  const partial = await graphOf(url);
  assert.ok(partial.nodes.some((line) => line.startsWith('Table sales.orders')) && !partial.nodes.some((line) => line.startsWith('Column total')));

  // Another run says the same of the same items.
  const again = await rowmill(['run', 'lineage', tree, ...args.slice(0, -1)]);
  assert.match(again.err, /what could not be written is in .*letters\.jsonl: `rowmill lineage retry/);
  assert.equal(lettersOf(letters).length, 2 * held.length);

  const still = await rowmill(['lineage', 'retry', letters, '--database', url, '--json']);
  assert.equal(still.code, 3, still.err);
  assert.deepEqual([JSON.parse(still.out).failed, lettersOf(letters)[0]?.attempts], [held.length, 2]);

  await allow(url);
  const done = await rowmill(['lineage', 'retry', letters, '--database', url]);
  assert.match(done.out, new RegExp(`^${held.length} letters: ${held.length} written, 0 outdated, 0 failed again\n$`));
  assert.equal(existsSync(letters), false);
  const whole = await prepared();
  await runOver(tree, whole, { dialect: 'postgres' });
  assert.deepEqual(await graphOf(url), await graphOf(whole));
});

test('a file that was not written whole is written again by the next run, and its letters are outdated then', async () => {
  const url = await prepared();
  const letters = join(folder, 'outdated.jsonl');
  await refuse(url, 'name');
  const sink = () => new PostgresSink({ url, deadLetters: letters });
  const first = await runOver(tree, url, { dialect: 'postgres', sink: sink() });
  assert.ok(first.graph.deadLetters > 0);
  await allow(url);
  const second = await runOver(tree, url, { dialect: 'postgres', sink: sink() });
  assert.deepEqual([second.graph.deadLetters, second.files.written], [0, new Set(lettersOf(letters).map(({ file }) => file.name)).size]);
  const before = await graphOf(url);
  const open = sink();
  await open.open();
  const report = await retryLetters(letters, open, 'r');
  await open.close();
  assert.deepEqual([report.written, report.outdated, report.failed], [0, first.graph.deadLetters, 0]);
  assert.deepEqual(await graphOf(url), before);
});

test('letters of another sink stay, one item counts once, and a line that is none is named', async () => {
  const url = await prepared();
  const path = join(folder, 'mixed.jsonl');
  const source = derives('a.sql', 'v', 'View', ['t'], ['id']);
  const { nodes, edges } = await source.graph();
  const [file] = source.files();
  assert.ok(file);
  const about = { timestamp: '2026-01-01T00:00:00Z', error: 'X: y', database: 'd', attempts: 1, file };
  const of = (sink: string): DeadLetter[] => [
    ...edges.map((item): DeadLetter => ({ ...about, sink, kind: 'edge', item })),
    ...nodes.map((item): DeadLetter => ({ ...about, sink, kind: 'node', item })),
  ];
  const text = [...of('postgres'), ...of('neo4j'), ...of('postgres')].map((letter) => `${JSON.stringify(letter)}\n`).join('');
  writeFileSync(path, text);
  const sink = new PostgresSink({ url });
  await sink.open();
  const all = nodes.length + edges.length;
  const expected: RetryReport = { letters: 2 * all, written: all, outdated: 0, ofOthers: all, failed: 0 };
  assert.deepEqual(await retryLetters(path, sink, 'r'), expected);
  assert.deepEqual(new Set(lettersOf(path).map((letter) => letter.sink)), new Set(['neo4j']));
  assert.equal((await sink.stats()).edges, edges.length);
  assert.deepEqual(await retryLetters(path, sink, 'r'), { ...expected, letters: all, written: 0 });
  appendFileSync(path, '{"half": ');
  const held = readFileSync(path, 'utf8');
  await assert.rejects(retryLetters(path, sink, 'r'), { code: 'INPUT_FORMAT_INVALID', place: { file: path, line: all + 1, value: '{"half": ' } });
  assert.equal(readFileSync(path, 'utf8'), held);
  await assert.rejects(retryLetters(join(folder, 'none.jsonl'), sink, 'r'), { code: 'INPUT_FILE_UNREADABLE' });
  await sink.close();
});
