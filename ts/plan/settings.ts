import type { Description, Field, Plan } from '../addon.js';

/** Settings as a plan file has them: an object by section. */
export type Settings = Record<string, unknown>;

/** The fields that a plan of this pipeline may have, in the order in which they are shown. */
export function fieldsOf(description: Pick<Description, 'commonFields' | 'pipelines'>, pipeline: unknown): Field[] {
  return [...description.commonFields, ...ownFields(description, pipeline)];
}

function ownFields({ pipelines }: Pick<Description, 'pipelines'>, pipeline: unknown): readonly Field[] {
  return pipelines.find(({ name }) => name === pipeline)?.fields ?? [];
}

/** Values by dotted path, of settings that are nested, dotted, or both. Nothing that is not a field is in the answer. */
export function byPath(settings: Settings, fields: readonly Field[]): Map<string, unknown> {
  const paths = new Set(fields.map(({ path }) => path));
  const found = new Map<string, unknown>();
  const walk = (prefix: string, values: Settings): void => {
    for (const [name, value] of Object.entries(values)) {
      const path = `${prefix}${name}`;
      if (paths.has(path)) found.set(path, value);
      else if (typeof value === 'object' && value !== null && !Array.isArray(value)) walk(`${path}.`, value as Settings);
    }
  };
  walk('', settings);
  return found;
}

/** The settings that make this plan again, defaults written out; values that are null are left to their defaults, which are null too. */
export function settingsOf(plan: Plan, description: Pick<Description, 'commonFields' | 'pipelines'>): Settings {
  const common = description.commonFields.map(({ path }) => [path, valueAt(plan, path)] as const);
  // A plan calls the section of its pipeline `options`.
  const own = ownFields(description, plan.pipeline).map(({ path }) => [path, valueAt(plan, path.replace(/^[^.]+/, 'options'))] as const);
  return nested([...common, ...own]);
}

/** An object by section; values that are null or absent are left out. */
export function nested(values: Iterable<readonly [path: string, value: unknown]>): Settings {
  const settings: Settings = {};
  for (const [path, value] of values) {
    if (value === null || value === undefined) continue;
    const names = path.split('.');
    const last = names.pop() ?? path;
    let section = settings;
    for (const name of names) {
      section[name] ??= {};
      section = section[name] as Settings;
    }
    section[last] = value;
  }
  return settings;
}

function valueAt(plan: Plan, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Settings | null | undefined)?.[name], plan);
}
