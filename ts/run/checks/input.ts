import { type Inspection, inspect, type Plan, type Window } from '../../addon.js';
import { isAllDays } from '../../plan/days.js';
import type { RunContext } from '../context.js';
import type { CheckLine } from '../types.js';
import { filesOf } from '../window.js';
import { bytes, fail, guarded, ok, warn } from './line.js';

/** Are the days right, the files there, their footers readable, their columns as needed? */
export async function checkInput(context: RunContext): Promise<CheckLine[]> {
  const lines = [windowLine(context.plan)];
  for (const [index, window] of context.plan.windows.entries()) {
    lines.push(...(await guarded(`input${ofMonth(window)}`, () => windowLines(context, index, window))));
  }
  return lines;
}

function windowLine({ window, windows }: Plan): CheckLine {
  if (isAllDays(window)) return ok('window', 'all days');
  const days = (Date.parse(window.end) - Date.parse(window.start)) / 86_400_000 + 1;
  const detail = `${window.start} to ${window.end}, ${days} days in ${windows.length} ${windows.length === 1 ? 'window' : 'windows'}`;
  const crosses = windows.some(({ start, end }) => start.slice(0, 7) !== end.slice(0, 7));
  if (!crosses) return ok('window', detail);
  return warn(
    'window',
    `${detail}; it crosses a month`,
    'All of it is read from the folder of the first month. Set window.split: true to read each month from its own.',
  );
}

async function windowLines(context: RunContext, index: number, window: Window): Promise<CheckLine[]> {
  const units = await filesOf(context, window);
  const inspection = await inspect({ plan: context.plan, window: index, units });
  return [...inspection.inputs.map((input) => inputLine(window, input)), ...inspection.failures.map((failure) => failureLine(window, failure))];
}

function inputLine(window: Window, input: Inspection['inputs'][number]): CheckLine {
  const name = `input ${input.name}${ofMonth(window)}`;
  const rows = input.rowsKnown ? `${input.rows} rows` : 'rows to be counted as they are read';
  const detail = `${input.files} files, ${bytes(input.bytes)}, ${rows}`;
  if (input.files === 0) return warn(name, 'no files', 'The input counts as empty. Check source.root, source.layout and source.paths.');
  if (input.columnsMissing.length === 0) return ok(name, detail);
  return warn(name, `${detail}; without the columns ${input.columnsMissing.join(', ')}`, 'They read as NULL.');
}

function failureLine(window: Window, failure: Inspection['failures'][number]): CheckLine {
  const { file, column } = failure.place;
  const place = [file, column && `column ${column}`].filter((part) => part).join(', ');
  return fail(
    `file${ofMonth(window)}`,
    `${failure.code}: ${failure.message} (${place})`,
    failure.help ?? 'Replace the file, or leave it out of source.paths.',
  );
}

/** The month whose folder a window is read from, behind a blank; nothing for a window that has no month. */
function ofMonth(window: Window): string {
  return isAllDays(window) ? '' : ` ${window.year}-${window.month}`;
}
