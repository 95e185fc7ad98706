import { readFile, stat } from 'node:fs/promises';
import { RowmillError } from '../errors.js';

/** Bytes of the largest script that is read. */
export const MAX_SCRIPT_BYTES = 50 * 1024 * 1024;

/**
 * The text of a script: UTF-8, with or without a mark, or UTF-16 with one, as SQL Server writes them.
 *
 * @throws RowmillError `INPUT_FILE_UNREADABLE`, and `INPUT_FORMAT_INVALID` for other bytes and more than 50 MB
 */
export async function readScript(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below: it is neither.
  }
  throw invalid(path, 'is neither UTF-8 nor UTF-16 with a mark', 'Save it as UTF-8.');
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_SCRIPT_BYTES) throw invalid(path, `has ${size} bytes`, `Scripts of at most ${MAX_SCRIPT_BYTES} bytes are split.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof RowmillError) throw error;
    const message = `${path} cannot be read: ${(error as Error).message}`;
    throw new RowmillError(
      { code: 'INPUT_FILE_UNREADABLE', message, help: 'Name files that are there and may be read.', retryable: false, place: { file: path } },
      { cause: error },
    );
  }
}

function invalid(path: string, what: string, help: string): RowmillError {
  return new RowmillError({ code: 'INPUT_FORMAT_INVALID', message: `${path} ${what}`, help, retryable: false, place: { file: path } });
}
