import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContractDescription, generateApplications } from '#ts/addon.js';
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

/** Made-up documents in a folder of their own, and what is known of them. */
export async function make(folder: string, spec: Record<string, unknown>): Promise<{ documents: string; items: MadeDocument[] }> {
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
