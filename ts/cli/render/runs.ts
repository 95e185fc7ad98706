import type { RunStatus } from '../../run/index.js';
import { count } from './quantities.js';
import { table } from './table.js';

/** Runs as the ledger knows them, newest first. */
export function renderRuns(runs: readonly RunStatus[]): string {
  if (runs.length === 0) return 'no runs';
  const head = ['run', 'state', 'pipeline', 'started', 'windows', 'rows', ''];
  const rows = runs.map((run) => [
    run.runId,
    run.state,
    run.pipeline,
    run.startedAt,
    `${run.windowsLoaded}/${run.windows}`,
    count(run.rowsLoaded),
    run.error ? `${run.error.code}: ${run.error.message}` : run.state === 'running' ? `${run.host} ${run.pid}` : '',
  ]);
  return table([head, ...rows], [false, false, false, false, true, true]);
}
