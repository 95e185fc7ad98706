import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from '../postgres/support.js';

/** A small contract: loans of a library that does not exist. */
export const CONTRACT = fileURLToPath(new URL('../../../crates/pipelines/applications/tests/fixtures/small.json', import.meta.url));

/** What a made-up document may say other than usual. */
export interface Loan {
  /** Id in the document. */
  says?: number;
  person?: number;
  first?: string;
  score?: string;
  root?: string;
}

/** A document of the contract; the people in it are made up. */
export function loan(id: number, { says = id, person = id * 2, first = 'Ada', score = '700', root = 'Library' }: Loan = {}): string {
  return `<?xml version="1.0"?>
<${root}><Request ID="${says}" Status="OPEN"><Data><loan received="2024-03-04" renewed="Y"><terms fee="12.50" months="3" years="2" desk="front"/>
<person person_id="${person}" role="MAIN" first_name="${first}" last_name="Mock${id}" born="1990-01-02"><address kind="CURR" rent="100.00" city="Nowhere" zip="02134" phone="555-0101"/></person>
<items title1="Book ${id}" worth1="10.00" notes="x"/><scores first="${score}" second="650"/></loan></Data></Request>
<Reports><report kind="a">${'padding '.repeat(20)}</report></Reports></${root}>`;
}

/** Rows that a usual document becomes. */
export const ROWS_PER_LOAN = 7;

/** Writes documents into files `<id>.xml` of a folder. */
export function writeLoans(folder: string, loans: ReadonlyMap<number, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [id, text] of loans) writeFileSync(`${folder}/${String(id).padStart(6, '0')}.xml`, text);
}

/** Usual documents with these ids. */
export function usual(from: number, to: number): Map<number, string> {
  return new Map(Array.from({ length: to - from + 1 }, (_, at) => [from + at, loan(from + at)]));
}

/** Puts documents into the table that the contract names. */
export async function fillTable(url: string, loans: ReadonlyMap<number, string | null>, type = 'text'): Promise<void> {
  await sql(url, `CREATE SCHEMA IF NOT EXISTS library; CREATE TABLE IF NOT EXISTS library.loan_xml (loan_id int PRIMARY KEY, document ${type})`);
  const value = type === 'bytea' ? "convert_to(d, 'UTF8')" : `d::${type}`;
  await sql(url, `INSERT INTO library.loan_xml SELECT i, ${value} FROM unnest($1::int[], $2::text[]) AS given(i, d)`, [
    [...loans.keys()],
    [...loans.values()],
  ]);
}

const TABLES = ['loan', 'person', 'address', 'item', 'score', 'history'];

/** The rows of all tables as texts, sorted. */
export async function contents(url: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES) {
    found[table] = (await sql<{ row: string }>(url, `SELECT t::text AS row FROM library.${table} t ORDER BY 1`)).map(({ row }) => row);
  }
  return found;
}

/** Ids of the loans that are in the tables. */
export async function loaded(url: string): Promise<number[]> {
  return (await sql<{ id: number }>(url, 'SELECT loan_id AS id FROM library.loan ORDER BY 1')).map(({ id }) => id);
}

/** A line of the log. */
export interface Line {
  app_id: string | null;
  status: string;
  failure_reason: string | null;
  attempts: number;
}

/** The log in the order of ids. */
export function log(url: string, where = 'true'): Promise<Line[]> {
  return sql<Line>(url, `SELECT app_id, status, failure_reason, attempts FROM library.processing_log WHERE ${where} ORDER BY app_id, log_id`);
}
