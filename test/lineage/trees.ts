import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PostgresSink } from '#ts/graph/postgres-sink.js';
import { type LineageOptions, type LineageReport, runLineage } from '#ts/lineage/index.js';
import { sql } from '../postgres/support.js';

/** A small tree of three folders, in PostgreSQL's dialect. */
export const SHOP: Readonly<Record<string, string>> = {
  'ddl/orders.sql': 'CREATE TABLE sales.orders (id int, total numeric, customer int);\nCREATE TABLE sales.customers (id int, name text);',
  'views/large.sql': 'CREATE VIEW sales.large AS SELECT * FROM sales.orders WHERE total > 1000;',
  'views/named.sql': 'CREATE VIEW sales.named AS SELECT l.id, l.total, c.name FROM sales.large l JOIN sales.customers c ON c.id = l.customer;',
  'load/fill.sql': 'INSERT INTO report.totals (customer, total) SELECT customer, sum(total) FROM sales.orders GROUP BY customer;',
};

/** Writes files below a folder. */
export function plant(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Runs lineage over a folder into a database, without a cache unless one is given. */
export function runOver(folder: string, url: string, options: Partial<LineageOptions> = {}): Promise<LineageReport> {
  return runLineage({ paths: [folder], dialect: 'postgres', cache: null, sink: new PostgresSink({ url }), ...options });
}

/** What a database's graph says, nodes by their names and edges by those of their ends. */
export async function graphOf(url: string): Promise<{ nodes: string[]; edges: string[] }> {
  const nodes = await sql<{ line: string }>(url, "SELECT kind || ' ' || name || ' ' || props::text AS line FROM rowmill.lineage_node ORDER BY id");
  const edges = await sql<{ line: string }>(
    url,
    `SELECT encode(src, 'hex') || ' ' || type || ' ' || encode(dst, 'hex') || ' ' || confidence || ' ' || status || ' ' || props::text AS line
     FROM rowmill.lineage_edge ORDER BY src, type, dst`,
  );
  return { nodes: nodes.map(({ line }) => line), edges: edges.map(({ line }) => line) };
}

/** Pairs of columns of which the first feeds the second, as `asset.column`, ascending. */
export async function flows(url: string): Promise<string[]> {
  const name = (alias: string): string =>
    `(SELECT a.name || '.' || ${alias}.name FROM rowmill.lineage_edge e JOIN rowmill.lineage_node a ON a.id = e.src WHERE e.dst = ${alias}.id AND e.type = 'CONTAINS')`;
  const rows = await sql<{ line: string }>(
    url,
    `SELECT ${name('s')} || ' -> ' || ${name('t')} AS line FROM rowmill.lineage_edge f JOIN rowmill.lineage_node s ON s.id = f.src
     JOIN rowmill.lineage_node t ON t.id = f.dst WHERE f.type = 'FLOWS_TO' ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}
