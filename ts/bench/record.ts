/** Sheets as files: raw figures for machines, a table and a picture for people. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparisonPanels, type Panel, picture } from './picture.js';
import { type Sheet, sheetText } from './sheet.js';

/** How a sheet is shown; what is left out is shown as the suites usually are. */
export interface Shown {
  text?: string;
  panels?: Panel[];
}

/** Writes `<name>.json`, `<name>.md` and `<name>.svg` into a folder, which is created where missing. */
export async function record(folder: string, sheet: Sheet, { text, panels }: Shown = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const write = (ending: string, content: string): Promise<void> => writeFile(join(folder, `${sheet.name}.${ending}`), content);
  const body = (text ?? sheetText(sheet)).replace('\n\n', `\n\n![${sheet.title}](${sheet.name}.svg)\n\n`);
  await write('json', `${JSON.stringify(sheet, null, 2)}\n`);
  await write('md', body);
  await write('svg', picture(sheet.title, panels ?? sheet.comparisons.flatMap(comparisonPanels)));
}
