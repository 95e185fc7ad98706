import { join } from 'node:path';
import { type Comparison, compare, describe, type TableDescription } from '../addon.js';
import { RowmillError } from '../errors.js';
import { parseTableName, tableSource } from '../postgres/index.js';
import { knowledgeOf, tableNamed } from './context.js';
import { spoolRows, withTemporaryFolder } from './result-set.js';
import type { CompareOptions } from './types.js';

/** Samples of differing rows kept where nothing else is said. */
export const SAMPLES = 20;

/**
 * Compares two result sets of a pipeline, row by row.
 *
 * @throws RowmillError `PLAN_INVALID` where a side is a table and no `url` is given, or the pipeline has several tables and none is named; `INPUT_` codes for files; `SINK_` codes for tables
 */
export async function compareSets({ left, right, url, pipeline, table: name, tolerance, samples = SAMPLES }: CompareOptions): Promise<Comparison> {
  const table = tableNamed(pipeline, knowledgeOf(pipeline, describe()).tables, name);
  return withTemporaryFolder(async (folder) =>
    compare({
      left: await asParquet(left, url, pipeline, table, join(folder, 'left.parquet')),
      right: await asParquet(right, url, pipeline, table, join(folder, 'right.parquet')),
      pipeline,
      table: table.name,
      tolerance,
      samples,
    }),
  );
}

/** Whether a side names a file rather than a table. */
export function isFile(side: string): boolean {
  return side.endsWith('.parquet') || side.includes('/');
}

async function asParquet(side: string, url: string | undefined, pipeline: string, table: TableDescription, path: string): Promise<string> {
  if (isFile(side)) return side;
  if (!url) {
    throw new RowmillError({
      code: 'PLAN_INVALID',
      message: `${side} is read as a table, and no database is given`,
      help: 'Add --database URL, or name a file that ends in .parquet.',
      retryable: false,
      place: { value: side },
    });
  }
  await spoolRows(url, tableSource(parseTableName(side, 'public')), pipeline, table, path);
  return path;
}
