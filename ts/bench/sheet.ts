/** What a suite found, as data and as text. */

import type { Comparison } from './comparison.js';
import { mediansOf, phasesOf } from './comparison.js';
import { type Machine, machine, versions } from './machine.js';
import { markdownTable } from './markdown.js';

export interface Sheet {
  /** Name of the files it is written to. */
  name: string;
  title: string;
  command: string;
  /** ISO 8601. */
  date: string;
  machine: Machine;
  versions: Record<string, string>;
  /** 0 where calls were repeated one by one instead. */
  rounds: number;
  threads: number;
  comparisons: Comparison[];
  /** Whatever a reader must know: contenders that were left out, other work on the machine. */
  notes: string[];
}

/** A sheet without figures. Begun before the work, so that the load of the machine is that of before. */
export function blankSheet(about: Pick<Sheet, 'name' | 'title' | 'command' | 'rounds' | 'threads'>): Sheet {
  return { ...about, date: new Date().toISOString(), machine: machine(), versions: versions(), comparisons: [], notes: [] };
}

/** The sheet as Markdown. */
export function sheetText(sheet: Sheet): string {
  return [`# ${sheet.title}`, ...sheet.comparisons.map(comparisonText), footing(sheet)].join('\n\n').concat('\n');
}

/** One comparison: contenders, the phases of those that tell, and the data. */
export function comparisonText(comparison: Comparison): string {
  return [`## ${comparison.label}`, contendersTable(comparison), phasesTable(comparison), dataLines(comparison)].filter(Boolean).join('\n\n');
}

function contendersTable(comparison: Comparison): string {
  const head = ['contender', 's', 'CPU s', 'CPU s, range', 'rows/s', 'MiB/s', 'peak RSS MiB', 'RSS before MiB', 'CPU ratio', 'memory ratio'];
  const rows = mediansOf(comparison).map((medians) => [
    medians.contender,
    medians.seconds.toFixed(2),
    medians.cpuSeconds.toFixed(2),
    `${medians.cpuRange.least.toFixed(2)} to ${medians.cpuRange.largest.toFixed(2)}`,
    Math.round(medians.rowsPerSecond).toLocaleString('en'),
    mebibytes(medians.bytesPerSecond),
    mebibytes(medians.peakRssBytes),
    mebibytes(medians.rssBeforeBytes),
    medians.cpuRatio.toFixed(2),
    medians.memoryRatio.toFixed(2),
  ]);
  return markdownTable(head, rows);
}

function phasesTable(comparison: Comparison): string {
  const told = Object.keys(comparison.results).map((contender) => ({ contender, phases: phasesOf(comparison, contender) }));
  const shown = told.filter(({ phases }) => phases.length > 0);
  // Not all contenders go through the same phases (one that only decodes has no fold): the one with the most has them in road order.
  const byLength = shown.toSorted((left, right) => right.phases.length - left.phases.length);
  const names = [...new Set(byLength.flatMap(({ phases }) => phases.map(({ phase }) => phase)))];
  if (names.length === 0) return '';
  const cell = (phases: { phase: string; seconds: number }[], name: string): string => {
    const found = phases.find(({ phase }) => phase === name);
    return found ? found.seconds.toFixed(3) : '';
  };
  return markdownTable(
    ['CPU s by phase', ...names],
    shown.map(({ contender, phases }) => [contender, ...names.map((name) => cell(phases, name))]),
  );
}

function dataLines({ data, work }: Comparison): string {
  const line = ([name, value]: [string, unknown]): string => `- ${name}: ${typeof value === 'object' ? `\`${JSON.stringify(value)}\`` : value}`;
  const read = `- read: ${work.rows.toLocaleString('en')} rows, ${mebibytes(work.bytes)} MiB compressed`;
  return [read, ...Object.entries(data).map(line)].join('\n');
}

/** What every sheet says below itself. */
export function footing(sheet: Sheet): string {
  const { cpu, cores, memoryBytes, kernel, loadAverage } = sheet.machine;
  const list = Object.entries(sheet.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `- Command: \`${sheet.command}\``,
    `- ${sheet.rounds > 0 ? `${sheet.rounds} interleaved rounds after one that is not counted, ${sheet.threads} threads; ` : ''}${sheet.date}`,
    `- Machine: ${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB, kernel ${kernel}; load average before ${loadAverage.join(', ')}`,
    `- Versions: ${list.join(', ')}`,
    ...sheet.notes.map((note) => `- ${note}`),
  ].join('\n');
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
