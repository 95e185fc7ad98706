import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plan, SourceDescription, Unit, Window } from '../addon.js';
import { RowmillError } from '../errors.js';
import { cutIntoRanges } from './ranges.js';
import { expandTemplate, type Segment, showSegments } from './template.js';
import { walk } from './walk.js';

/** Where files of an input were looked for. */
export interface Looked {
  input: string;
  /** Absolute pattern with its values filled in. */
  pattern: string;
}

/** The layout name of templates that go with every layout. */
const ANY_LAYOUT = '*';

/** Files that are asked for their size and time at once: enough to hide latency, few enough for any limit on open files. */
const STATS_AT_ONCE = 32;

/**
 * What a run of a window reads: its files, sorted by input (in the order of `sources`) and path, large CSV files in ranges of bytes.
 *
 * @throws what {@link listFiles} throws
 */
export async function listUnits(plan: Plan, window: Window, sources: readonly SourceDescription[]): Promise<Unit[]> {
  return cutIntoRanges(plan, await listFiles(plan, window, sources));
}

/**
 * The files of a window, each as one unit, sorted by input (in the order of `sources`) and path. Where `source.root` is itself a file, it is
 * the only one.
 *
 * @throws RowmillError `INPUT_MISSING` where there are no files at all, `INPUT_FILE_UNREADABLE` where a folder or file cannot be looked at,
 * `PLAN_INVALID` where a template needs a value that the plan lacks, or the root is a file and there are several inputs
 */
export async function listFiles(plan: Plan, window: Window, sources: readonly SourceDescription[]): Promise<Unit[]> {
  const alone = await fileAtRoot(plan, sources);
  if (alone) return [alone];
  const units: Unit[] = [];
  for (const source of sources) {
    const paths = new Set<string>();
    for (const segments of patternsOf(plan, window, source)) for (const path of await walk(resolve(plan.source.root), segments)) paths.add(path);
    units.push(...(await toUnits(source.name, [...paths].sort())));
  }
  if (units.length === 0) throw await nothingFound(plan, window, sources);
  return units;
}

/** The patterns that {@link listUnits} looks at, for `--dry-run` and for errors. */
export function lookedAt(plan: Plan, window: Window, sources: readonly SourceDescription[]): Looked[] {
  const root = resolve(plan.source.root);
  return sources.flatMap((source) =>
    patternsOf(plan, window, source).map((segments) => ({ input: source.name, pattern: `${root}/${showSegments(segments)}` })),
  );
}

function patternsOf(plan: Plan, window: Window, source: SourceDescription): Segment[][] {
  const known = source.layouts[plan.source.layout] ?? source.layouts[ANY_LAYOUT] ?? [];
  const templates = plan.source.paths[source.name] ?? known;
  const { account, id } = plan.source;
  const { year, month } = window;
  try {
    return templates.map((template) => expandTemplate(template, { account, source: id, year, month }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RowmillError({
      code: 'PLAN_INVALID',
      message: error.message,
      help: 'Set the value, or give templates of your own in source.paths.',
      retryable: false,
      place: { column: `source.paths.${source.name}` },
    });
  }
}

/** The unit of a root that is a file; null for a folder and for what is not there. */
async function fileAtRoot({ source: { root } }: Plan, sources: readonly SourceDescription[]): Promise<Unit | null> {
  const path = resolve(root);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return null;
  const [only, ...others] = sources;
  if (only && others.length === 0) return toUnit(only.name, path);
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `source.root is a file, and there are ${sources.length} inputs: ${sources.map(({ name }) => name).join(', ')}`,
    help: 'Name the folder that holds the files of all of them.',
    retryable: false,
    place: { file: path, column: 'source.root' },
  });
}

async function toUnits(input: string, paths: readonly string[]): Promise<Unit[]> {
  const units = new Array<Unit | null>(paths.length).fill(null);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < paths.length; index = next++) {
      const path = paths[index];
      if (path !== undefined) units[index] = await toUnit(input, path);
    }
  };
  await Promise.all(Array.from({ length: Math.min(STATS_AT_ONCE, paths.length) }, worker));
  return units.filter((unit) => unit !== null);
}

/** Null for what turns out to be no file (a link to a folder). */
async function toUnit(input: string, path: string): Promise<Unit | null> {
  try {
    const found = await stat(path, { bigint: true });
    return found.isFile() ? { input, uri: path, size: Number(found.size), version: String(found.mtimeNs) } : null;
  } catch (error) {
    throw new RowmillError(
      {
        code: 'INPUT_FILE_UNREADABLE',
        message: `the file cannot be looked at: ${(error as Error).message}`,
        help: 'Check that it was not removed meanwhile, and that this user may read its folder.',
        retryable: true,
        place: { file: path },
      },
      { cause: error },
    );
  }
}

async function nothingFound(plan: Plan, window: Window, sources: readonly SourceDescription[]): Promise<RowmillError> {
  const root = resolve(plan.source.root);
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const patterns = lookedAt(plan, window, sources).map(({ pattern }) => `\n  ${pattern}`);
  return new RowmillError({
    code: 'INPUT_MISSING',
    message: isFolder ? `there are no input files for ${window.start} to ${window.end}` : 'source.root is neither a folder nor a file',
    help: isFolder
      ? `Check source.layout, source.account, source.id and the window. These places were looked at:${patterns.join('')}`
      : 'Check source.root (--source).',
    retryable: false,
    place: { file: root },
  });
}
