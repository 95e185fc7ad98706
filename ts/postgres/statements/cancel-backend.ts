import { ask, type Connection, change } from '../connect.js';

/** Number of the server process behind a session. */
export async function backendPid(connection: Connection): Promise<number> {
  const rows = await ask<{ pid: number }>(connection, 'asking for the session number', 'SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

/** Stops the statement that another session of the same user is running. */
export async function cancelBackend(connection: Connection, pid: number): Promise<void> {
  await change(connection, 'stopping a statement', 'SELECT pg_cancel_backend($1)', [pid]);
}
