import type { OperationReport } from '../../addon.js';
import { count } from './quantities.js';

/** Files that are named one by one. */
const SHOWN_FILES = 5;

/** What an operator has done, for people. */
export function renderOperation(report: OperationReport): string {
  const { rowsRead, rowsWritten, rowsWithoutKey, keysInSeveralPartitions, date, files } = report;
  const shown = files.slice(0, SHOWN_FILES).map(({ path, rows }) => `  ${path}  ${count(rows)} rows`);
  return [
    `${count(rowsRead)} rows read, ${count(rowsWritten)} written to ${count(files.length)} ${files.length === 1 ? 'file' : 'files'}`,
    ...(date === undefined ? [] : [`date ${date}`]),
    ...(rowsWithoutKey > 0 ? [`${count(rowsWithoutKey)} rows without a key`] : []),
    ...(keysInSeveralPartitions > 0 ? [`${count(keysInSeveralPartitions)} keys in several partitions, each with the first`] : []),
    ...shown,
    ...(files.length > SHOWN_FILES ? [`  and ${count(files.length - SHOWN_FILES)} more`] : []),
  ].join('\n');
}
