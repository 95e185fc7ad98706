import { ask, type Connection } from '../connect.js';

/** Version as the server prints it, and as a number: 150004 is 15.4. */
export async function serverVersion(connection: Connection): Promise<{ text: string; number: number }> {
  const rows = await ask<{ text: string; number: number }>(
    connection,
    'asking for the version',
    "SELECT current_setting('server_version') AS text, current_setting('server_version_num')::int AS number",
  );
  return rows[0] ?? { text: 'unknown', number: 0 };
}
