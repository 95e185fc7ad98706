import { copyFile, mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RowmillError } from '../errors.js';

export type RunStatus = 'in_progress' | 'completed' | 'completed_with_errors' | 'failed';

/** A folder that holds what a run was given: `<storage>/<project>/<YYYYMMDD_HHmmss>_<number>_<action>/raw_source`. */
export interface RunFolder {
  path: string;
  name: string;
  /** Copies a file into it. */
  keep(path: string): Promise<void>;
  /** Notes how the run stands, in `run.json`. */
  note(status: RunStatus, details?: object): Promise<void>;
}

/**
 * Makes the folder of a run; of several in one second each has a number of its own.
 *
 * @throws RowmillError `SINK_FILE_FAILED`
 */
export async function makeRunFolder(storage: string, project: string, action: string, at = new Date()): Promise<RunFolder> {
  const parent = join(storage, project);
  try {
    const name = await claim(parent, stamp(at), action);
    const path = join(parent, name);
    await mkdir(join(path, 'raw_source'));
    const folder: RunFolder = {
      path,
      name,
      keep: (file) => copyFile(file, join(path, 'raw_source', basename(file))),
      note: async (status, details = {}) => {
        await writeFile(join(path, '.run.json.part'), `${JSON.stringify({ name, project, action, status, ...details }, null, 2)}\n`);
        await rename(join(path, '.run.json.part'), join(path, 'run.json'));
      },
    };
    await folder.note('in_progress', { started_at: at.toISOString() });
    return folder;
  } catch (cause) {
    const message = `the folder of the run cannot be made: ${(cause as Error).message}`;
    const help = 'Give this user the right to write there, or name another folder with paths.storage (STORAGE_PATH).';
    throw new RowmillError({ code: 'SINK_FILE_FAILED', message, help, retryable: true, place: { file: parent } }, { cause });
  }
}

/** Makes the first folder that nobody has: two processes in one second get two. */
async function claim(parent: string, second: string, action: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  const numbers = (await readdir(parent)).flatMap((name) =>
    name.startsWith(`${second}_`) ? [Number.parseInt(name.slice(second.length + 1), 10)] : [],
  );
  for (let number = Math.max(0, ...numbers.filter(Number.isFinite)) + 1; ; number += 1) {
    const prefix = `${second}_${String(number).padStart(3, '0')}`;
    try {
      // The number is claimed whatever the action is.
      await mkdir(join(parent, `.${prefix}`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    // Whoever had it before has named it meanwhile.
    if ((await readdir(parent)).some((name) => name.startsWith(`${prefix}_`))) await rmdir(join(parent, `.${prefix}`));
    else {
      await rename(join(parent, `.${prefix}`), join(parent, `${prefix}_${action}`));
      return `${prefix}_${action}`;
    }
  }
}

/** In UTC. */
function stamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
}
