import { sql } from './support.js';

const TABLE = 'public.reporting_ocpusagelineitem_daily_summary';

/** A fingerprint of all rows without their random ids, with the number of rows. */
export async function contents(url: string): Promise<{ rows: number; digest: string | null }> {
  const [found] = await sql<{ rows: number; digest: string | null }>(
    url,
    `SELECT count(*)::int AS rows, md5(string_agg(line, E'\\n' ORDER BY line)) AS digest
     FROM (SELECT (to_jsonb(t) - 'uuid')::text AS line FROM ${TABLE} t) lines`,
  );
  return found ?? { rows: 0, digest: null };
}

export { TABLE as SUMMARY };
