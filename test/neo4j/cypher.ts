import neo4j from 'neo4j-driver';
import type { Neo4jPlace } from '#ts/neo4j/index.js';

/** Runs a statement in a session of its own and answers the rows. */
export async function cypher<Row = Record<string, unknown>>(place: Neo4jPlace, text: string, values: Record<string, unknown> = {}): Promise<Row[]> {
  const driver = neo4j.driver(place.uri, neo4j.auth.basic(place.username, place.password), { disableLosslessIntegers: true });
  try {
    const { records } = await driver.executeQuery(text, values, { database: place.database ?? 'neo4j' });
    return records.map((record) => record.toObject() as Row);
  } finally {
    await driver.close();
  }
}
