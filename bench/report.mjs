// Raw results as JSON, and the same as a table for people.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineName, ROOT } from './machine.mjs';

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Writes `<name>.json` and `<name>.md` into `bench/runs/<date>-<machine>` and answers with the folder. */
export function writeReport(name, result, markdown) {
  const folder = join(ROOT, 'bench', 'runs', `${new Date().toISOString().slice(0, 10)}-${machineName()}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), markdown);
  return folder;
}

export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** What every table says below itself. */
export function footing({ command, machine, versions, shape, notes }) {
  const { cpu, cores, memoryBytes, kernel, loadAverage } = machine;
  return [
    `- Command: \`${command}\``,
    `- Machine: ${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB, kernel ${kernel}; load average before ${loadAverage.join(', ')}`,
    `- Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    ...(shape ? [`- Data: \`${JSON.stringify(shape)}\``] : []),
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}
