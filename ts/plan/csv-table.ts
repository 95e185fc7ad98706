import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { RowmillError } from '../errors.js';

/** A row by column name. */
export type CsvRow = Record<string, string>;

/**
 * Reads a small table with a header line. A field that is empty is an empty text, quoted or not: the form has no NULL. A file that does
 * not exist has no rows.
 *
 * @throws RowmillError `PLAN_INVALID` where it cannot be read, does not parse, or lacks one of `columns`
 */
export async function readCsv(path: string, columns: readonly string[]): Promise<CsvRow[]> {
  const text = await readText(path);
  if (text === null) return [];
  let header: string[] = [];
  let rows: CsvRow[];
  try {
    rows = parse(text, {
      bom: true,
      skip_empty_lines: true,
      columns: (names: string[]) => {
        header = names;
        return names;
      },
    });
  } catch (error) {
    throw invalid(path, (error as Error).message, error);
  }
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) throw invalid(path, `the columns ${missing.join(', ')} are missing`);
  return rows;
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw invalid(path, (error as Error).message, error);
  }
}

function invalid(file: string, message: string, cause?: unknown): RowmillError {
  const help = 'The file needs a header line and comma-separated fields, with quotes around a field that has a comma in it.';
  return new RowmillError(
    { code: 'PLAN_INVALID', message: `the table cannot be read: ${message}`, help, retryable: false, place: { file } },
    { cause },
  );
}
