import type { Command } from 'commander';
import type { Settings } from '../../lineage/index.js';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { isAnswered } from '../lineage-instead.js';
import { withSinkOf } from '../lineage-options.js';
import { addSettingOptions, addWatchOptions, type SettingFlags, settingsOf } from '../lineage-settings.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { parsePort, watchFolders } from '../watch-lineage.js';

interface RunFlags extends SettingFlags {
  watch?: boolean;
  port?: number;
  verbose?: boolean;
}

/** `rowmill run lineage`: a command of its own below `run`, with options of its own. */
export function registerRunLineage(run: Command): void {
  const command = run
    .enablePositionalOptions()
    .command('lineage')
    .description('bring a graph of tables and columns up to date with folders of SQL files');
  addRun(command);
}

/** Arguments, options and action of a run, under whatever name. */
export function addRun(command: Command): void {
  addWatchOptions(addSettingOptions(command.argument('<path...>', 'folders, or files')))
    .option('--watch', 'go on watching the folders, and those below them')
    .option('--port <n>', 'with --watch: port of 127.0.0.1 where the process can be asked (0: any)', parsePort)
    .option('--verbose', 'write what becomes of each file to the log of the session');
  addOutputOptions(command).action(runLineage);
}

async function runLineage(paths: string[], flags: RunFlags, command: Command): Promise<void> {
  const output = new Output(flags);
  // A run goes into every folder, so watching after it does as well.
  const more = flags.watch ? { 'watch.recursive': { value: true, flag: '--watch' } } : {};
  const loaded = await settingsOf(command, more);
  if (await isAnswered(flags, loaded, output)) return;
  if (flags.watch) return watchFolders(paths, flags, loaded.settings, output, () => settingsOf(command, more).then(({ settings }) => settings));
  await runOnce(paths, flags, loaded.settings, output);
}

async function runOnce(paths: string[], flags: RunFlags, settings: Settings, output: Output): Promise<void> {
  const [{ deadLetterFile, runLineage: run, optionsOf, loadPlugins, Observed, SessionLog, whoseFiles }, { renderLineage }] = await Promise.all([
    import('../../lineage/index.js'),
    import('../render/lineage.js'),
  ]);
  const onNote = (line: string): void => output.note(line);
  const plugins = await loadPlugins(flags.plugin ?? []);
  const meter = new Observed(settings);
  const log = new SessionLog(settings['paths.logs']);
  const session = log.start({ source: 'run', ...whoseFiles(settings), isVerbose: flags.verbose ?? false });
  try {
    const report = await interruptible(output, (signal) =>
      withSinkOf(settings, flags, onNote, (sink) =>
        run({
          ...optionsOf(settings),
          paths,
          sink,
          plugins,
          meter,
          signal,
          onNote,
          onWalked: (files) => session.begin(files),
          onFile: (outcome) => session.file(outcome),
        }),
      ),
    );
    session.end();
    await meter.gaugeCache(settings);
    const metrics = settings['features.metrics'] ? await meter.metrics.summary() : null;
    output.result({ ...report, sessionId: session.record.id, metrics }, () => renderLineage(report));
    const letters = deadLetterFile(settings);
    if (report.graph.deadLetters > 0) output.note(`what could not be written is in ${letters}: \`rowmill lineage retry ${letters}\` tries again`);
    if (report.files.failed > 0 || report.graph.deadLetters > 0) process.exitCode = EXIT.rejected;
  } catch (error) {
    session.end(error);
    throw error;
  } finally {
    await meter.close();
  }
}
