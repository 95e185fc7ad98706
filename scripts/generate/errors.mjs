// The union of error codes and their reference page. Called by scripts/generate.mjs.

import { MARK } from './text.mjs';

export function errorCodes({ codes }) {
  const union = codes.map(({ code }) => `  | '${code}'`).join('\n');
  return `// ${MARK}\n\n/** Stable name of what went wrong. Codes never change their meaning. */\nexport type ErrorCode =\n${union};\n`;
}

const AREAS = {
  PLAN: 'what was asked for',
  INPUT: 'the files that are read',
  DATA: 'values in them',
  BUDGET: 'memory and spill',
  SINK: 'the database or file that is written',
  RUN: 'runs and the ledger',
  INSTALL: 'the installation',
  BUG: 'rowmill itself',
};

export function errorsPage({ codes }) {
  const rows = codes.map(({ code, retryable, meaning }) => `| \`${code}\` | ${retryable ? 'yes' : 'no'} | ${meaning} |`);
  return [
    `<!-- ${MARK} -->`,
    '',
    '# Error codes',
    '',
    'A failure carries a code, a sentence, the place (file, row group, row, column, value: as much as is known) and what to do next. Row groups and',
    'rows count from 0. Codes are stable: scripts may test for them. *Retry* says whether running the same thing again may succeed with nothing changed.',
    '',
    'The first word of a code is its area:',
    '',
    ...Object.entries(AREAS).map(([area, what]) => `- \`${area}\`: ${what}`),
    '',
    '| Code | Retry | Meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
