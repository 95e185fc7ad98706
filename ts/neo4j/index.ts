/** The only room that knows Neo4j's driver and language. */

export { closeNeo4j, describeNeo4j, type Neo4jPlace, type Neo4jPool, openNeo4j } from './connect.js';
export { type MigrationOptions, type MigrationReport, migrateNeo4j } from './migrate.js';
export { allEdgesIn, allNodesIn, byIdsIn, columnsIn, edgesAtIn, edgesIn, type Hop, hopsIn, inScopeIn, namedIn, nodesIn, searchIn } from './read.js';
export { reviewIn } from './review.js';
export { makeSchema } from './schema.js';
export { statsIn } from './stats.js';
export {
  addToNeo4j,
  clearNeo4j,
  filesInNeo4j,
  finishInNeo4j,
  removeFromNeo4j,
  replaceInNeo4j,
} from './write.js';
