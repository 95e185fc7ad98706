import { describe, type Inspection, inspect, type Plan, type SourceDescription, type Unit, type Window } from '../addon.js';
import { type Failure, RowmillError } from '../errors.js';
import { showDays } from '../plan/days.js';
import type { LoadedPlan } from '../plan/index.js';
import { plannedJobs } from '../run/explain-jobs.js';
import { cutIntoRanges, listFiles, lookedAt } from '../sources/index.js';
import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';
import { renderOrigins, withoutPassword } from './render/origins.js';
import { jobsText, type UnitCounts, unitCounts, unitsText } from './render/planned-work.js';
import { bytes, count } from './render/quantities.js';
import { table } from './render/table.js';

/** What is known of a window before it is run: its files, or why there are none. */
interface Listed {
  window: Window;
  files: Unit[];
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
  const windows = listed.map(({ window, files: units, failure }) => {
    return { window, patterns: lookedAt(plan, window, sourcesOf(plan)), units, ...(failure ? { failure } : {}) };
  });
  output.result({ pipeline: plan.pipeline, target: targetOf(plan), windows }, () =>
    listed
      .map(({ window, files, failure }) => [windowHead(window, files.length), ...files.map(unitLine), ...missingLine(failure)].join('\n'))
      .join('\n\n'),
  );
  if (listed.some(({ failure }) => failure)) process.exitCode = EXIT.failed;
}

/** A window that was looked into. */
interface Explained {
  window: Window;
  inspection?: Inspection;
  units?: UnitCounts;
  failure?: RowmillError;
}

/**
 * Shows the plan, what a run of it would read, in which pieces, and which jobs that makes: footers are read, data is not.
 *
 * @throws RowmillError `INPUT_MISSING` where no window has any files
 */
export async function explain({ plan, origins }: LoadedPlan, output: Output): Promise<void> {
  const windows: Explained[] = [];
  for (const [index, { window, files, failure }] of (await listWindows(plan)).entries()) {
    const units = unitCounts(cutIntoRanges(plan, files));
    windows.push(failure ? { window, failure } : { window, units, inspection: await inspect({ plan, window: index, units: files }) });
  }
  const jobs = plannedJobs(plan);
  output.result({ plan, origins, target: targetOf(plan), windows, jobs }, () =>
    [`target: ${targetOf(plan)}`, renderOrigins(origins), ...windows.map(renderWindow), ...(jobs ? [jobsText(jobs)] : [])].join('\n\n'),
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
    return { window, files: await listFiles(plan, window, sourcesOf(plan)) };
  } catch (error) {
    if (error instanceof RowmillError && error.code === 'INPUT_MISSING') return { window, files: [], failure: error };
    throw error;
  }
}

function sourcesOf(plan: Plan): SourceDescription[] {
  return describe().pipelines.find(({ name }) => name === plan.pipeline)?.sources ?? [];
}

/** Where rows would go, without the password. */
function targetOf({ output, database }: Plan): string {
  if (output.file) return `file ${output.file}`;
  const folder = output.folder ? `folder ${output.folder}` : null;
  const server = database.url ? `${withoutPassword(database.url)} schema ${database.schema}` : null;
  return [server, folder].filter((place) => place !== null).join(', files beside it in ') || 'none given';
}

function windowHead(window: Window, files: number): string {
  return `${showDays(window)}: ${count(files)} files`;
}

function unitLine({ input, uri, size }: Unit): string {
  return `  ${input}  ${uri}  ${bytes(size)}`;
}

function missingLine(failure: RowmillError | undefined): string[] {
  return failure ? [`  ${failure.message}: a run would fail here`] : [];
}

function renderWindow({ window, inspection, units, failure }: Explained): string {
  if (!inspection) return [windowHead(window, 0), ...missingLine(failure)].join('\n');
  const head = ['input', 'files', 'rows', 'outside', 'row groups', 'pruned', 'bytes', 'to read'];
  const rows = inspection.inputs.map((input) => [
    input.name,
    count(input.files),
    input.rowsKnown ? count(input.rows) : 'not known',
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
    ...(units ? [unitsText(units)] : []),
    `memory: ${inspection.memory.map((stage) => `${stage.stage} ${bytes(stage.bytes)}`).join(', ')}`,
    ...inspection.failures.map((failure) => new RowmillError({ ...failure, help: failure.help ?? undefined } as Failure).toString()),
  ].join('\n');
}
