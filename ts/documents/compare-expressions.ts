import { compareExpressions, type ExpressionDifference, type ManyDocuments, type MapDocument } from '../addon.js';
import { readContractText } from './contract-file.js';
import { listSource } from './file-source.js';

/** Documents that a contract's expressions are tried on. */
export interface CompareExpressionsOptions {
  /** Contract file. */
  contract: string;
  /** Files, folders and globs. */
  source: readonly string[];
  /** How each file holds many documents. Default: it holds one. */
  many?: ManyDocuments | null;
  /** Shows what both gave. Values are personal. Default: false. */
  revealValues?: boolean;
}

/** The expressions of a contract that the dialect of old and the strict one read differently, by documents: how often, and where first. */
export async function compareExpressionsOn({ contract, source, many, revealValues }: CompareExpressionsOptions): Promise<ExpressionDifference[]> {
  const named: MapDocument[] = [];
  for await (const page of listSource(source, many ?? null)) {
    for (const { path, member, range } of page)
      named.push({ name: member ?? path, path, ...(member ? { member } : {}), ...(range ? { range } : {}) });
  }
  return compareExpressions(await readContractText(contract), named, revealValues ?? false);
}
