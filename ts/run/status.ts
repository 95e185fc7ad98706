import { appliedMigration, type StoredRun, selectRuns, withConnection } from '../postgres/index.js';
import type { RunStatus } from './types.js';

/** The newest runs of a ledger, newest first; none where there is no ledger. */
export async function listRuns({ url, ledgerSchema, limit }: { url: string; ledgerSchema: string; limit: number }): Promise<RunStatus[]> {
  const runs = await withConnection(url, async (connection) =>
    (await appliedMigration(connection, ledgerSchema)) > 0 ? selectRuns(connection, ledgerSchema, limit) : [],
  );
  return runs.map(statusOf);
}

function statusOf(run: StoredRun): RunStatus {
  const { id, pipeline, host, pid, windows, windowsLoaded, rowsLoaded, error } = run;
  return {
    runId: id,
    pipeline,
    // Only a living session holds the run's lock; without it, nobody will ever write another state.
    state: run.state === 'running' && !run.alive ? 'interrupted' : run.state,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    host,
    pid,
    windows,
    windowsLoaded,
    rowsLoaded,
    error,
  };
}
