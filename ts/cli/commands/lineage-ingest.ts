import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { interruptible } from '../interrupt.js';
import { isAnswered, showSettings } from '../lineage-instead.js';
import { withSinkOf } from '../lineage-options.js';
import { addSettingOptions, addWatchOptions, type SettingFlags, settingsOf } from '../lineage-settings.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';
import { parsePort, type WatchingFlags, watchFolders } from '../watch-lineage.js';
import { addCacheVerbs } from './cache.js';
import { registerLoadTest } from './lineage-loadtest.js';
import { addRun } from './run-lineage.js';

interface SwitchFlags extends SettingFlags {
  keepMetrics: boolean;
}

interface SessionFlags extends SettingFlags {
  format?: string;
}

/** Verbs of `rowmill lineage` that take files in, and those that show or change how. */
export function registerIngest(lineage: Command): void {
  addRun(lineage.command('ingest').description('the same as `run lineage`'));
  const watch = lineage
    .command('watch')
    .description('take in what is in folders, and go on watching them')
    .argument('[folder...]', 'folders', ['data/raw']);
  addWatchOptions(addSettingOptions(watch)).option('--port <n>', 'port of 127.0.0.1 where the process can be asked (0: any)', parsePort);
  addOutputOptions(watch).action(watchThem);
  const upload = lineage.command('upload').description('keep files in the folder of uploads, and take them in').argument('<file...>', 'files');
  addOutputOptions(addSettingOptions(upload)).action(uploadThem);
  const config = lineage.command('config').description('settings of lineage runs');
  addOutputOptions(addWatchOptions(addSettingOptions(config.command('show').description('every setting, its value and where it comes from')))).action(
    show,
  );
  registerFlags(lineage);
  registerLoadTest(lineage);
  addOutputOptions(lineage.command('dialects').description('dialects that are understood')).action(listDialects);
  const sessions = lineage.command('sessions').description('what was taken in lately, or the events of one').argument('[id]', 'a session');
  addOutputOptions(addSettingOptions(sessions)).option('--format <word>', 'of events: json or jsonl', 'json').action(listSessions);
  addCacheVerbs(lineage.command('cache').description('results of parsing SQL files that later runs of lineage use again'));
}

function registerFlags(lineage: Command): void {
  const flags = lineage.command('flags').description('features that can be switched off one by one: which are on');
  addOutputOptions(addSettingOptions(flags)).action((options: SettingFlags, command: Command) => showFlags(options, command));
  for (const isOn of [true, false]) {
    const verb = flags.command(isOn ? 'enable' : 'disable').description(`switch features ${isOn ? 'on' : 'off'} in the file of settings`);
    verb
      .argument('[feature...]', 'which (default: all)')
      .option('--no-keep-metrics', 'metrics, too, where all are meant')
      .option('--config-file <file>');
    addOutputOptions(verb).action((names: string[], options: SwitchFlags) => switchThem(isOn, names, options));
  }
}

async function watchThem(folders: string[], flags: WatchingFlags, command: Command): Promise<void> {
  const output = new Output(flags);
  const loaded = await settingsOf(command);
  if (await isAnswered(flags, loaded, output)) return;
  await watchFolders(folders, flags, loaded.settings, output, async () => (await settingsOf(command)).settings);
}

async function uploadThem(files: string[], flags: SettingFlags, command: Command): Promise<void> {
  const output = new Output(flags);
  const loaded = await settingsOf(command);
  if (await isAnswered(flags, loaded, output)) return;
  const { settings } = loaded;
  const [{ uploadFiles }, { renderUpload }] = await Promise.all([import('../../lineage/index.js'), import('../render/lineage.js')]);
  const onNote = (line: string): void => output.note(line);
  const report = await interruptible(output, (signal) =>
    withSinkOf(settings, flags, onNote, (sink) => uploadFiles(files, settings, { sink, signal, onNote })),
  );
  output.result(report, () => renderUpload(report));
  if (report.lineage.files.failed > 0 || report.files.some(({ status }) => status === 'error')) process.exitCode = EXIT.rejected;
}

async function show(flags: SettingFlags, command: Command): Promise<void> {
  await showSettings(new Output(flags), (await settingsOf(command)).origins);
}

async function showFlags(flags: SettingFlags, command: Command): Promise<void> {
  const { settings } = await settingsOf(command);
  const [{ featuresOf, featureLevel, featureWarnings }, { renderFeatures }] = await Promise.all([
    import('../../lineage/index.js'),
    import('../render/lineage.js'),
  ]);
  const features = featuresOf(settings);
  const status = { features, level: featureLevel(features), warnings: featureWarnings(features) };
  new Output(flags).result(status, () => renderFeatures(status));
}

async function switchThem(isOn: boolean, names: string[], flags: SwitchFlags): Promise<void> {
  const [{ FEATURES, featureNamed, switchFeatures, CONFIG_FILE }, { refuse }] = await Promise.all([
    import('../../lineage/index.js'),
    import('../../graph/refuse.js'),
  ]);
  const all = FEATURES.filter((name) => isOn || name !== 'metrics' || !flags.keepMetrics);
  const chosen = names.length === 0 ? all : names.map((word) => featureNamed(word) ?? word);
  for (const word of chosen) {
    if (!FEATURES.some((name) => name === word)) throw refuse(`there is no feature ${word}`, `Known: ${FEATURES.join(', ')}.`, 'feature', word);
  }
  const file = flags.configFile ?? CONFIG_FILE;
  await switchFeatures(Object.fromEntries(chosen.map((name) => [name, isOn])), file);
  const help = 'A process that watches reads it on SIGHUP; an environment variable FEATURE_* still counts before it.';
  new Output(flags).result({ file, features: chosen, isOn }, () => `${file}: ${chosen.join(', ')} ${isOn ? 'on' : 'off'}. ${help}`);
}

async function listDialects(flags: { json?: boolean; quiet?: boolean }): Promise<void> {
  const [{ dialects }, { table }] = await Promise.all([import('../../lineage/index.js'), import('../render/table.js')]);
  const known = dialects();
  const rows = known.map(({ id, name, description, isDefault }) => [id, name, isDefault ? 'default' : '', description]);
  new Output(flags).result(known, () => table([['id', 'name', '', 'description'], ...rows]));
}

async function listSessions(id: string | undefined, flags: SessionFlags, command: Command): Promise<void> {
  const [{ SessionLog }, { renderSessions }, { refuse }] = await Promise.all([
    import('../../lineage/index.js'),
    import('../render/lineage.js'),
    import('../../graph/refuse.js'),
  ]);
  const log = new SessionLog((await settingsOf(command)).settings['paths.logs']);
  const output = new Output(flags);
  if (id === undefined) {
    const sessions = await log.list();
    return output.result(sessions, () => renderSessions(sessions));
  }
  const events = await log.events(id);
  if (!events) throw refuse(`there is no session ${id}`, '`rowmill lineage sessions` lists them.', 'session', id);
  const lines = (): string => events.map((event) => JSON.stringify(event)).join('\n');
  output.result(events, () => (flags.format === 'jsonl' ? lines() : JSON.stringify(events, null, 2)));
}
