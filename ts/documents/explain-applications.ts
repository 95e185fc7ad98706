import type { ContractDescription } from '../addon.js';
import { countDocuments, readTable, serverTime, withConnection } from '../postgres/index.js';
import { loadContract } from './contract-file.js';
import { countListed } from './file-source.js';
import { type ApplicationsOptions, type FullOptions, fullOptions } from './options.js';
import { placesOf } from './places.js';
import { choiceOf, documentTable } from './sources.js';

/** What a run would do. */
export interface ApplicationsPlan {
  contract: ContractDescription;
  settings: FullOptions;
  schema: string;
  /** Documents that would be looked at; of a table, those that the log has not settled. */
  documents: number;
  /** Files, or the table. */
  source: string;
  /** Tables that are not there. */
  missingTables: string[];
}

/** Says what a run with these options would do; nothing is written. */
export async function explainApplications(options: ApplicationsOptions): Promise<ApplicationsPlan> {
  const full = fullOptions(options);
  const { description } = await loadContract(full.contract);
  const places = placesOf(description, full);
  const retry = full.retry ?? (description.compat.failedNeverRetried ? 'none' : 'failed');
  return withConnection(full.database, async (connection) => {
    const missingTables: string[] = [];
    for (const table of [...places.tables.map(({ target }) => target), places.log]) {
      if (!(await readTable(connection, table))) missingTables.push(table.name);
    }
    const hasLog = !missingTables.includes(places.log.name);
    const base = { contract: description, settings: { ...full, database: '', retry }, schema: places.schema, missingTables };
    if (!full.source.includes('table')) return { ...base, documents: await countListed(full.source, full.many), source: full.source.join(', ') };
    const table = await documentTable(connection, { description, places });
    const choice = choiceOf({ options: full, places, retry, since: await serverTime(connection) });
    const source = `${table.table.schema}.${table.table.name}.${table.column}`;
    return { ...base, documents: await countDocuments(connection, table, { ...choice, log: hasLog ? choice.log : null }), source };
  });
}
