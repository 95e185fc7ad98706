import { describe, type Inspection, inspect, type Plan, type SourceDescription, type Unit, type Window } from '../addon.js';
import { type Failure, RowmillError } from '../errors.js';
import type { LoadedPlan } from '../plan/index.js';
import { listUnits, lookedAt } from '../sources/index.js';
import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';
import { renderOrigins, withoutPassword } from './render/origins.js';
import { bytes, count } from './render/quantities.js';
import { table } from './render/table.js';

/** What is known of a window before it is run: its files, or why there are none. */
interface Listed {
  window: Window;
  units: Unit[];
  /** Where a run would stop. */
  failure?: RowmillError;
}

/**
 * Lists the files of every window; opens none of them.
 *
 * A window without files is said where it stands, and makes the exit code 1, since a run would fail there.
 *
 * @throws RowmillError `INPUT_MISSING` where no window has any
 */
export async function dryRun({ plan }: LoadedPlan, output: Output): Promise<void> {
  const listed = await listWindows(plan);
  const windows = listed.map(({ window, units, failure }) => {
    return { window, patterns: lookedAt(plan, window, sourcesOf(plan)), units, ...(failure ? { failure } : {}) };
  });
  output.result({ pipeline: plan.pipeline, target: targetOf(plan), windows }, () =>
    listed
      .map(({ window, units, failure }) => [windowHead(window, units.length), ...units.map(unitLine), ...missingLine(failure)].join('\n'))
      .join('\n\n'),
  );
  if (listed.some(({ failure }) => failure)) process.exitCode = EXIT.failed;
}

/**
 * Shows the plan, and what a run of it would read: footers are read, data is not.
 *
 * @throws RowmillError `INPUT_MISSING` where no window has any files
 */
export async function explain({ plan, origins }: LoadedPlan, output: Output): Promise<void> {
  const windows: { window: Window; inspection?: Inspection; failure?: RowmillError }[] = [];
  for (const [index, { window, units, failure }] of (await listWindows(plan)).entries()) {
    windows.push(failure ? { window, failure } : { window, inspection: await inspect({ plan, window: index, units }) });
  }
  output.result({ plan, origins, target: targetOf(plan), windows }, () =>
    [`target: ${targetOf(plan)}`, renderOrigins(origins), ...windows.map(renderWindow)].join('\n\n'),
  );
  if (windows.some(({ inspection }) => !inspection || inspection.failures.length > 0)) process.exitCode = EXIT.failed;
}

async function listWindows(plan: Plan): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const window of plan.windows) listed.push(await listWindow(plan, window));
  const [first] = listed;
  if (first?.failure && listed.every(({ failure }) => failure)) throw first.failure;
  return listed;
}

async function listWindow(plan: Plan, window: Window): Promise<Listed> {
  try {
    return { window, units: await listUnits(plan, window, sourcesOf(plan)) };
  } catch (error) {
    if (error instanceof RowmillError && error.code === 'INPUT_MISSING') return { window, units: [], failure: error };
    throw error;
  }
}

function sourcesOf(plan: Plan): SourceDescription[] {
  return describe().pipelines.find(({ name }) => name === plan.pipeline)?.sources ?? [];
}

/** Where rows would go, without the password. */
function targetOf({ output, database }: Plan): string {
  if (output.file) return `file ${output.file}`;
  return database.url ? `${withoutPassword(database.url)} schema ${database.schema}` : 'none given';
}

function windowHead({ start, end }: Window, files: number): string {
  return `${start} to ${end}: ${count(files)} files`;
}

function unitLine({ input, uri, size }: Unit): string {
  return `  ${input}  ${uri}  ${bytes(size)}`;
}

function missingLine(failure: RowmillError | undefined): string[] {
  return failure ? [`  ${failure.message}: a run would fail here`] : [];
}

function renderWindow({ window, inspection, failure }: { window: Window; inspection?: Inspection; failure?: RowmillError }): string {
  if (!inspection) return [windowHead(window, 0), ...missingLine(failure)].join('\n');
  const head = ['input', 'files', 'rows', 'outside', 'row groups', 'pruned', 'bytes', 'to read'];
  const rows = inspection.inputs.map((input) => [
    input.name,
    count(input.files),
    count(input.rows),
    count(input.rowsPruned),
    count(input.rowGroups),
    count(input.rowGroupsPruned),
    bytes(input.bytes),
    bytes(input.bytesProjected),
  ]);
  return [
    windowHead(window, inspection.unitIds.length),
    table([head, ...rows], [false, true, true, true, true, true, true, true]),
    ...inspection.inputs
      .filter(({ columnsMissing }) => columnsMissing.length > 0)
      .map((input) => `${input.name} lacks ${input.columnsMissing.join(', ')}: read as NULL`),
    `memory: ${inspection.memory.map((stage) => `${stage.stage} ${bytes(stage.bytes)}`).join(', ')}`,
    ...inspection.failures.map((failure) => new RowmillError({ ...failure, help: failure.help ?? undefined } as Failure).toString()),
  ].join('\n');
}
