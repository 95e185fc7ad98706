import { RowmillError } from '../errors.js';

/** The scaling document: five sections, with the names that files of this form use. */
export interface ScalingConfig {
  processing: {
    mode: 'sequential' | 'parallel';
    /** Threads, at least 1. */
    max_workers: number | 'auto';
    /** Size of a piece of work in MB, at least 32. */
    chunk_size_mb: number | 'auto';
    temp_dir: string;
    cleanup_temp: boolean;
    verbose: boolean;
  };
  data_selection: {
    /** Empty for all. */
    security_codes: number[];
    /** Days `YYYY-MM-DD`, both inclusive; either both or none. */
    date_range: { start: string | null; end: string | null; all_dates: boolean };
    /** Empty for all. */
    participant_ids: number[];
    /** Hours of the day, 0 to 24. */
    trading_hours: { start: number; end: number; enabled: boolean };
  };
  pipeline_steps: {
    step_1_ingest: boolean;
    step_2_classify: boolean;
    step_4_real_metrics: boolean;
    step_5_simulation: boolean;
    step_6_dark_pool: boolean;
    step_7_extended_analysis: boolean;
    step_8_statistics: boolean;
  };
  simulation: { dark_pool_scenarios: string[]; price_impact_percent: number; execution_delay_ms: number };
  output: { format: 'gzip' | 'parquet'; output_dir: string; aggregate_by: string[]; detailed_logs: boolean; save_intermediate: boolean };
}

/** Some of a document; what is missing comes from elsewhere. */
export type Partially<T> = { [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Partially<T[K]> : T[K] };

/** A new document with every default. */
export function defaultScalingConfig(): ScalingConfig {
  return {
    processing: { mode: 'parallel', max_workers: 'auto', chunk_size_mb: 'auto', temp_dir: 'temp_chunks/', cleanup_temp: true, verbose: true },
    data_selection: {
      security_codes: [],
      date_range: { start: null, end: null, all_dates: false },
      participant_ids: [],
      trading_hours: { start: 10, end: 16, enabled: false },
    },
    pipeline_steps: {
      step_1_ingest: true,
      step_2_classify: true,
      step_4_real_metrics: true,
      step_5_simulation: true,
      step_6_dark_pool: true,
      step_7_extended_analysis: false,
      step_8_statistics: false,
    },
    simulation: { dark_pool_scenarios: ['A', 'B', 'C'], price_impact_percent: 0.05, execution_delay_ms: 100 },
    output: {
      format: 'gzip',
      output_dir: 'processed_files/',
      aggregate_by: ['security_code', 'date', 'participant_id'],
      detailed_logs: true,
      save_intermediate: false,
    },
  };
}

/** What the presets of the document set over the defaults: the same numbers as the presets of the plan. */
export const SCALING_PRESETS: ReadonlyMap<string, Partially<ScalingConfig>> = new Map([
  ['laptop', { processing: { mode: 'parallel', max_workers: 2, chunk_size_mb: 256 } }],
  ['workstation', { processing: { mode: 'parallel', max_workers: 7, chunk_size_mb: 400 } }],
  ['server', { processing: { mode: 'parallel', max_workers: 30, chunk_size_mb: 2000 } }],
]);

/** A new document: the base with every value that `over` has; lists are replaced whole. */
export function withSettings(base: ScalingConfig, over: Partially<ScalingConfig>): ScalingConfig {
  return merged(structuredClone(base), over) as ScalingConfig;
}

/** A problem of a document that can be told in one sentence. */
export function scalingError(message: string, help: string, file?: string, cause?: unknown): RowmillError {
  const place = file === undefined ? {} : { file };
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place }, cause === undefined ? {} : { cause });
}

/** Whether a value is an object with members. */
export function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merged(base: unknown, over: unknown): unknown {
  if (!isSection(base) || !isSection(over)) return structuredClone(over);
  for (const [name, value] of Object.entries(over)) if (value !== undefined) base[name] = merged(base[name], value);
  return base;
}
