import type { ScalingConfig } from './scaling-config.js';
import { nested, type Settings } from './settings.js';

/** A scaling document as settings of a plan. */
export interface PlanFromScaling {
  /** Settings by section, for a plan of the pipeline `orders`; `source.root` has to be added. */
  settings: Settings;
  /** One line for each part that has no counterpart, or whose meaning is not quite the same. */
  notes: string[];
}

/** How the files are written that this format stands for. */
const FORMATS = { gzip: 'csv.gz', parquet: 'parquet' } as const;

/** What the steps do that rowmill does not. */
const FOREIGN_STEPS = [
  'step_2_classify',
  'step_4_real_metrics',
  'step_5_simulation',
  'step_6_dark_pool',
  'step_7_extended_analysis',
  'step_8_statistics',
] as const;

/**
 * The settings of a plan that does what a document asks for, and what of it a plan cannot say.
 *
 * Days, hours and aggregates mean what they meant to programs that read such documents: local days at +10:00 without daylight saving, an end
 * hour that is included whole, aggregates by UTC. The plan says so, and can be changed.
 */
export function toPlan(config: ScalingConfig): PlanFromScaling {
  const { processing, data_selection: selection, output } = config;
  const { start, end, all_dates } = selection.date_range;
  const settings = nested([
    ['pipeline', 'orders'],
    ...(all_dates ? [] : [['window.start', start] as const, ['window.end', end] as const]),
    ['output.folder', output.output_dir],
    ['output.format', FORMATS[output.format]],
    ['orders.mode', processing.mode],
    ['orders.maxWorkers', processing.max_workers],
    ['orders.chunkSizeMb', processing.chunk_size_mb],
    ['orders.allDates', all_dates],
    ['orders.securityCodes', selection.security_codes],
    ['orders.participantIds', selection.participant_ids],
    ['orders.hoursStart', selection.trading_hours.start],
    ['orders.hoursEnd', selection.trading_hours.end],
    ['orders.hoursEnabled', selection.trading_hours.enabled],
    ['orders.hourEnd', 'hour'],
    ['orders.timezone', '+10:00'],
    ['orders.aggregateZone', 'UTC'],
  ]);
  return { settings, notes: notesOf(config) };
}

function notesOf({ processing, data_selection, pipeline_steps, simulation, output }: ScalingConfig): string[] {
  const { start, end, all_dates } = data_selection.date_range;
  const steps = FOREIGN_STEPS.filter((step) => pipeline_steps[step]);
  const { dark_pool_scenarios: scenarios, price_impact_percent: impact, execution_delay_ms: delay } = simulation;
  return [
    'orders.timezone, orders.hourEnd and orders.aggregateZone keep the meaning that days and hours have in such documents: +10:00 without daylight saving, the end hour included, aggregates by UTC.',
    `processing.chunk_size_mb counts memory of a data frame there and bytes of the file here (${processing.chunk_size_mb}).`,
    `processing.temp_dir (${processing.temp_dir}) and processing.cleanup_temp (${processing.cleanup_temp}) have no counterpart: there are no chunk files. State that does not fit the memory goes to budget.spill and is removed.`,
    `processing.verbose (${processing.verbose}) and output.detailed_logs (${output.detailed_logs}) have no counterpart in a plan: see --quiet, --json and --monitor-log.`,
    ...(all_dates && (start !== null || end !== null) ? [`data_selection.date_range (${start} to ${end}) does not count: all_dates is true.`] : []),
    ...(pipeline_steps.step_1_ingest ? [] : ['pipeline_steps.step_1_ingest is false, but reading is what a run does.']),
    `pipeline_steps has no counterpart beyond reading and aggregating; asked for were: ${steps.join(', ') || 'none'}.`,
    `simulation has no counterpart: dark_pool_scenarios ${scenarios.join(', ') || 'none'}, price_impact_percent ${impact}, execution_delay_ms ${delay}.`,
    `output.aggregate_by (${output.aggregate_by.join(', ') || 'none'}) has no counterpart: all seven aggregates are made in the same pass.`,
    `output.save_intermediate (${output.save_intermediate}) has no counterpart; orders.extract writes the rows that pass the filters.`,
  ];
}
