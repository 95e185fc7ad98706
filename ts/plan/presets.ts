import type { Layer, PipelineDescription } from '../addon.js';
import type { Problem } from '../errors.js';

/** What there is to know of a pipeline here; a plan that names no pipeline has none. */
type Presets = Pick<PipelineDescription, 'name' | 'presets'> | undefined;

/** The settings of a preset, or why there is none of that name. */
export interface PresetAnswer {
  layer?: Layer;
  problem?: Problem;
}

/** The settings that go together under this name, as a layer of the plan whose origin is `preset <name>`. */
export function presetLayer(pipeline: Presets, name: string): PresetAnswer {
  const origin = `preset ${name}`;
  const preset = pipeline?.presets.find((each) => each.name === name);
  if (preset) return { layer: { origin, values: JSON.parse(preset.settings) as Record<string, unknown> } };
  return { problem: { path: 'preset', message: `there is no preset ${JSON.stringify(name)}`, value: name, allowed: known(pipeline), origin } };
}

function known(pipeline: Presets): string {
  if (!pipeline) return 'presets belong to a pipeline: name it';
  const names = pipeline.presets.map(({ name }) => name);
  return names.length > 0 ? `one of ${names.join(', ')}` : `the pipeline ${pipeline.name} has no presets`;
}
