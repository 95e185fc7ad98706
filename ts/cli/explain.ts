import { describe, type Inspection, inspect, type Plan, type SourceDescription, type Unit, type Window } from '../addon.js';
import { type Failure, RowmillError } from '../errors.js';
import type { LoadedPlan } from '../plan/index.js';
import { type Looked, listUnits, lookedAt } from '../sources/index.js';
import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';
import { renderOrigins, withoutPassword } from './render/origins.js';
import { bytes, count } from './render/quantities.js';
import { table } from './render/table.js';

/** Lists the files of every window; opens none of them. */
export async function dryRun({ plan }: LoadedPlan, output: Output): Promise<void> {
  const sources = sourcesOf(plan);
  const windows: { window: Window; patterns: Looked[]; units: Unit[] }[] = [];
  for (const window of plan.windows) {
    windows.push({ window, patterns: lookedAt(plan, window, sources), units: await listUnits(plan, window, sources) });
  }
  output.result({ pipeline: plan.pipeline, target: targetOf(plan), windows }, () =>
    windows.map(({ window, units }) => [windowHead(window, units.length), ...units.map(unitLine)].join('\n')).join('\n\n'),
  );
}

/** Shows the plan, and what a run of it would read: footers are read, data is not. */
export async function explain({ plan, origins }: LoadedPlan, output: Output): Promise<void> {
  const sources = sourcesOf(plan);
  const windows: { window: Window; inspection: Inspection }[] = [];
  for (const [index, window] of plan.windows.entries()) {
    const units = await listUnits(plan, window, sources);
    windows.push({ window, inspection: await inspect({ plan, window: index, units }) });
  }
  output.result({ plan, origins, target: targetOf(plan), windows }, () =>
    [`target: ${targetOf(plan)}`, renderOrigins(origins), ...windows.map(renderWindow)].join('\n\n'),
  );
  if (windows.some(({ inspection }) => inspection.failures.length > 0)) process.exitCode = EXIT.failed;
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

function renderWindow({ window, inspection }: { window: Window; inspection: Inspection }): string {
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
