import { EDGE_TYPES } from '../graph/model.js';
import { inLadybug, type LadybugPool, type LadybugTransaction, plainName, quotedName } from './connect.js';

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
    await makeEdgeTables(transaction, EDGE_TYPES);
  });
}

const OURS: ReadonlySet<string> = new Set(EDGE_TYPES);

/** Makes tables of edges that {@link makeTables} did not: types of somebody's own. */
export async function makeOtherEdgeTables(pool: LadybugPool, types: Iterable<string>): Promise<void> {
  const others = [...types].filter((type) => !OURS.has(type));
  if (others.length > 0) await inLadybug(pool, DOING, (transaction) => makeEdgeTables(transaction, others));
}

/** There is a table for each type. */
async function makeEdgeTables(transaction: LadybugTransaction, types: readonly string[]): Promise<void> {
  const held = await edgeTables(transaction);
  for (const type of new Set(types)) {
    if (!held.has(type)) await transaction.rows(`CREATE REL TABLE ${quotedName(type)}(FROM Entity TO Entity, ${EDGE_COLUMNS})`);
  }
}

/** The types of edges that there are tables of. */
export async function edgeTables(transaction: LadybugTransaction): Promise<ReadonlySet<string>> {
  const tables = await transaction.rows<{ name: string; type: string }>('CALL show_tables() RETURN name, type');
  return new Set(tables.filter(({ type }) => type === 'REL').map(({ name }) => plainName(name)));
}
