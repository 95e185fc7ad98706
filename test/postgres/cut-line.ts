import { connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';

/** A way to the server that can be cut. */
export interface CutLine {
  /** The server's URL, through the proxy. */
  url: string;
  /** Cuts each connection once so many bytes have gone to the server; null lets all through again. */
  cutAfter(bytes: number | null): void;
  /** The same for bytes that come from the server. */
  cutAnswersAfter(bytes: number | null): void;
  /** Bytes that went to the server on all connections. */
  sent(): number;
}

const open: (() => void)[] = [];
after(() => {
  for (const end of open) end();
});

/** Listens in front of a server; ends after the test file. */
export async function proxyTo(url: string): Promise<CutLine> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let limit: number | null = null;
  let answerLimit: number | null = null;
  let total = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let passed = 0;
    let answered = 0;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', (bytes) => {
      passed += bytes.length;
      total += bytes.length;
      if (limit !== null && passed > limit) cut();
      else if (!upstream.write(bytes)) client.pause();
    });
    upstream.on('drain', () => client.resume());
    upstream.on('data', (bytes) => {
      answered += bytes.length;
      if (answerLimit !== null && answered > answerLimit) cut();
      else if (!client.write(bytes)) upstream.pause();
    });
    client.on('drain', () => upstream.resume());
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const through = new URL(url);
  through.port = String(address && typeof address === 'object' ? address.port : 0);
  return {
    url: through.toString(),
    cutAfter(bytes) {
      limit = bytes;
    },
    cutAnswersAfter(bytes) {
      answerLimit = bytes;
    },
    sent: () => total,
  };
}
