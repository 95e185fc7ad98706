import { closeNeo4j, inNeo4j, type Neo4jPlace, openNeo4j, rowsOf } from '#ts/neo4j/connect.js';

/** Runs a statement in a session of its own and answers the rows. */
export async function cypher<Row extends object = Record<string, unknown>>(
  place: Neo4jPlace,
  text: string,
  values: Record<string, unknown> = {},
): Promise<Row[]> {
  const pool = await openNeo4j(place);
  try {
    return await inNeo4j(pool, 'testing', (transaction) => rowsOf<Row>(transaction, text, values));
  } finally {
    await closeNeo4j(pool);
  }
}
