/** The only room that knows Ladybug and its language. */

export { closeLadybug, type LadybugMode, type LadybugPool, openLadybug } from './connect.js';
export { allEdgesIn, allNodesIn, byIdsIn, columnsIn, edgesAtIn, edgesIn, hopsIn, inScopeIn, namedIn, nodesIn, searchIn } from './read.js';
export { reviewIn } from './review.js';
export { makeTables } from './schema.js';
export { statsIn } from './stats.js';
export {
  addToLadybug,
  clearLadybug,
  filesInLadybug,
  finishInLadybug,
  removeFromLadybug,
  replaceInLadybug,
} from './write.js';
