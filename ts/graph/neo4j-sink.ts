import {
  addToNeo4j,
  clearNeo4j,
  closeNeo4j,
  describeNeo4j,
  filesInNeo4j,
  finishInNeo4j,
  makeSchema,
  type Neo4jPlace,
  type Neo4jPool,
  openNeo4j,
  removeFromNeo4j,
  replaceInNeo4j,
  statsIn,
} from '../neo4j/index.js';
import { PooledSink, type PooledSinkOptions } from './pooled-sink.js';

export type { Neo4jPlace };

/** In batches of 500 where nothing else is said. */
export interface Neo4jSinkOptions extends Neo4jPlace, PooledSinkOptions {}

/** The graph in a database of Neo4j, one node for each node and one relationship for each edge. Writers wait for each other. */
export class Neo4jSink extends PooledSink<Neo4jPool> {
  constructor(options: Neo4jSinkOptions) {
    const store = {
      name: 'neo4j',
      database: describeNeo4j(options),
      batchSize: 500,
      open: () => openNeo4j(options),
      close: closeNeo4j,
      prepare: makeSchema,
      known: filesInNeo4j,
      replace: replaceInNeo4j,
      add: addToNeo4j,
      finish: finishInNeo4j,
      remove: removeFromNeo4j,
      stats: statsIn,
      clear: clearNeo4j,
    };
    super(store, options);
  }
}
