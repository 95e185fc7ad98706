import type { OperandFiles } from '../addon.js';

/** Files to read: one, several that follow one another, or with what is to be said about their columns. */
export type Files = string | readonly string[] | DescribedFiles;

/** Files, and how to read their columns. */
export interface DescribedFiles {
  /** `.csv`, `.csv.gz` or `.parquet`; several are read in this order, with the columns of the first. */
  paths: string | readonly string[];
  /**
   * How columns of a text file are read. Where nothing is said, columns that an operator compares or calculates with are 64-bit integers, and all
   * others are texts that stay as they are. A Parquet file says its types itself.
   */
  types?: Record<string, 'text' | 'integer' | 'double'>;
  /** Columns to make: the date that clocks in a zone show at the instants of another column (nanoseconds of UTC, or timestamps). */
  derive?: { name: string; column: string; zone: string }[];
}

/** A column, or several of them. */
export type Columns = string | readonly string[];

/** Files as they cross to the addon. */
export function operand(files: Files): OperandFiles {
  if (typeof files === 'string') return { paths: [files] };
  if (!('paths' in files)) return { paths: [...files] };
  const { paths, types, derive } = files;
  return { paths: list(paths), ...(types ? { types } : {}), ...(derive ? { derive } : {}) };
}

export function list(columns: Columns): string[] {
  return typeof columns === 'string' ? [columns] : [...columns];
}
