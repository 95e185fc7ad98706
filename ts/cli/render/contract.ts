import type { ContractProblem, ContractWarning, ExpressionDifference, ImportedContract } from '../../addon.js';

/** Everything that is wrong with a contract, for people. */
export function renderProblems(file: string, problems: readonly ContractProblem[]): string {
  const lines = problems.map(({ category, place, message, fix, example }) =>
    [`${category}: ${place || 'the contract'}: ${message}`, `    ${fix}${example ? `, for example ${example}` : ''}`].join('\n'),
  );
  return [`${file}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`, ...lines].join('\n');
}

/** What is probably not meant in a contract. */
export function renderWarnings(file: string, warnings: readonly ContractWarning[]): string {
  if (warnings.length === 0) return `${file}: nothing to say`;
  return [
    `${file}: ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`,
    ...warnings.map(({ place, message, fix }) => `${place}: ${message}\n    ${fix}`),
  ].join('\n');
}

/** What an import turned on and passed over. */
export function renderImported({ switches, notes }: ImportedContract): string {
  return [...switches.map(({ name, why }) => `compat.${name}: ${why}`), ...notes.map((note) => `note: ${note}`)].join('\n');
}

/** Where both dialects of expressions differ, a line each. */
export function renderDifferences(differences: readonly ExpressionDifference[]): string[] {
  return differences.map(
    ({ place, rows, of, document, example, expression }) =>
      `${place}: both dialects differ in ${rows} of ${of} rows, first in ${document}${example === null ? '' : ` (${example})`}: ${expression}`,
  );
}
