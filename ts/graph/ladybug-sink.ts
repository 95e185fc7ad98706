import {
  addToLadybug,
  clearLadybug,
  closeLadybug,
  filesInLadybug,
  finishInLadybug,
  type LadybugPool,
  makeTables,
  openLadybug,
  removeFromLadybug,
  replaceInLadybug,
  statsIn,
} from '../ladybug/index.js';
import { PooledSink, type PooledSinkOptions } from './pooled-sink.js';

/** In batches of 1000 where nothing else is said. */
export interface LadybugSinkOptions extends PooledSinkOptions {
  /** File of the graph; it is made where it is missing. */
  file: string;
}

/** The graph in one file, kept by an engine in this process: no server. Writers of one process take turns; another process has to wait until they end. */
export class LadybugSink extends PooledSink<LadybugPool> {
  constructor({ file, ...options }: LadybugSinkOptions) {
    const store = {
      name: 'ladybug',
      database: file,
      batchSize: 1000,
      open: () => openLadybug(file, 'write'),
      close: closeLadybug,
      prepare: makeTables,
      known: filesInLadybug,
      replace: replaceInLadybug,
      add: addToLadybug,
      finish: finishInLadybug,
      remove: removeFromLadybug,
      stats: statsIn,
      clear: clearLadybug,
    };
    super(store, options);
  }
}
