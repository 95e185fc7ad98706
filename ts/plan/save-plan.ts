import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { describe, type Plan } from '../addon.js';
import { RowmillError } from '../errors.js';
import { type Settings, settingsOf } from './settings.js';

/**
 * Writes a plan as a file that makes the same plan when it is loaded where neither the environment nor flags say otherwise. Every setting is
 * in it, also those that were defaults of this machine. A password in `database.url` is written too: only the owner may read the file.
 *
 * @param path ends in `.json`, `.yaml` or `.yml`, which decides the form
 * @param force whether an existing file is written over, which keeps its rights; it is unless this is false
 * @throws RowmillError `PLAN_INVALID` for another ending, `SINK_FILE_FAILED` where it cannot be written
 */
export async function savePlan(path: string, plan: Plan, force = true): Promise<void> {
  const text = await settingsText(path, settingsOf(plan, describe()));
  await writeText(path, text, plan.database.url === null ? 0o666 : 0o600, force ? 'w' : 'wx');
}

/** Settings as text of the form that the path's ending asks for. */
export async function settingsText(path: string, settings: Settings): Promise<string> {
  const form = formOf(path);
  if (form === 'json') return `${JSON.stringify(settings, null, 2)}\n`;
  return (await import('yaml')).stringify(settings);
}

/** The form of a plan file, by its ending. */
function formOf(path: string): 'json' | 'yaml' {
  const ending = extname(path).toLowerCase();
  if (ending === '.json') return 'json';
  if (ending === '.yaml' || ending === '.yml') return 'yaml';
  const help = 'The ending decides the form.';
  const failure = {
    code: 'PLAN_INVALID',
    message: 'a plan file ends in .json, .yaml or .yml',
    help,
    retryable: false,
    place: { file: path },
  } as const;
  throw new RowmillError(failure);
}

/**
 * Writes a file of settings.
 *
 * @param mode rights of a file that is made
 * @param flag `wx` refuses a file that is there already
 * @throws RowmillError `SINK_FILE_FAILED`
 */
export async function writeText(path: string, text: string, mode = 0o666, flag: 'w' | 'wx' = 'w'): Promise<void> {
  try {
    await writeFile(path, text, { mode, flag });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const message = exists ? 'the file exists already' : (error as Error).message;
    const help = exists ? 'Use --force to write over it.' : 'Check the folder and its rights.';
    throw new RowmillError({ code: 'SINK_FILE_FAILED', message, help, retryable: false, place: { file: path } }, { cause: error });
  }
}
