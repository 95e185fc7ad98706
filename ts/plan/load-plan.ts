import { type Description, describe, type Field, type Layer, type Origin, type Plan, resolvePlan } from '../addon.js';
import { type Problem, RowmillError } from '../errors.js';
import { environmentSettings } from './environment.js';
import { machineLayer } from './machine.js';
import { presetLayer } from './presets.js';
import { fieldsOf } from './settings.js';

/** Where the settings of a plan are looked for. */
export interface PlanRequest {
  /** Name of the pipeline where the caller knows it; else a layer says it. */
  pipeline?: string | undefined;
  /** Name of a preset of the pipeline: settings that every other layer but the machine's wins over. */
  preset?: string | undefined;
  /** Folder of a case. */
  caseFolder?: string | undefined;
  /** Plan file, YAML or JSON. */
  file?: string | undefined;
  /** Environment to read; the process's own where absent. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Settings given by hand, by dotted path. They win over all others. */
  flags?: Record<string, unknown> | undefined;
}

/** A plan with the origin of each of its values. */
export interface LoadedPlan {
  plan: Plan;
  origins: Origin[];
}

/**
 * Puts a plan together: defaults, the machine, a preset, the case folder, the plan file, the environment, flags; a later one wins, setting by
 * setting.
 *
 * @throws RowmillError `PLAN_INVALID` with every problem there is
 */
export async function loadPlan(request: PlanRequest): Promise<LoadedPlan> {
  const env = request.env ?? process.env;
  const given: Layer[] = [];
  // Both bring a parser along, which who gives flags alone need not wait for.
  if (request.caseFolder !== undefined) given.push(await (await import('./case-folder.js')).caseLayer(request.caseFolder));
  if (request.file !== undefined) given.push(await (await import('./plan-file.js')).readPlanFile(request.file));
  const flags = flagLayer(request);
  const description = describe();
  const pipeline = pipelineName([...given, flags], env);
  const preset =
    request.preset === undefined
      ? {}
      : presetLayer(
          description.pipelines.find(({ name }) => name === pipeline),
          request.preset,
        );
  const environment = environmentSettings(env, fieldsOf(description, pipeline), knownFields(description));
  const layers = [machineLayer(), ...(preset.layer ? [preset.layer] : []), ...given, ...environment.layers, flags];
  const resolution = await resolvePlan(layers);
  const problems = [...(preset.problem ? [preset.problem] : []), ...environment.problems, ...(resolution.problems ?? [])];
  if (problems.length > 0 || !resolution.plan) throw invalidPlan(problems);
  return { plan: resolution.plan, origins: resolution.origins };
}

function flagLayer({ pipeline, flags }: PlanRequest): Layer {
  return { origin: 'command line', values: { ...(pipeline === undefined ? {} : { pipeline }), ...flags } };
}

/** The pipeline that the layers will turn out to name: needed before they are merged, to know which variables are settings. */
function pipelineName(layers: readonly Layer[], env: NodeJS.ProcessEnv): unknown {
  const named = layers.map(({ values }) => values.pipeline);
  return named.at(-1) ?? (env.ROWMILL_PIPELINE || named.findLast((name) => name !== undefined));
}

function knownFields({ commonFields, pipelines }: Description): Field[] {
  return [...commonFields, ...pipelines.flatMap(({ fields }) => fields)];
}

function invalidPlan(problems: Problem[]): RowmillError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new RowmillError({
    code: 'PLAN_INVALID',
    message: `the plan has ${count}`,
    help: 'docs/plan.md lists every setting; `rowmill config show` prints the values in force',
    retryable: false,
    place: {},
    problems,
  });
}
