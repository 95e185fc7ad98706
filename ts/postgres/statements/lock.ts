import { ask, type Connection, change } from '../connect.js';

/** Waits for the lock of this name and holds it until the transaction ends. */
export async function lockUntilCommit(connection: Connection, name: string): Promise<void> {
  await change(connection, `waiting for the lock ${name}`, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}

/** Takes the lock of this name for as long as the session lives; false where another session has it. */
export async function lockForSession(connection: Connection, name: string): Promise<boolean> {
  const rows = await ask<{ taken: boolean }>(connection, `taking the lock ${name}`, 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [
    name,
  ]);
  return rows[0]?.taken ?? false;
}
