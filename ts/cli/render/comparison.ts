import type { Comparison } from '../../addon.js';
import { showDays } from '../../plan/days.js';
import type { VerifyReport } from '../../run/index.js';
import { count } from './quantities.js';
import { table } from './table.js';

/** How two result sets differ: counts, days, totals by more than the tolerance, samples. */
export function renderComparison(comparison: Comparison, tolerance: number, left = 'left', right = 'right'): string {
  const { leftRows, rightRows, matched, onlyLeft, onlyRight, different } = comparison;
  const parts = [
    `${count(leftRows)} rows in ${left}, ${count(rightRows)} in ${right}: ${count(matched)} equal, ${count(different)} different, ` +
      `${count(onlyLeft)} only in ${left}, ${count(onlyRight)} only in ${right}`,
  ];
  const days = comparison.days.filter((day) => day.different > 0 || day.leftRows !== day.rightRows);
  if (days.length > 0) {
    const rows = days.map((day) => [day.day ?? 'no day', day.leftRows, day.rightRows, day.different]);
    parts.push(table([['day', left, right, 'different'], ...rows], [false, true, true, true]));
  }
  const totals = comparison.totals.filter((total) => total.relative > tolerance);
  if (totals.length > 0) {
    const rows = totals.map((total) => [total.column, total.left ?? '', total.right ?? '', percent(total.relative)]);
    parts.push(table([['total', left, right, 'difference'], ...rows], [false, true, true, true]));
  }
  parts.push(...comparison.samples.map(sampleLine));
  return parts.join('\n');
}

/** What a verification found, window by window and table by table. */
export function renderVerify(report: VerifyReport): string {
  const isOne = new Set(report.windows.map(({ table: name }) => name)).size <= 1;
  const windows = report.windows.map(({ start, end, table: name, comparison, partialDays }) =>
    [
      `${isOne ? '' : `${name}, `}${showDays({ start, end })}`,
      renderComparison(comparison, report.tolerance, 'baseline', 'target'),
      ...partialDays.map(({ day, reason, different }) => `${day} is partial (${reason}): ${different} differences are warnings`),
    ].join('\n'),
  );
  const verdict = report.ok ? 'equal' : `not equal: ${count(report.failures)} differences`;
  const warnings = report.warnings > 0 ? `, ${count(report.warnings)} on partial days` : '';
  return [...windows, `${report.target} against ${report.baseline}, tolerance ${percent(report.tolerance)}: ${verdict}${warnings}`].join('\n\n');
}

function percent(fraction: number): string {
  return `${(fraction * 100).toPrecision(3)} %`;
}

const SAMPLE = { onlyLeft: 'only left', onlyRight: 'only right', different: 'different' } as const;

function sampleLine({ kind, key, column, left, right }: Comparison['samples'][number]): string {
  const known = Object.entries(key)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  const values = column ? `: ${column} is ${left ?? 'NULL'} and ${right ?? 'NULL'}` : '';
  return `  ${SAMPLE[kind]}: ${known}${values}`;
}
