import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContractDescription, generateApplications } from '#ts/addon.js';
import { loadContract } from '#ts/documents/index.js';
import { sql } from '../postgres/support.js';

export type Product = 'card' | 'lending';

/** The example contract of a product line. */
export function exampleContract(product: Product): string {
  return fileURLToPath(new URL(`../../../examples/applications/${product}.contract.json`, import.meta.url));
}

/** A document that was made up. */
export interface MadeDocument {
  name: string;
  /** Number of its row, where documents lie in a table. */
  source: number;
  /** What it says itself. */
  id: number | null;
  bytes: number;
  fault?: string;
  /** Whether no contract can make rows of it. */
  fatal: boolean;
}

/** Made-up documents in files, and the folder that those lie in. */
export interface MadeDocuments {
  documents: string;
  items: MadeDocument[];
}

/** Makes documents up, in a folder of their own. */
export async function make(folder: string, spec: Record<string, unknown>): Promise<MadeDocuments> {
  const documents = join(folder, `made-${Object.values(spec).flat().join('-')}`);
  mkdirSync(documents, { recursive: true });
  const { items } = await generateApplications({ shape: 'staged', ...spec, out: documents });
  return { documents, items: items as MadeDocument[] };
}

/** The rows of all tables of a contract as texts, sorted. */
export async function rowsOf(url: string, schema: string, { tables }: Pick<ContractDescription, 'tables'>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    found[name] = (await sql<{ row: string }>(url, `SELECT t::text AS row FROM ${schema}.${name} t ORDER BY 1`)).map(({ row }) => row);
  }
  return found;
}

/** Documents that are put into a table at a time. */
const FILLED_AT_ONCE = 100;

/** Puts documents into the table that the example contract names, and their ids into the one it joins. */
export async function fillSource(product: Product, url: string, { documents, items }: MadeDocuments): Promise<void> {
  const { source, schema } = (await loadContract(exampleContract(product))).description;
  assert.ok(source?.join);
  const table = `${schema}.${source.table}`;
  await sql(
    url,
    `CREATE SCHEMA IF NOT EXISTS ${schema}; CREATE TABLE ${table} (${source.key} bigint PRIMARY KEY, "${source.column}" bytea);
     CREATE TABLE public."${source.join.table}" (${source.join.key} bigint PRIMARY KEY)`,
  );
  for (let at = 0; at < items.length; at += FILLED_AT_ONCE) {
    const some = items.slice(at, at + FILLED_AT_ONCE);
    const bytes = await Promise.all(some.map(({ name }) => readFile(`${documents}/${name}`)));
    await sql(url, `INSERT INTO ${table} SELECT * FROM unnest($1::bigint[], $2::bytea[])`, [some.map((item) => item.source), bytes]);
  }
  await sql(url, `INSERT INTO public."${source.join.table}" SELECT ${source.key} FROM ${table}`);
}
