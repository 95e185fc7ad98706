import { closeNeo4j, type MigrationOptions, type MigrationReport, migrateNeo4j, type Neo4jPlace, openNeo4j } from '../neo4j/index.js';

export type { MigrationOptions, MigrationReport };

/**
 * Brings an older graph of Neo4j up to what {@link Neo4jSink} keeps: edges say where they come from, ids have separators, and one thing is one node.
 * Doing it twice changes nothing.
 *
 * @throws RowmillError where the server is away or refuses the login
 */
export async function migrateGraph(place: Neo4jPlace, options: MigrationOptions = {}): Promise<MigrationReport> {
  const pool = await openNeo4j(place);
  try {
    return await migrateNeo4j(pool, options);
  } finally {
    await closeNeo4j(pool);
  }
}
