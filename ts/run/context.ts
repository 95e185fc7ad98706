import { randomUUID } from 'node:crypto';
import { type Description, describe, type Origin, type PipelineDescription, type Plan, type TableDescription } from '../addon.js';
import { RowmillError } from '../errors.js';
import { PIPELINES, type PipelineRules } from '../pipelines/index.js';
import type { RetryOptions } from './retry.js';
import type { Watch } from './types.js';

/** What all windows of a run share. */
export interface RunContext {
  runId: string;
  plan: Plan;
  origins: Origin[];
  pipeline: PipelineDescription;
  /** What it writes, in the engine's order; never empty. */
  tables: readonly TableDescription[];
  rules: PipelineRules;
  watch: Watch;
  /** `performance.now()` at the start. */
  startedAtMs: number;
  notes: string[];
  /** Keeps a line for the report and hands it to who watches. */
  note(line: string): void;
}

/** Makes the context of a run. */
export function newContext(plan: Plan, origins: Origin[], watch: Watch, runId: string = randomUUID()): RunContext {
  const { pipeline, tables, rules } = knowledgeOf(plan.pipeline, describe());
  const notes: string[] = [];
  const note = (line: string): void => {
    notes.push(line);
    watch.onNote?.(line);
  };
  return { runId, plan, origins, pipeline, tables, rules, watch, startedAtMs: performance.now(), notes, note };
}

/** What both sides know of a pipeline. */
export function knowledgeOf(
  name: string,
  description: Description,
): { pipeline: PipelineDescription; tables: readonly TableDescription[]; rules: PipelineRules } {
  const pipeline = description.pipelines.find((each) => each.name === name);
  const rules = PIPELINES.find((each) => each.name === name);
  if (pipeline && rules) return { pipeline, tables: pipeline.tables, rules };
  const known = description.pipelines.map((each) => each.name).join(', ');
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: `there is no pipeline ${name}`,
    help: `Known pipelines: ${known}.`,
    retryable: false,
    place: { column: 'pipeline', value: name },
  });
}

/** How this run tries again: until it is cancelled, and saying so. */
export function retryOptions({ watch: { signal }, note }: RunContext): RetryOptions {
  const onRetry: RetryOptions['onRetry'] = (error, waitMs) => note(`${error.message}; trying again in ${waitMs / 1000} s`);
  return signal ? { signal, onRetry } : { onRetry };
}

/**
 * The table of this name, or the only one of a pipeline where no name is given.
 *
 * @throws RowmillError `PLAN_INVALID` where there is no such table, or several to choose from
 */
export function tableNamed(pipeline: string, tables: readonly TableDescription[], name: string | undefined): TableDescription {
  const found = name === undefined && tables.length === 1 ? tables[0] : tables.find((table) => table.name === name);
  if (found) return found;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: name === undefined ? `${pipeline} writes ${tables.length} tables: say which` : `${pipeline} has no table ${name}`,
    help: `Give one of them with --table: ${tables.map((table) => table.name).join(', ')}.`,
    retryable: false,
    place: { column: 'table', ...(name === undefined ? {} : { value: name }) },
  });
}

/** Seconds since the run began. */
export function secondsOf(context: RunContext): number {
  return (performance.now() - context.startedAtMs) / 1000;
}

/** The failure of a run that was told to stop. */
export function cancelled(): RowmillError {
  return new RowmillError({
    code: 'RUN_CANCELLED',
    message: 'the run was cancelled',
    help: 'Nothing of the open window was kept. `rowmill resume` goes on from here.',
    retryable: true,
    place: {},
  });
}

/** The database URL, or the reason why it is needed. */
export function databaseUrl(plan: Plan): string {
  if (plan.database.url) return plan.database.url;
  throw new RowmillError({
    code: 'PLAN_INVALID',
    message: 'neither a database nor an output file or folder is given',
    help:
      'Set database.url (--database postgres://user@host:5432/name), or do without a server: output.file (--out FILE.parquet) for a pipeline with ' +
      'one table, output.folder (--out-dir FOLDER) for any.',
    retryable: false,
    place: { column: 'database.url' },
  });
}
