import type { Field, Layer } from '../addon.js';
import type { Problem } from '../errors.js';

const PREFIX = 'ROWMILL_';

/** Settings found in the environment, and variables that look like settings and are none. */
export interface EnvironmentSettings {
  layers: Layer[];
  problems: Problem[];
}

/**
 * Reads the settings of a pipeline from environment variables; empty ones do not count.
 *
 * `DATABASE_URL` is what many tools agree on, and gives way to `ROWMILL_DATABASE_URL`.
 *
 * @param fields the fields of the chosen pipeline
 * @param known the fields of every pipeline: a variable of another one is not a mistake
 */
export function environmentSettings(env: NodeJS.ProcessEnv, fields: readonly Field[], known: readonly Field[]): EnvironmentSettings {
  const layers: Layer[] = [];
  if (env.DATABASE_URL) layers.push({ origin: 'environment variable DATABASE_URL', values: { 'database.url': env.DATABASE_URL } });
  for (const { env: name, path } of fields) {
    const value = env[name];
    if (value) layers.push({ origin: `environment variable ${name}`, values: { [path]: value } });
  }
  const names = new Set(known.map((field) => field.env));
  const unknown = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] && !names.has(name));
  return { layers, problems: unknown.sort().map((name) => unknownVariable(name, env[name] ?? '')) };
}

function unknownVariable(name: string, value: string): Problem {
  return {
    path: name,
    message: 'no setting has this environment variable',
    value,
    allowed: 'the variables listed in docs/plan.md and by `rowmill config show`',
    origin: `environment variable ${name}`,
  };
}
