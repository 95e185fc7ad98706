// Shows a sheet, and keeps it where results of this day and machine are.

import { join } from 'node:path';
import { machineName, record } from '../dist/bench/index.js';
import { PACKAGE } from '../dist/bench/machine.js';

/** Writes `bench/runs/<date>-<machine>/<name>.{json,md,svg}` and prints the text. */
export async function publish(sheet, { text, panels }) {
  const folder = join(PACKAGE, 'bench', 'runs', `${sheet.date.slice(0, 10)}-${machineName()}`);
  await record(folder, sheet, { text, panels });
  process.stdout.write(`${text}\n${folder}\n`);
}
