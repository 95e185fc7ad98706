import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpool, type TableDescription } from '../addon.js';
import { copyOut, type ReadColumn, withConnection } from '../postgres/index.js';

/** Runs `work` with a folder that is removed afterwards. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'rowmill-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The columns that tell something: written, and not made up by the sink. */
export function carriedColumns(table: TableDescription): ReadColumn[] {
  return table.columns
    .filter((column) => column.written && !column.generated)
    .map(({ name, ddl }) => ({ name, type: ddl.startsWith('varchar') ? 'varchar' : ddl }));
}

/**
 * Copies rows of the database to a Parquet file, so that result sets are compared in one place whatever they came from.
 *
 * @param from FROM clause with its condition
 * @returns number of rows
 */
export async function spoolRows(url: string, from: string, pipeline: string, table: TableDescription, path: string): Promise<number> {
  const columns = carriedColumns(table);
  const spool = await openSpool({ pipeline, table: table.name, path, columns });
  try {
    await withConnection(url, async (connection) => {
      for await (const buffer of copyOut(connection, columns, from)) await spool.write(buffer);
    });
    return (await spool.finish()).rows;
  } finally {
    await spool.close();
  }
}
