import { type Command, Option } from 'commander';
import { RowmillError } from '../errors.js';
import type { PlanRequest } from '../plan/index.js';
import { PIPELINES, type PlanFlag } from './flags.js';

/** Options that every command with a plan has, as commander hands them over. */
export interface PlanOptions {
  plan?: string;
  preset?: string;
  case?: string;
  [flag: string]: unknown;
}

/** Adds the pipeline's name, `--plan`, `--case` and a flag for every plan field that has one. */
export function addPlanOptions(command: Command): Command {
  command
    .argument('[pipeline...]', `which pipeline: ${PIPELINES.map(({ name }) => name).join(', ')} (or let the plan say it)`)
    .option('--plan <file>', 'plan file, YAML or JSON')
    .option('--preset <name>', 'settings that go together; the plan file, the environment and flags win over them')
    .option('--case <folder>', 'a run as a folder: params.json, pg/*.csv, data/parquet/');
  for (const flag of planFlags()) for (const option of toOptions(flag)) command.addOption(option);
  return command;
}

/** What to make a plan of, from the words and options given. */
export function toPlanRequest(words: readonly string[], options: PlanOptions): PlanRequest {
  const pipeline = words.length > 0 ? pipelineNamed(words) : undefined;
  const flags: Record<string, unknown> = {};
  for (const flag of planFlags(pipeline)) {
    const value = options[attributeOf(flag)];
    if (value !== undefined) flags[flag.path] = value;
  }
  return { pipeline, preset: options.preset, file: options.plan, caseFolder: options.case, flags };
}

/**
 * The pipeline of these words.
 *
 * @throws RowmillError `PLAN_INVALID` where there is none
 */
export function pipelineNamed(words: readonly string[]): string {
  const name = words.join(' ');
  if (PIPELINES.some((pipeline) => pipeline.name === name)) return name;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `there is no pipeline '${name}'`,
    help: `Known pipelines: ${PIPELINES.map((pipeline) => pipeline.name).join(', ')}`,
    retryable: false,
    place: { column: 'pipeline', value: name },
  });
}

/** Flags of one pipeline, or of all: a flag that several have is one flag. */
function planFlags(pipeline?: string): PlanFlag[] {
  const chosen = PIPELINES.filter(({ name }) => pipeline === undefined || name === pipeline);
  return [...new Map(chosen.flatMap(({ flags }) => flags.map((flag) => [flag.flag, flag] as const))).values()];
}

function toOptions({ flag, value, doc, default: preset, isSwitch }: PlanFlag): Option[] {
  const text = preset === '' ? doc : `${doc} (default: ${preset})`;
  if (isSwitch) return [new Option(`--${flag}`, text), new Option(`--no-${flag}`, 'the opposite')];
  return [new Option(`--${flag} <${value}>`, text)];
}

function attributeOf({ flag }: PlanFlag): string {
  return new Option(`--${flag}`).attributeName();
}

/** Adds `--json` and `--quiet`. */
export function addOutputOptions(command: Command): Command {
  return command.option('--json', 'one JSON document on standard output').option('--quiet', 'no progress and no notes');
}
