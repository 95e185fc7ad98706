import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Problem, RowmillError } from '../errors.js';
import { type HardwareFacts, readHardware } from './hardware.js';
import { isSection, type ScalingConfig, withSettings } from './scaling-config.js';
import { loadScalingConfig } from './scaling-config-file.js';
import { sizingOf } from './sizing.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Everything that is wrong with the values of a document, all at once; an empty list where it is good. Nothing is made: a folder that does not
 * exist is good where it could be made.
 */
export function validateScalingConfig(config: ScalingConfig): Problem[] {
  return [...processing(config), ...selection(config), ...steps(config), ...simulation(config), ...output(config)];
}

/** How {@link readScalingConfig} reads. */
export interface ReadScalingOptions {
  /** Whether `auto` becomes the number for this machine. Default true; numbers are never changed. */
  optimise?: boolean;
  /** The machine to size for; this one where absent. */
  facts?: HardwareFacts;
}

/**
 * Reads a document, puts numbers where it says `auto`, and checks it.
 *
 * @throws RowmillError `PLAN_INVALID`: what {@link loadScalingConfig} throws, or `Invalid configuration` with every problem
 */
export async function readScalingConfig(source: string | null, options: ReadScalingOptions = {}): Promise<ScalingConfig> {
  const loaded = await loadScalingConfig(source);
  const config = options.optimise === false ? loaded : optimiseScalingConfig(loaded, options.facts ?? readHardware());
  const problems = validateScalingConfig(config);
  if (problems.length === 0) return config;
  const help = 'docs/scaling.md lists every field with what it takes.';
  const place = source === null ? {} : { file: source };
  throw new RowmillError({ code: 'PLAN_INVALID', message: 'Invalid configuration', help, retryable: false, place, problems });
}

/** The document with the machine's numbers where it says `auto`. */
export function optimiseScalingConfig(config: ScalingConfig, facts: HardwareFacts): ScalingConfig {
  const { workers, chunkMb } = sizingOf(facts);
  const { max_workers, chunk_size_mb } = config.processing;
  const processing = { ...(max_workers === 'auto' ? { max_workers: workers } : {}), ...(chunk_size_mb === 'auto' ? { chunk_size_mb: chunkMb } : {}) };
  return withSettings(config, { processing });
}

function processing({ processing: given }: ScalingConfig): Problem[] {
  const { mode, max_workers, chunk_size_mb, temp_dir } = given;
  return [
    ...unless(mode === 'sequential' || mode === 'parallel', 'processing.mode', `Invalid processing mode: ${shown(mode)}`, mode),
    ...unless(
      max_workers === 'auto' || isWhole(max_workers, 1),
      'processing.max_workers',
      `max_workers must be 'auto' or integer >= 1, got ${shown(max_workers)}`,
      max_workers,
    ),
    ...unless(
      chunk_size_mb === 'auto' || isWhole(chunk_size_mb, 32),
      'processing.chunk_size_mb',
      `chunk_size_mb must be 'auto' or integer >= 32, got ${shown(chunk_size_mb)}`,
      chunk_size_mb,
    ),
    ...unless(isText(temp_dir), 'processing.temp_dir', 'temp_dir must be the path of a folder', temp_dir),
    ...flags('processing', given, ['cleanup_temp', 'verbose']),
  ];
}

function selection({ data_selection: { security_codes, date_range, participant_ids, trading_hours } }: ScalingConfig): Problem[] {
  const { start, end } = trading_hours;
  const areHours = isWhole(start, 0) && isWhole(end, 0) && start < end && end <= 24;
  const path = 'data_selection';
  return [
    ...unless(areIntegers(security_codes), `${path}.security_codes`, 'security_codes must be a list of integers', security_codes),
    ...unless(isDateRange(date_range), `${path}.date_range`, 'Invalid date range', date_range),
    ...flags(`${path}.date_range`, date_range, ['all_dates']),
    ...unless(areIntegers(participant_ids), `${path}.participant_ids`, 'participant_ids must be a list of integers', participant_ids),
    ...unless(areHours, `${path}.trading_hours`, 'trading_hours must be integers with 0 <= start < end <= 24', trading_hours),
    ...flags(`${path}.trading_hours`, trading_hours, ['enabled']),
  ];
}

/** Days are days wherever they are given, also where all dates are asked for; else there are both or none, in order. */
function isDateRange({ start, end, all_dates }: ScalingConfig['data_selection']['date_range']): boolean {
  if (![start, end].every((day) => day === null || isDay(day))) return false;
  if (start === null || end === null) return all_dates || (start === null && end === null);
  return all_dates || start <= end;
}

function steps({ pipeline_steps }: ScalingConfig): Problem[] {
  return flags('pipeline_steps', pipeline_steps, Object.keys(pipeline_steps));
}

function simulation({
  simulation: { dark_pool_scenarios: scenarios, price_impact_percent: impact, execution_delay_ms: delay },
}: ScalingConfig): Problem[] {
  return [
    ...unless(areTexts(scenarios), 'simulation.dark_pool_scenarios', 'dark_pool_scenarios must be a list of texts', scenarios),
    ...unless(Number.isFinite(impact), 'simulation.price_impact_percent', 'price_impact_percent must be a number', impact),
    ...unless(isWhole(delay, 0), 'simulation.execution_delay_ms', 'execution_delay_ms must be an integer >= 0', delay),
  ];
}

function output({ output: given }: ScalingConfig): Problem[] {
  const { format, output_dir, aggregate_by } = given;
  const reason = isText(output_dir) ? whyNotAFolder(output_dir) : 'the path is empty or no text';
  return [
    ...unless(format === 'gzip' || format === 'parquet', 'output.format', `Unknown format: ${shown(format)}`, format),
    ...unless(reason === null, 'output.output_dir', `Cannot create output directory: ${reason}`, output_dir),
    ...unless(areTexts(aggregate_by), 'output.aggregate_by', 'aggregate_by must be a list of texts', aggregate_by),
    ...flags('output', given, ['detailed_logs', 'save_intermediate']),
  ];
}

/** Why this folder neither is there nor can be made; null where it can. */
function whyNotAFolder(folder: string): string | null {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      if (!statSync(path).isDirectory()) return `${path} is a file`;
      accessSync(path, constants.W_OK | constants.X_OK);
      return null;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!['ENOENT', 'ENOTDIR'].includes(code ?? '') || path === dirname(path)) return message;
    }
  }
}

function unless(isGood: boolean, path: string, message: string, value: unknown): Problem[] {
  return isGood ? [] : [{ path, message, value, allowed: '', origin: '' }];
}

function flags(path: string, section: object, names: readonly string[]): Problem[] {
  const values = isSection(section) ? section : {};
  return names.flatMap((name) => unless(typeof values[name] === 'boolean', `${path}.${name}`, `${name} must be true or false`, values[name]));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function areIntegers(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isSafeInteger);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** A day of the calendar: `2024-02-30` is none. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !DAY.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}
