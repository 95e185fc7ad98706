/** The process of one of our own contenders. */

import { readFile } from 'node:fs/promises';
import { openRun, type Plan, type SourceDescription, type Target, type Unit } from '../addon.js';
import { listUnits } from '../sources/index.js';
import { serve, type Work } from './child.js';

/** What an engine contender is asked to do with every window of a plan. `bytes` reads the files of its inputs whole, and nothing else. */
export interface EngineJob {
  plan: Plan;
  sources: SourceDescription[];
  target: Target | { kind: 'bytes' };
}

serve<EngineJob>(async (job) => (job.target.kind === 'bytes' ? readBytes(job) : run(job, job.target)));

/** Listing files is part of a run. */
function run({ plan, sources }: EngineJob, target: Target): Work {
  return async () => {
    const units = await unitsOf({ plan, sources });
    const handle = await openRun({ plan, window: 0, units, target });
    try {
      while (await handle.next());
      const { rowsRead, bytesRead, rowsOut, spilledBytes, cpu } = handle.counters();
      const file = target.kind === 'parquet' || target.kind === 'folder' ? { file: target.path } : {};
      return { rowsRead, bytesRead, rowsOut, spilledBytes, cpu, ...file };
    } finally {
      await handle.close();
    }
  };
}

function readBytes(job: EngineJob): Work {
  return async () => {
    let bytesRead = 0;
    for (const { uri } of await unitsOf(job)) bytesRead += (await readFile(uri)).length;
    return { bytesRead };
  };
}

async function unitsOf({ plan, sources }: Pick<EngineJob, 'plan' | 'sources'>): Promise<Unit[]> {
  const [window] = plan.windows;
  if (!window) throw new RangeError('the plan has no window');
  return listUnits(plan, window, sources);
}
