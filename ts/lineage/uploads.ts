import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { RowmillError } from '../errors.js';

export interface UploadLimits {
  folder: string;
  maxFileBytes: number;
  /** Endings in lower case, each with its dot. */
  extensions: readonly string[];
}

/** A name under which an upload can be kept: its last part, without characters that mean something to a file system. */
export function uploadName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'));
  const plain = last.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^\.+/, '');
  return plain === '' ? 'unnamed_file' : plain;
}

/**
 * Keeps an uploaded file, complete or not at all; one of the same name is replaced. Answers where it is.
 *
 * @throws RowmillError `INPUT_FORMAT_INVALID` for an ending that is not allowed and a file that is too large, `SINK_FILE_FAILED`
 */
export async function keepUpload(name: string, bytes: Buffer, limits: UploadLimits): Promise<string> {
  checkUpload(name, bytes.length, limits);
  const path = join(limits.folder, uploadName(name));
  try {
    await mkdir(limits.folder, { recursive: true });
    const part = join(limits.folder, `.${uploadName(name)}.${process.pid}.part`);
    await writeFile(part, bytes);
    await rename(part, path);
    return path;
  } catch (cause) {
    const message = `the upload cannot be kept: ${(cause as Error).message}`;
    const help = 'Give this user the right to write there, or name another folder with paths.upload (UPLOAD_BASE_DIR).';
    throw new RowmillError({ code: 'SINK_FILE_FAILED', message, help, retryable: true, place: { file: path } }, { cause });
  }
}

/** @throws RowmillError as {@link keepUpload}, for what a file's name and size tell */
export function checkUpload(name: string, bytes: number, { extensions, maxFileBytes }: UploadLimits): void {
  const ending = extname(uploadName(name)).toLowerCase();
  if (!extensions.includes(ending))
    throw refused(name, `files that end in '${ending}' are not taken`, `Allowed: ${extensions.join(', ')} (upload.extensions).`);
  if (bytes > maxFileBytes) throw refused(name, `the file has ${bytes} bytes`, `At most ${maxFileBytes} are taken (upload.max_file_mb).`);
}

/** Whether files of this ending tell of lineage when they are uploaded; others are kept only. */
export function tellsOfLineage(path: string): boolean {
  return ['.sql', '.ddl'].includes(extname(path).toLowerCase());
}

/** Bytes of a file, without reading it. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    const [message, help] = [`there is no ${path}`, 'Name a file that is there.'];
    throw new RowmillError({ code: 'INPUT_MISSING', message, help, retryable: false, place: { file: path } }, { cause });
  }
}

function refused(file: string, message: string, help: string): RowmillError {
  return new RowmillError({ code: 'INPUT_FORMAT_INVALID', message, help, retryable: false, place: { file } });
}
