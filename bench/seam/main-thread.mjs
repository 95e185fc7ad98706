// A run of which the JavaScript thread's part is measured; see crossing.mjs. Its job: { plan, sources, columns }.

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { describe, openRun } from '../../dist/addon.js';
import { serve } from '../../dist/bench/child.js';
import { listUnits } from '../../dist/sources/index.js';

/** To rows ready for COPY: all the crossings of a run, and nobody at the other end to wait for. Listing files is part of a run. */
serve(async (job) => {
  // Loads the addon: that is the program's start, and no crossing.
  describe();
  return () => run(job);
});

async function run({ plan, sources, columns }) {
  const cpu = mainThreadCpu();
  const before = performance.eventLoopUtilization();
  const units = await listUnits(plan, plan.windows[0], sources);
  const seam = { cpu: mainThreadCpu(), loop: performance.eventLoopUtilization() };
  const handle = await openRun({ plan, window: 0, units, target: { kind: 'copy', tables: [{ columns }] } });
  let crossings = 1;
  let bytesOut = 0;
  for (let piece = await handle.next(); piece; piece = await handle.next()) {
    bytesOut += piece.bytes.length;
    crossings += 1;
  }
  const { rowsRead, bytesRead, rowsOut } = handle.counters();
  handle.report();
  await handle.close();
  // The last `next`, counters, report and close.
  crossings += 4;
  const after = mainThreadCpu();
  return {
    rowsRead,
    bytesRead,
    rowsOut,
    bytesOut,
    crossings,
    // Busy with anything at all, listing files included; and the part of it since the run was opened.
    mainThreadCpuSeconds: after === null ? null : after - cpu,
    seamCpuSeconds: after === null ? null : after - seam.cpu,
    loopActiveSeconds: performance.eventLoopUtilization(before).active / 1000,
    seamActiveSeconds: performance.eventLoopUtilization(seam.loop).active / 1000,
  };
}

/** Seconds that the thread of JavaScript has been on a processor; null where the kernel does not tell. Its number is that of the process. */
function mainThreadCpu() {
  if (process.platform !== 'linux') return null;
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e9;
}
