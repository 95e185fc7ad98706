import { InvalidArgumentError } from 'commander';
import type { Settings, WatchStats } from '../lineage/index.js';
import { withSinkOf } from './lineage-options.js';
import type { SettingFlags } from './lineage-settings.js';
import type { Output } from './output.js';

export interface WatchingFlags extends SettingFlags {
  port?: number;
}

/** Reads a port; 0 is one that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('give a port, 0 to 65535');
}

/** Watches until a signal says that it is enough; SIGHUP reads the settings anew. */
export async function watchFolders(
  folders: readonly string[],
  flags: WatchingFlags,
  settings: Settings,
  output: Output,
  reload: () => Promise<Settings>,
): Promise<void> {
  const [{ loadPlugins, watchLineage }, { renderWatch }] = await Promise.all([import('../lineage/index.js'), import('./render/lineage.js')]);
  const onNote = (line: string): void => output.note(line);
  const onError = (error: unknown): void => output.note(`failed, and goes on: ${error instanceof Error ? error.message : String(error)}`);
  const plugins = await loadPlugins(flags.plugin ?? []);
  const stats = await withSinkOf(settings, flags, onNote, async (sink): Promise<WatchStats> => {
    const watching = await watchLineage({ folders, settings, sink, plugins, port: flags.port ?? null, reload, onNote, onError });
    const hangUp = (): void => {
      watching.reload().then(() => output.note('settings read anew'), onError);
    };
    process.on('SIGHUP', hangUp);
    const name = await firstSignal(['SIGINT', 'SIGTERM']);
    output.note(`${name}: taking in what is known of, and ending`);
    const ended = await watching.stop();
    process.removeListener('SIGHUP', hangUp);
    return ended;
  });
  output.result(stats, () => renderWatch(stats));
}

function firstSignal(names: readonly NodeJS.Signals[]): Promise<string> {
  return new Promise((resolve) => {
    const stop = (name: string): void => {
      for (const each of names) process.removeListener(each, stop);
      resolve(name);
    };
    for (const name of names) process.on(name, stop);
  });
}
