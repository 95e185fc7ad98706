import type { Stats } from 'node:fs';
import { basename, relative, resolve, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { isEntered, type WalkOptions } from '../walk.js';

export interface FolderEvents {
  /** A file below the folder is there, changed, or gone. */
  onFile(path: string): void;
  onError(error: unknown): void;
}

/** What happens to the files of a folder that are read; folders below it only where asked. Ends with {@link close}. */
export class FolderWatch {
  readonly #watcher: FSWatcher;

  private constructor(watcher: FSWatcher) {
    this.#watcher = watcher;
  }

  /** Watches from when it answers; files that are there already are no events. */
  static async start(folder: string, { isRecursive, isWanted }: Required<WalkOptions>, events: FolderEvents): Promise<FolderWatch> {
    const root = resolve(folder);
    const isIgnored = (path: string, stats?: Stats): boolean => {
      const parts = relative(root, path).split(sep);
      const folders = stats?.isDirectory() ? parts : parts.slice(0, -1);
      return path !== root && !folders.every(isEntered);
    };
    const watcher = watch(root, { ignoreInitial: true, ignored: isIgnored, followSymlinks: false, ...(isRecursive ? {} : { depth: 0 }) });
    watcher.on('error', events.onError);
    for (const name of ['add', 'change', 'unlink'] as const) watcher.on(name, (path) => (isWanted(basename(path)) ? events.onFile(path) : undefined));
    await new Promise<void>((ready) => watcher.once('ready', ready));
    return new FolderWatch(watcher);
  }

  close(): Promise<void> {
    return this.#watcher.close();
  }
}
