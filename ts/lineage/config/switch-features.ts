import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import type { FeatureMap } from './features.js';
import { CONFIG_FILE, loadConfig } from './load.js';

/**
 * Writes switches into a file of settings, whose comments and other settings stay; makes the file where there is none.
 *
 * @throws RowmillError as `loadConfig`, for a file whose settings are wrong; nothing is written then
 */
export async function switchFeatures(changes: Partial<FeatureMap>, file: string = CONFIG_FILE): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) await loadConfig({ file, env: {} });
  const document = parseDocument(text ?? '');
  for (const [name, isOn] of Object.entries(changes)) document.setIn(['features', name], isOn);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, document.toString());
  await rename(`${file}.part`, file);
}
