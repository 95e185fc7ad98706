// Small CSV files. Whole numbers are BigInt throughout: an order id and a nanosecond do not fit a number, and one that was rounded on the way
// finds nothing. A gap is null, and never turns a column into something else.

import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** @returns {Record<string, bigint | number | string | null>[]} */
export function readTable(path) {
  return parse(readFileSync(path), { columns: true, cast: (text, { header }) => (header ? text : valueIn(text)) });
}

function valueIn(text) {
  if (text === '') return null;
  if (/^-?[0-9]+$/.test(text)) return BigInt(text);
  return /^-?[0-9]*\.?[0-9]+(e[+-]?[0-9]+)?$/i.test(text) ? Number(text) : text;
}

export function writeTable(path, rows) {
  const names = Object.keys(rows[0] ?? {});
  const field = (value) => (value === null || value === undefined ? '' : String(value));
  writeFileSync(path, [names, ...rows.map((row) => names.map((name) => field(row[name])))].map((fields) => `${fields.join(',')}\n`).join(''));
}
