import { type Connection, change } from '../connect.js';

const NAME = 'rowmill_part';

/** Begins a part of a transaction that can be taken back alone. */
export async function beginPart(connection: Connection): Promise<void> {
  await change(connection, 'beginning a part of a batch', `SAVEPOINT ${NAME}`);
}

/** Takes back what was done since the part began. */
export async function undoPart(connection: Connection): Promise<void> {
  await change(connection, 'taking back a part of a batch', `ROLLBACK TO SAVEPOINT ${NAME}; RELEASE SAVEPOINT ${NAME}`);
}

/** Keeps what was done since the part began; constraints that would wait for the commit are checked now, while the part can still be undone. */
export async function keepPart(connection: Connection): Promise<void> {
  await change(connection, 'checking constraints', `SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT ${NAME}`);
}
