// Takes the picture of docs/lineage-view.md: a made-up shop, in the page of `rowmill lineage view`.
// Run by people who changed the page, after building:
//   node scripts/picture-lineage-view.mjs

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as browsers } from 'playwright-core';
import { Graph, PostgresReader, PostgresSink, runLineage, startView } from '../dist/index.js';
import { startEmbedded } from '../dist/postgres/index.js';
import { ROOT } from './toolchain.mjs';

const OUT = join(ROOT, 'docs', 'pictures', 'lineage-view.png');
const SHOP = {
  'ddl/tables.sql': `CREATE TABLE shop.orders (id int, customer_id int, placed_at timestamp, total numeric);
CREATE TABLE shop.order_lines (order_id int, product_id int, quantity int, price numeric);
CREATE TABLE shop.customers (id int, name text, country text);
CREATE TABLE shop.products (id int, title text, cost numeric);`,
  'views/margins.sql': `CREATE VIEW report.margins AS SELECT l.order_id, p.title AS product, sum(l.quantity * (l.price - p.cost)) AS margin
FROM shop.order_lines l JOIN shop.products p ON p.id = l.product_id GROUP BY l.order_id, p.title;`,
  'views/orders_by_country.sql': `CREATE VIEW report.orders_by_country AS SELECT c.country, sum(o.total) AS total, sum(m.margin) AS margin
FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id JOIN report.margins m ON m.order_id = o.id GROUP BY c.country;`,
  'load/monthly.sql': `INSERT INTO mart.monthly (country, month, total, margin)
SELECT b.country, date_trunc('month', o.placed_at), b.total, b.margin FROM report.orders_by_country b CROSS JOIN shop.orders o;`,
};

const folder = mkdtempSync(join(tmpdir(), 'rowmill-picture-'));
const server = await startEmbedded();
try {
  await read(join(folder, 'shop'), server.url);
  await picture(server.url);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function read(root, url) {
  for (const [name, text] of Object.entries(SHOP)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  await runLineage({ paths: [root], dialect: 'postgres', cache: null, sink: new PostgresSink({ url }) });
}

async function picture(url) {
  const graph = new Graph(await PostgresReader.open(url));
  const view = await startView({ queries: graph, port: 0 });
  const browser = await browsers.launch({ executablePath: await chromium.executablePath(), args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const [start] = await graph.named('report.orders_by_country');
    await page.goto(`${view.url}#${start?.id}`);
    await page.locator('#panel h2').getByText('report.orders_by_country').waitFor();
    await page.locator('#expand').click();
    await page.locator('#shown').getByText('mart.monthly.margin').click();
    await page.locator('#panel h2').getByText('mart.monthly.margin').waitFor();
    await page.waitForTimeout(500);
    await page.screenshot({ path: OUT });
  } finally {
    await browser.close();
    await view.close();
    await graph.close();
  }
}
