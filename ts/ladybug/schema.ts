import { EDGE_TYPES } from '../graph/model.js';
import { inLadybug, type LadybugPool, plainName, quotedName } from './connect.js';

const DOING = 'making the tables of the lineage graph';

/** `told` is what files say of a node, and how many of them; a node without a kind is an end of an edge that no file tells of. */
const NODE_TABLES = [
  'CREATE NODE TABLE IF NOT EXISTS Entity(id STRING PRIMARY KEY, kind STRING, name STRING, lower_name STRING, properties STRING, told STRING[])',
  `CREATE NODE TABLE IF NOT EXISTS SourceFile(name STRING PRIMARY KEY, sha256 STRING, digest STRING, nodes INT64, edges INT64, facts STRING,
    first_run STRING, last_run STRING, processed_at STRING)`,
  'CREATE NODE TABLE IF NOT EXISTS EdgeReview(key STRING PRIMARY KEY, status STRING, notes STRING, reviewed_at STRING)',
];

const EDGE_COLUMNS = 'source STRING, confidence DOUBLE, status STRING, reviewed_at STRING, reviewer_notes STRING, properties STRING, told STRING[]';

/** Makes the tables that are missing. */
export async function makeTables(pool: LadybugPool): Promise<void> {
  await inLadybug(pool, DOING, async (transaction) => {
    for (const statement of NODE_TABLES) await transaction.rows(statement);
  });
  await makeEdgeTables(pool, EDGE_TYPES);
}

/** Makes tables of edges that are missing: there is one for each type. */
export async function makeEdgeTables(pool: LadybugPool, types: Iterable<string>): Promise<void> {
  await inLadybug(pool, DOING, async (transaction) => {
    const tables = await transaction.rows<{ name: string }>('CALL show_tables() RETURN name');
    const held = new Set(tables.map(({ name }) => plainName(name)));
    for (const type of new Set(types)) {
      if (!held.has(type)) await transaction.rows(`CREATE REL TABLE ${quotedName(type)}(FROM Entity TO Entity, ${EDGE_COLUMNS})`);
    }
  });
}
