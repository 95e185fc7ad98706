import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Problem, RowmillError } from '../errors.js';
import { settingsText, writeText } from './save-plan.js';
import { defaultScalingConfig, isSection, SCALING_PRESETS, type ScalingConfig, scalingError, withSettings } from './scaling-config.js';

const SOURCES = 'A source is null (the defaults), laptop, workstation, server, or the path of a .json, .yaml or .yml file.';
const WRONG_ENDING = 'Config file must be .json or .yaml/.yml';

/**
 * Reads a scaling document. Values are not looked at: {@link validateScalingConfig} does that.
 *
 * @param source null for the defaults, the name of a preset, or the path of a file, which is taken as it stands: it has to be complete
 * @throws RowmillError `PLAN_INVALID`: an unknown source, a file of another form, one that does not parse, or every key that is missing or
 *   that does not belong there, at once
 */
export async function loadScalingConfig(source: string | null): Promise<ScalingConfig> {
  if (source === null) return defaultScalingConfig();
  const preset = SCALING_PRESETS.get(source);
  if (preset) return withSettings(defaultScalingConfig(), preset);
  const text = await textOf(source);
  const ending = extname(source).toLowerCase();
  if (!['.json', '.yaml', '.yml'].includes(ending)) throw scalingError(WRONG_ENDING, SOURCES, source);
  const document = await parsed(text, ending, source);
  const problems = keyProblems(document, source);
  if (problems.length === 0) return document as ScalingConfig;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: problems.length === 1 ? 'the scaling document has a problem' : `the scaling document has ${problems.length} problems`,
    help: 'A file is not filled up with defaults: docs/scaling.md shows a whole one.',
    retryable: false,
    place: { file: source },
    problems,
  });
}

/**
 * Writes a scaling document, as JSON with an indent of 2 or as YAML; loading it gives an equal one.
 *
 * @param config null, as it is before anything was loaded, is an error
 * @throws RowmillError `PLAN_INVALID` with nothing to save or with another ending, `SINK_FILE_FAILED` where it cannot be written
 */
export async function saveScalingConfig(path: string, config: ScalingConfig | null): Promise<void> {
  if (config === null) throw scalingError('No configuration loaded', 'Load one first: null gives the defaults.');
  if (!['.json', '.yaml', '.yml'].includes(extname(path).toLowerCase())) throw scalingError(WRONG_ENDING, 'The ending decides the form.', path);
  await writeText(path, await settingsText(path, { ...config }));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const isAbsent = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    throw isAbsent
      ? scalingError(`Unknown config source: ${path}`, SOURCES)
      : scalingError(`the config file cannot be read: ${(error as Error).message}`, 'Check the path and its rights.', path, error);
  }
}

async function parsed(text: string, ending: string, path: string): Promise<unknown> {
  try {
    return ending === '.json' ? JSON.parse(text) : (await import('yaml')).parse(text, { uniqueKeys: true });
  } catch (error) {
    throw scalingError(`the config file does not parse: ${(error as Error).message}`, 'Correct the file.', path, error);
  }
}

/** Every key that is missing or unknown, in sections that are objects. */
function keyProblems(document: unknown, file: string): Problem[] {
  const problems: Problem[] = [];
  const compare = (expected: Record<string, unknown>, given: unknown, prefix: string): void => {
    const path = prefix.slice(0, -1);
    const add = (path: string, message: string, value: unknown, allowed: string): void => {
      problems.push({ path, message, value, allowed, origin: `file ${file}` });
    };
    if (!isSection(given)) {
      add(path, 'is a section', given, `an object with ${Object.keys(expected).join(', ')}`);
      return;
    }
    for (const [name, value] of Object.entries(expected)) {
      if (!(name in given)) add(`${prefix}${name}`, 'is missing', null, isSection(value) ? 'a section' : `for example ${JSON.stringify(value)}`);
      else if (isSection(value)) compare(value, given[name], `${prefix}${name}.`);
    }
    for (const name of Object.keys(given)) {
      if (!(name in expected)) add(`${prefix}${name}`, 'there is no such key', given[name], `one of ${Object.keys(expected).join(', ')}`);
    }
  };
  compare({ ...defaultScalingConfig() }, document, '');
  return problems;
}
