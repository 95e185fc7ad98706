/** Made-up order logs, as text: numbers stay digits here, because many of them are beyond what a JavaScript number can hold. */

import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { seeded } from '../chaos/seeded.js';

/** The columns of an order log, in their order. */
export const COLUMNS = [
  'order_id exchange timestamp security_code price side changereason orderstatus quantity leavesquantity ordertype exchangeordertype',
  'national_bid national_offer bid offer participantid preferenceonly midtick singlefillminimumquantity minimumquantity sequence crossingkey',
  'totalmatchedquantity shortsellquantity triggercondition timevaliditydecoded row_num timevalidity',
].flatMap((names) => names.split(' '));

/** A row by column name; what is missing is empty. */
export type OrderRow = Record<string, string>;

/** 2024-09-05T00:00:00Z, which is ten in the morning in Sydney. */
export const MORNING = 1_725_494_400_000_000_000n;
const HOUR = 3_600_000_000_000n;
const NO_QUOTE = '-9223372036854775808';

/** Rows around two days of trading: three securities, four participants, quantities that fall into every size, quotes that are missing. */
export function orderRows(count: number, seed = 1): OrderRow[] {
  const random = seeded(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, (_, at) => {
    const time = MORNING - 2n * HOUR + BigInt(Math.floor(random() * 30 * 3600)) * 1_000_000_000n + BigInt(Math.floor(random() * 1e9));
    const price = 3000 + Math.floor(random() * 1000);
    return {
      order_id: String(7_904_794_000_000_000_001n + BigInt(at)),
      exchange: '1',
      timestamp: String(time),
      security_code: pick(['110621', '110622', '85603']),
      price: String(price),
      side: pick(['1', '2']),
      changereason: pick(['3', '5', '6']),
      orderstatus: '1',
      quantity: pick(['', '0', '1', '1000', '1001', '5000', '10000', '50000', '50001', String(Math.floor(random() * 20_000))]),
      leavesquantity: '5',
      exchangeordertype: pick(['0', '64', '256', '2048', '4096', '4098']),
      national_bid: pick([NO_QUOTE, String(price - 10)]),
      national_offer: String(price + 10),
      participantid: pick(['69', '69', '70', '71', '']),
      sequence: String(at),
      timevaliditydecoded: pick(['Current Max', 'Negative indicator, "Purged"', 'Days']),
      row_num: String(at),
      timevalidity: '1309',
    };
  });
}

/** The rows as CSV with a header line; quotes where a text needs them. */
export function csvOf(rows: readonly OrderRow[], { columns = COLUMNS, end = '\n' } = {}): string {
  const field = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns.join(','), ...rows.map((row) => columns.map((name) => field(row[name] ?? '')).join(','))].map((line) => `${line}${end}`).join('');
}

/** Writes CSV, compressed where the name says so. */
export function writeCsv(path: string, rows: readonly OrderRow[]): string {
  const text = csvOf(rows);
  writeFileSync(path, path.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

/** Writes the rows of a CSV file as Parquet, numbers as 64-bit integers. */
export async function writeParquet(path: string, csv: string): Promise<string> {
  const types = COLUMNS.map((name) => `'${name}': '${name === 'timevaliditydecoded' ? 'VARCHAR' : 'BIGINT'}'`).join(', ');
  await duckdb(`COPY (FROM read_csv('${csv}', header = true, columns = {${types}})) TO '${path}' (FORMAT parquet)`);
  return path;
}

/** Runs one statement in a DuckDB of its own and answers the rows, every value as text. */
export async function duckdb(statement: string): Promise<Record<string, string | null>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(statement)).getRowObjectsJson();
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
