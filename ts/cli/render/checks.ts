import type { CheckLine } from '../../run/index.js';

/** One line per check, with what to do where something is wrong. */
export function renderChecks(lines: readonly CheckLine[]): string {
  const width = Math.max(0, ...lines.map(({ name }) => name.length));
  return lines
    .map(({ name, state, detail, help }) => {
      const line = `${state.padEnd(4)}  ${name.padEnd(width)}  ${detail}`;
      return help && state !== 'ok' ? `${line}\n      ${' '.repeat(width)}  ${help}` : line;
    })
    .join('\n');
}
