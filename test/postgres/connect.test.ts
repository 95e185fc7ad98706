import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, countRows, describeUrl, disconnect, inTransaction, startEmbedded } from '#ts/postgres/index.js';
import { proxyTo } from './cut-line.js';
import { databaseUrl, freshDatabase, restrictedUser, session, sql } from './support.js';

test('a port where nobody listens is unreachable, and the password is not shown', async () => {
  await assert.rejects(connect('postgres://me:secret@127.0.0.1:1/db'), (error: Error & { code: string }) => {
    assert.equal(error.code, 'SINK_DATABASE_UNREACHABLE');
    assert.match(error.message, /me@127.0.0.1:1\/db.*ECONNREFUSED/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test('a host that does not exist is unreachable', async () => {
  await assert.rejects(connect('postgres://me@no-such-host.invalid/db'), { code: 'SINK_DATABASE_UNREACHABLE' });
});

test('a wrong password and a wrong database are refused logins', async () => {
  const url = await freshDatabase();
  const wrong = databaseUrl(url, 'postgres', { name: 'postgres', password: 'wrong' });
  await assert.rejects(connect(wrong).then(disconnect), { code: 'SINK_LOGIN_REFUSED', message: /28P01/, retryable: false });
  await assert.rejects(connect(databaseUrl(url, 'no_such_database')), { code: 'SINK_LOGIN_REFUSED', message: /3D000/ });
});

test('TLS that the server does not speak is a refused login that names sslmode', async () => {
  const url = `${await freshDatabase()}?sslmode=require`;
  await assert.rejects(connect(url), { code: 'SINK_LOGIN_REFUSED', help: /sslmode/ });
});

test('something that is not PostgreSQL is an error and not a wait for ever', { timeout: 15_000 }, async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  await assert.rejects(connect(`postgres://me@127.0.0.1:${port}/db`), { name: 'RowmillError' });
});

test('a URL that is none is described without repeating it', () => {
  assert.match(describeUrl('secret stuff'), /not a URL/);
});

test('a lost session fails the next statement as lost, and does not end the process', { timeout: 15_000 }, async () => {
  const proxy = await proxyTo(await freshDatabase());
  const connection = await session(proxy.url);
  proxy.cutAfter(0);
  await assert.rejects(
    inTransaction(connection, 'working', () => Promise.resolve()),
    { code: 'SINK_CONNECTION_LOST' },
  );
});

test('a user without a right is told so with the code for it', async () => {
  const url = await freshDatabase();
  await sql(url, 'CREATE TABLE hidden (day date)');
  const connection = await session((await restrictedUser(url)).url);
  const october = { dayColumn: 'day', firstDay: '2025-10-01', lastDay: '2025-10-31', equal: {}, where: '' };
  await assert.rejects(countRows(connection, { schema: 'public', name: 'hidden' }, october), { code: 'SINK_RIGHTS_MISSING', message: /42501/ });
});

test('a server of our own starts, answers, and leaves neither process nor folder', async () => {
  const server = await startEmbedded();
  assert.equal((await sql<{ one: number }>(server.url, 'SELECT 1 AS one'))[0]?.one, 1);
  await server.stop();
  await server.stop();
  assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
  await assert.rejects(connect(server.url), { code: 'SINK_DATABASE_UNREACHABLE' });
});

test('a server of our own ends with a process that a signal ends', async () => {
  const program = "const { startEmbedded } = await import('#ts/postgres/index.js'); const server = await startEmbedded(); console.log(server.url)";
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'], cwd: process.cwd() });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const closed = once(child, 'close');
    child.kill(signal);
    assert.deepEqual(await closed, [null, signal]);
    await wait(500);
    await assert.rejects(connect(line.toString().trim()), { code: 'SINK_DATABASE_UNREACHABLE' });
  }
});
