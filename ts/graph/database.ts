import { resolve } from 'node:path';
import { startEmbedded } from '../postgres/index.js';

/** Where a graph in PostgreSQL is. */
export interface GraphDatabase {
  /** A server's URL; without one, a server of our own is started. */
  url?: string | undefined;
  /** Folder in which a server of our own keeps its data. */
  data: string;
  onNote?: (line: string) => void;
}

/**
 * Calls `work` with the URL of the database that holds the graph; a server of our own runs as long as that takes, and keeps its data.
 *
 * @throws RowmillError `SINK_EMBEDDED_FAILED`, and what `work` throws
 */
export async function withGraphDatabase<T>({ url, data, onNote }: GraphDatabase, work: (url: string) => Promise<T>): Promise<T> {
  if (url !== undefined) return work(url);
  onNote?.(`starting an embedded PostgreSQL with the data of ${data}`);
  const server = await startEmbedded({ directory: resolve(data), persistent: true });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}
