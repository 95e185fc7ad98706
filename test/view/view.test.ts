/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { PostgresReader } from '#ts/graph/postgres-reader.js';
import { Graph } from '#ts/graph/queries.js';
import { startView, type View } from '#ts/view/index.js';
import { edge, keepGraph, node, ODD_NAMES, oddGraph } from '../exports/odd-graph.js';
import { plant, runOver, SHOP } from '../lineage/trees.js';
import { freshDatabase } from '../postgres/support.js';
import { openPage, ready } from './browser.js';

let folder: string;
let shop: Served;

interface Served {
  graph: Graph;
  view: View;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowmill-test-'));
  const url = await freshDatabase();
  await runOver(plant(join(folder, 'shop'), SHOP), url);
  shop = await serve(url);
});
after(async () => {
  await end(shop);
  rmSync(folder, { recursive: true, force: true });
});

async function serve(url: string): Promise<Served> {
  const graph = new Graph(await PostgresReader.open(url));
  return { graph, view: await startView({ queries: graph, port: 0 }) };
}

async function end({ graph, view }: Served): Promise<void> {
  await view.close();
  await graph.close();
}

/** Names of what is drawn, ascending. */
async function drawn(page: Page): Promise<string[]> {
  await page.locator('#canvas').press('Escape');
  return (await page.locator('#shown li').allTextContents()).sort();
}

async function find(page: Page, text: string): Promise<void> {
  await page.locator('#search').fill(text);
  await page.locator('#found [role=option]').first().waitFor();
  await page.locator('#search').press('Enter');
  await page.locator('#panel h2').getByText(text).waitFor();
}

test('the page shows all objects, asks nobody else, and breaks no rule of its policy', async () => {
  const { page, errors, urls } = await openPage(shop.view.url);
  assert.deepEqual(await drawn(page), ['report.totals', 'sales.customers', 'sales.large', 'sales.named', 'sales.orders']);
  assert.deepEqual(errors, []);
  assert.ok(
    urls.every((url) => url.startsWith(shop.view.url) || url.startsWith('data:')),
    urls.join(' '),
  );
  await page.context().close();
});

test('a column is searched, and shown with what feeds it as the graph says', async () => {
  const { page, errors } = await openPage(shop.view.url);
  await page.locator('#direction').selectOption('upstream');
  await ready(page);
  await find(page, 'sales.named.total');
  const [total] = await shop.graph.named('sales.named.total');
  const steps = await shop.graph.upstream(total?.id ?? '');
  const columns = new Set(steps.flatMap(({ from, to }) => [from.fullName, to.fullName]));
  const expected = [...columns, ...new Set([...columns].map((name) => name.slice(0, name.lastIndexOf('.'))))].sort();
  assert.deepEqual(await drawn(page), expected);
  assert.equal(expected.length, 6);
  await page.locator('#depth').fill('1');
  await page.locator('#depth').press('Enter');
  await page.getByText('4 nodes, 1 arrows').first().waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('columns fold into their tables and come out again', async () => {
  const { page } = await openPage(shop.view.url);
  await find(page, 'sales.named.total');
  assert.ok((await drawn(page)).includes('sales.orders.total'));
  await page.locator('#collapse').click();
  await ready(page);
  assert.deepEqual(await drawn(page), ['sales.large', 'sales.named', 'sales.orders']);
  assert.match((await page.locator('#status').textContent()) ?? '', /^3 nodes, 2 arrows/);
  await page.locator('#expand').click();
  await ready(page);
  assert.ok((await drawn(page)).includes('sales.orders.total'));
  await page.context().close();
});

test('keys alone search, follow the data, open columns and leave', async () => {
  const { page } = await openPage(shop.view.url);
  await page.keyboard.press('/');
  await page.keyboard.type('sales.large');
  await page.locator('#found [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#panel h2').getByText('sales.large', { exact: true }).waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('ArrowLeft');
  await page.locator('#panel h2').getByText('sales.orders', { exact: true }).waitFor();
  await page.keyboard.press('e');
  await page.waitForFunction(() => /[6-9] nodes/.test(document.getElementById('status')?.textContent ?? ''));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash.length > 1);
  await page.context().close();
});

test('names that look like HTML stay texts', async () => {
  const url = await freshDatabase();
  await keepGraph(url, oddGraph());
  const odd = await serve(url);
  try {
    const { page, errors } = await openPage(odd.view.url);
    const names = await drawn(page);
    for (const name of ODD_NAMES) assert.ok(names.includes(name), name);
    await find(page, '<img src=x onerror=alert(1)>');
    assert.equal(await page.locator('#panel h2').textContent(), '<img src=x onerror=alert(1)>');
    assert.deepEqual([await page.locator('img').count(), errors], [0, []]);
    await page.context().close();
  } finally {
    await end(odd);
  }
});

test('an edge is rejected and approved on the page, and the graph keeps that', async () => {
  const { page, errors } = await openPage(shop.view.url);
  await find(page, 'sales.named.name');
  const [from, to] = await Promise.all(['sales.customers.name', 'sales.named.name'].map(async (name) => (await shop.graph.named(name))[0]?.id ?? ''));
  const stored = async (): Promise<[string, unknown] | undefined> => {
    const [edge] = (await shop.graph.edges({ type: 'FLOWS_TO', node: to ?? '' })).filter((edge) => edge.from === from);
    return edge && [edge.status, edge.properties.reviewer_notes];
  };
  const box = await page.locator('#canvas').boundingBox();
  // The one arrow of this picture goes through its middle.
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, await arrowHeight(page));
  await page.locator('section.edge input').fill('made up');
  await page.locator('section.edge button.reject').click();
  await page.locator('section.edge .status.rejected').waitFor();
  assert.deepEqual(await stored(), ['rejected', 'made up']);
  await page.locator('section.edge button.approve').click();
  await page.locator('section.edge .status.approved').waitFor();
  assert.equal((await stored())?.[0], 'approved');
  assert.deepEqual(errors, []);
  await page.context().close();
});

/** Where the arrow is: the darkest row in the middle of the canvas. */
async function arrowHeight(page: Page): Promise<number> {
  return page.evaluate(() => {
    const stage = document.getElementById('canvas') as HTMLElement;
    const box = stage.getBoundingClientRect();
    const layers = [...stage.querySelectorAll('canvas')];
    for (let y = 0; y < box.height; y += 1) {
      for (const layer of layers) {
        const scale = layer.width / box.width;
        const [, , , alpha = 0] = layer.getContext('2d')?.getImageData((box.width / 2) * scale, y * scale, 1, 1).data ?? [];
        if (alpha > 60) return box.y + y + 1;
      }
    }
    throw new Error('there is no arrow');
  });
}

/** Puts the longest time between two frames where the test can read it. */
function watchFrames(): void {
  const watch = { longest: 0, last: performance.now() };
  Object.assign(window, { rowmillFrames: watch });
  const step = (now: number): void => {
    watch.longest = Math.max(watch.longest, now - watch.last);
    watch.last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

test('ten thousand tables are drawn and moved without the page standing still', { timeout: 180_000 }, async (context) => {
  const url = await freshDatabase();
  const tables = Array.from({ length: 10_000 }, (_, at) => node('Table', `made.t${at}`));
  const idAt = (at: number): string => tables[at]?.id ?? '';
  const edges = tables.flatMap(({ id }, at) =>
    at === 0 ? [] : [edge(id, 'READS_FROM', idAt(Math.floor(at / 3))), edge(id, 'READS_FROM', idAt((at * 7) % at))],
  );
  await keepGraph(url, { nodes: tables, edges });
  const large = await serve(url);
  try {
    const startedMs = performance.now();
    const { page, errors } = await openPage(large.view.url, { init: watchFrames });
    const paintMs = performance.now() - startedMs;
    assert.match((await page.locator('#status').textContent()) ?? '', /^10000 nodes, \d+ arrows$/);
    const longest = (): Promise<number> =>
      page.evaluate(() => {
        const watch = (window as unknown as { rowmillFrames: { longest: number } }).rowmillFrames;
        const found = watch.longest;
        watch.longest = 0;
        return found;
      });
    const whileDrawnMs = await longest();
    await page.mouse.move(500, 400);
    await page.mouse.down();
    for (let step = 0; step < 20; step += 1) await page.mouse.move(500 + step * 10, 400 + step * 5);
    await page.mouse.up();
    for (let step = 0; step < 5; step += 1) await page.mouse.wheel(0, -200);
    await page.waitForTimeout(500);
    const whileMovedMs = await longest();
    context.diagnostic(
      `first paint ${paintMs.toFixed(0)} ms, longest frame ${whileDrawnMs.toFixed(0)} ms while drawn, ${whileMovedMs.toFixed(0)} ms while moved`,
    );
    // About ten times what was measured on a busy machine: 1.9 s, and 0.3 s.
    assert.ok(paintMs < 20_000, `first paint took ${paintMs} ms`);
    assert.ok(whileDrawnMs < 3000 && whileMovedMs < 2000, `frames took ${whileDrawnMs} and ${whileMovedMs} ms`);
    await page.locator('#search').fill('made.t9999');
    await page.locator('#found [role=option]').first().waitFor();
    await page.locator('#search').press('Enter');
    await page.locator('#panel h2').getByText('made.t9999').waitFor();
    assert.deepEqual(errors, []);
    await page.context().close();
  } finally {
    await end(large);
  }
});
