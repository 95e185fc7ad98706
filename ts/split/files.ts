import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RowmillError } from '../errors.js';
import { writeWhole } from '../whole-files.js';

/** Bytes of the largest script. */
const MAX_BYTES = 50 * 1024 ** 2;

/** A file to write: `/` between the parts of its path, relative to where all go. */
export interface OutFile {
  path: string;
  text: string;
}

/**
 * Reads a script: UTF-8, with or without a mark, or UTF-16 with one.
 *
 * @throws RowmillError `INPUT_MISSING`, `INPUT_FILE_UNREADABLE`, `DATA_TEXT_INVALID` for bytes that are no text
 */
export async function readScript(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'INPUT_MISSING' : 'INPUT_FILE_UNREADABLE';
    throw failure(code, `the script cannot be read: ${cause.message}`, 'Name a file that is there and may be read.', path, cause);
  });
  if (bytes.length > MAX_BYTES)
    throw failure('INPUT_FORMAT_INVALID', `the script has ${bytes.length} bytes, at most ${MAX_BYTES} are read`, 'Cut it in two.', path);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw failure('DATA_TEXT_INVALID', `the script is no ${encoding}`, 'Save it as UTF-8, or as UTF-16 with its mark.', path, cause);
  }
}

/**
 * Writes files, each complete or not at all; none where one is there already and may not be replaced.
 *
 * @throws RowmillError `SINK_FILE_FAILED`
 */
export async function writeAll(folder: string, files: readonly OutFile[], mayReplace: boolean): Promise<void> {
  if (!mayReplace) for (const { path } of files) await mustBeFree(join(folder, path));
  for (const { path, text } of files) await writeWhole(join(folder, path), [text]);
}

async function mustBeFree(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw failure(
      'SINK_FILE_FAILED',
      'the file is there already, and nothing was written',
      'Say --overwrite to replace it, or name another folder.',
      path,
    );
}

function failure(code: RowmillError['code'], message: string, help: string, file: string, cause?: unknown): RowmillError {
  return new RowmillError({ code, message, help, retryable: false, place: { file } }, cause === undefined ? undefined : { cause });
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = name.replaceAll(/[\u0000-\u001f<>:"/\\|?*]/g, '_').replace(/^\.+|[. ]+$/g, '_');
  return plain === '' ? '_' : plain.slice(0, 150);
}
