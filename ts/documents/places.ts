import { type ContractDescription, contractDdl } from '../addon.js';
import { type Connection, checkDocumentTables, createDocumentTables, type StagedTable, stagedTables, type TableName } from '../postgres/index.js';
import type { LoadedContract } from './contract-file.js';
import type { FullOptions } from './options.js';

/** Where the tables of a contract lie. */
export interface Places {
  schema: string;
  tables: StagedTable[];
  log: TableName;
  /** The list that documents of files are claimed in. */
  claims: TableName;
}

/** Schema, tables and log of a contract. */
export function placesOf(description: ContractDescription, options: Pick<FullOptions, 'schema'>): Places {
  const schema = options.schema ?? description.schema ?? 'public';
  const log = { schema, name: description.log };
  return { schema, tables: stagedTables(description.tables, schema), log, claims: { schema, name: `${description.log}_claims` } };
}

/** Makes missing tables where that was asked for, and checks that all are as the contract needs them. */
export async function prepareTables(connection: Connection, options: FullOptions, contract: LoadedContract, places: Places): Promise<void> {
  const { log, claims, tables, schema } = places;
  if (options.createTables) await createDocumentTables(connection, { tables, log, claims }, () => contractDdl(contract.text, schema));
  const needsClaims = options.claims && !options.source.includes('table');
  await checkDocumentTables(connection, tables, log, needsClaims ? claims : null);
}
