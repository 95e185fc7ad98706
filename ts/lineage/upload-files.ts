import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RowmillError } from '../errors.js';
import { DEFAULT_PROJECT, optionsOf } from './config/apply.js';
import type { Settings } from './config/keys.js';
import type { LineageOptions } from './options.js';
import { makeRunFolder } from './run-folder.js';
import { type LineageReport, runLineage } from './run-lineage.js';
import { checkUpload, keepUpload, sizeOf, tellsOfLineage, type UploadLimits, uploadName } from './uploads.js';

export interface UploadReport {
  /** Where what was uploaded is kept, beside the folder of uploads. */
  runFolder: string;
  files: { file: string; status: 'complete' | 'error'; name: string | null; error: string | null }[];
  lineage: LineageReport;
}

/** What settings say of uploads. */
export function uploadLimits(settings: Settings): UploadLimits {
  const maxFileBytes = Math.floor(settings['upload.max_file_mb'] * 1024 ** 2);
  return { folder: settings['paths.upload'], maxFileBytes, extensions: settings['upload.extensions'] };
}

/**
 * Keeps files in the folder of uploads and brings the graph up to date with all that were ever uploaded. A file that is refused is told of, and costs the
 * others nothing.
 *
 * @throws RowmillError as `runLineage`; `SINK_FILE_FAILED` where files cannot be kept
 */
export async function uploadFiles(
  paths: readonly string[],
  settings: Settings,
  options: Pick<LineageOptions, 'sink' | 'signal' | 'meter' | 'onFile' | 'onWalked' | 'onNote'>,
): Promise<UploadReport> {
  const limits = uploadLimits(settings);
  const run = await makeRunFolder(settings['paths.storage'], settings['input.project'] ?? DEFAULT_PROJECT, 'upload');
  try {
    const files: UploadReport['files'] = [];
    for (const path of paths) files.push(await keepOne(path, limits, run.keep));
    const uploaded = (await readdir(limits.folder).catch(() => [])).filter((name) => !name.startsWith('.') && tellsOfLineage(name));
    const lineage = await runLineage({
      ...optionsOf(settings),
      ...options,
      // Others may have been uploaded for other projects.
      project: null,
      repository: null,
      origin: 'upload',
      paths: uploaded.map((name) => join(limits.folder, name)),
      removeMissing: false,
    });
    const hasErrors = files.some(({ status }) => status === 'error') || lineage.files.failed > 0;
    await run.note(hasErrors ? 'completed_with_errors' : 'completed', { files, run_id: lineage.runId });
    return { runFolder: run.path, files, lineage };
  } catch (error) {
    await run.note('failed', { error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function keepOne(path: string, limits: UploadLimits, keep: (path: string) => Promise<void>): Promise<UploadReport['files'][number]> {
  try {
    checkUpload(path, await sizeOf(path), limits);
    await keepUpload(path, await readFile(path), limits);
    await keep(path);
    return { file: path, status: 'complete', name: uploadName(path), error: null };
  } catch (error) {
    if (!(error instanceof RowmillError) || error.code === 'SINK_FILE_FAILED') throw error;
    return { file: path, status: 'error', name: null, error: `${error.message}. ${error.help ?? ''}`.trim() };
  }
}
