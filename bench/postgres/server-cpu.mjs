// CPU seconds of the server process that serves one session: they say whether the server had more to do, or the machine less time for it.

import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc, the same on every Linux that Node runs on. */
const TICKS = 100;

/** User and system seconds of a process so far, from the text of its /proc/<pid>/stat. */
export function secondsIn(stat) {
  // The second field, the name, may hold blanks; it ends at the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** A function that says how many CPU seconds the server has spent on this session since now; null where there is no /proc. */
export async function serverCpu(connection) {
  const { rows } = await connection.query('SELECT pg_backend_pid() AS pid');
  const path = `/proc/${rows[0].pid}/stat`;
  if (process.platform !== 'linux') return () => null;
  const before = secondsIn(readFileSync(path, 'latin1'));
  return () => secondsIn(readFileSync(path, 'latin1')) - before;
}
