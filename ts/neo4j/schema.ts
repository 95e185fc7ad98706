import { inNeo4j, type Neo4jPool, rowsOf } from './connect.js';

/** What makes ids unique and questions quick. `name_start` is the beginning of the name, in lower case. */
const STATEMENTS = [
  'CREATE CONSTRAINT rowmill_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE',
  'CREATE CONSTRAINT rowmill_file_name IF NOT EXISTS FOR (f:SourceFile) REQUIRE f.name IS UNIQUE',
  'CREATE CONSTRAINT rowmill_review_key IF NOT EXISTS FOR (r:EdgeReview) REQUIRE r.key IS UNIQUE',
  'CREATE CONSTRAINT rowmill_lock_name IF NOT EXISTS FOR (l:GraphLock) REQUIRE l.name IS UNIQUE',
  'CREATE INDEX rowmill_entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name_start)',
  'CREATE INDEX rowmill_entity_kind IF NOT EXISTS FOR (n:Entity) ON (n.kind)',
  'CREATE INDEX rowmill_entity_project IF NOT EXISTS FOR (n:Entity) ON (n.project_id)',
];

/** Makes constraints and indexes that are missing. */
export async function makeSchema(pool: Neo4jPool): Promise<void> {
  const doing = 'making the constraints and indexes of the lineage graph';
  for (const statement of STATEMENTS) await inNeo4j(pool, doing, (transaction) => rowsOf(transaction, statement));
  await inNeo4j(pool, doing, (transaction) => rowsOf(transaction, 'CALL db.awaitIndexes(300)'));
}

/**
 * Lets one writer after the other change the graph, until its transaction ends: what files say of one node is added up, and no addend may be lost.
 */
export async function lockGraph(transaction: Parameters<typeof rowsOf>[0]): Promise<void> {
  await rowsOf(transaction, "MERGE (l:GraphLock {name: 'write'}) SET l.taken = timestamp()");
}
