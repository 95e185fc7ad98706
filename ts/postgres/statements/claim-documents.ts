import { arrayText } from '../array-text.js';
import { ask, type Connection, change } from '../connect.js';
import { qualified, quoted, shown, type TableName } from '../names.js';

/** A table of documents. */
export interface DocumentTable {
  table: TableName;
  /** Column with the id of a document, a whole number. */
  key: string;
  /** Column with the document: text, xml or bytea. */
  column: string;
  /** Its type as the catalog spells it; what is neither text nor bytea is read as text. */
  type: string;
  /** A table that must have the id, too. */
  join: { table: TableName; key: string } | null;
}

/** Which documents of a table are wanted. */
export interface DocumentChoice {
  /** Null where there is no log yet. */
  log: TableName | null;
  /** Ids from and to, both inclusive; null for no bound. Left out of account where there are shards. */
  firstId: number | null;
  lastId: number | null;
  /** Of documents whose id leaves the rest `shard` when divided by `shards`; null for all. */
  shards: { shards: number; shard: number } | null;
  /** Whether documents that failed before are wanted, and how often they may have failed. */
  retry: { attempts: number } | null;
  /** The server's time when the run began: what failed since then is left alone. */
  since: string;
}

/** A document of a page. */
export interface PageRow {
  key: string;
  /** Whether this session holds it now. */
  claimed: boolean;
  /** Length of the document; null where it is null or not claimed. */
  bytes: number | null;
}

/**
 * The next documents by id, locked until the session's transaction ends. A document that another session has locked is named, and not waited for.
 *
 * @param after id to go on after, as text; null for the beginning
 * @param lock whether to lock at all: a user who may only read the table cannot
 */
export async function claimPage(
  connection: Connection,
  request: { source: DocumentTable; choice: DocumentChoice; after: string | null; count: number; lock: boolean },
): Promise<PageRow[]> {
  const { source, after, count, lock } = request;
  const values: unknown[] = [];
  const page = `SELECT s.${quoted(source.key)} AS key ${pageSource(request.source, request.choice, after, values)} ORDER BY 1 LIMIT $${values.push(count)}`;
  return ask<PageRow>(connection, `reading ids of ${shown(source.table)}`, claimStatement(source, page, lock), values);
}

/** Locks certain documents, as {@link claimPage} does. */
export async function claimKeys(connection: Connection, source: DocumentTable, keys: readonly string[], lock: boolean): Promise<PageRow[]> {
  return ask<PageRow>(connection, `reading ids of ${shown(source.table)}`, claimStatement(source, 'SELECT unnest($1::bigint[]) AS key', lock), [
    arrayText(keys),
  ]);
}

/** The page is fixed before anything is locked: so it is known which of its documents another session has. */
function claimStatement({ table, key, column, type }: DocumentTable, page: string, lock: boolean): string {
  return `WITH page AS MATERIALIZED (${page}), mine AS MATERIALIZED (
      SELECT s.${quoted(key)} AS key, octet_length(s.${quoted(column)}${type === 'text' || type === 'bytea' ? '' : '::text'}) AS bytes FROM ${qualified(table)} s
      WHERE s.${quoted(key)} IN (SELECT key FROM page)${lock ? ' FOR UPDATE SKIP LOCKED' : ''}
    ) SELECT page.key::text AS key, mine.key IS NOT NULL AS claimed, mine.bytes FROM page LEFT JOIN mine USING (key) ORDER BY page.key`;
}

/** FROM and WHERE of the documents that are wanted. */
function pageSource(source: DocumentTable, choice: DocumentChoice, after: string | null, values: unknown[]): string {
  const key = `s.${quoted(source.key)}`;
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const parts = [`s.${quoted(source.column)} IS NOT NULL`];
  if (after !== null) parts.push(`${key} > ${bound(after)}::bigint`);
  if (choice.shards) parts.push(`mod(${key}, ${bound(choice.shards.shards)}::bigint) = ${bound(choice.shards.shard)}::bigint`);
  else {
    if (choice.firstId !== null) parts.push(`${key} >= ${bound(choice.firstId)}::bigint`);
    if (choice.lastId !== null) parts.push(`${key} <= ${bound(choice.lastId)}::bigint`);
  }
  const join = source.join ? `JOIN ${qualified(source.join.table)} j ON j.${quoted(source.join.key)} = ${key}` : '';
  if (!choice.log) return `FROM ${qualified(source.table)} s ${join} WHERE ${parts.join(' AND ')}`;
  const settled = choice.retry
    ? `l.status = 'success' OR l.attempts >= ${bound(choice.retry.attempts)}::integer OR l.processing_time >= ${bound(choice.since)}::timestamptz`
    : 'true';
  parts.push(`NOT EXISTS (SELECT FROM ${qualified(choice.log)} l WHERE l.app_id = ${key} AND (${settled}))`);
  return `FROM ${qualified(source.table)} s ${join} WHERE ${parts.join(' AND ')}`;
}

/** How many documents of a table are wanted. */
export async function countDocuments(connection: Connection, source: DocumentTable, choice: DocumentChoice): Promise<number> {
  const values: unknown[] = [];
  const from = pageSource(source, choice, null, values);
  const rows = await ask<{ count: string }>(connection, `counting documents of ${shown(source.table)}`, `SELECT count(*) AS count ${from}`, values);
  return Number(rows[0]?.count ?? 0);
}

/** Makes the list that documents of files are claimed in: a row can be locked, a file cannot. */
export async function createClaims(connection: Connection, claims: TableName): Promise<void> {
  await change(connection, `creating ${shown(claims)}`, `CREATE TABLE IF NOT EXISTS ${qualified(claims)} (source text PRIMARY KEY)`);
}

/** Puts documents of files on the list; those that are there already stay. */
export async function enlist(connection: Connection, claims: TableName, sources: readonly string[]): Promise<void> {
  const text = `INSERT INTO ${qualified(claims)} (source) SELECT DISTINCT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING`;
  await change(connection, `writing to ${shown(claims)}`, text, [arrayText(sources)]);
}

/** Locks documents of the list until the transaction ends. What is not on the list any more is done; what another session has is not waited for. */
export async function claimSources(
  connection: Connection,
  claims: TableName,
  sources: readonly string[],
): Promise<{ mine: string[]; listed: string[] }> {
  const rows = await ask<{ source: string; mine: boolean }>(
    connection,
    `claiming documents in ${shown(claims)}`,
    `WITH page AS MATERIALIZED (SELECT source FROM ${qualified(claims)} WHERE source = ANY($1)),
       mine AS MATERIALIZED (SELECT source FROM ${qualified(claims)} WHERE source = ANY($1) FOR UPDATE SKIP LOCKED)
     SELECT source, mine.source IS NOT NULL AS mine FROM page LEFT JOIN mine USING (source)`,
    [arrayText(sources)],
  );
  return { mine: rows.filter(({ mine }) => mine).map(({ source }) => source), listed: rows.map(({ source }) => source) };
}

/** Takes documents off the list; together with what became of them, in one transaction. */
export async function delist(connection: Connection, claims: TableName, sources: readonly string[]): Promise<void> {
  await change(connection, `writing to ${shown(claims)}`, `DELETE FROM ${qualified(claims)} WHERE source = ANY($1)`, [arrayText(sources)]);
}
