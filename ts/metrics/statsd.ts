import { createSocket, type Socket } from 'node:dgram';
import type { MetricName } from './catalogue.js';
import type { MetricListener } from './metrics.js';

const PREFIX = 'rowmill.';
/** What a datagram may hold without being cut on its way over Ethernet. */
const PACKET_BYTES = 1432;
const FLUSH_MS = 1000;
/** Observations that are held between two flushes; more of them are left out. */
const HELD = 10_000;

export interface StatsdOptions {
  host: string;
  /** UDP. Default: 8125. */
  port?: number;
  /** Milliseconds between two flushes. Default: 1000. */
  flushMs?: number;
}

/**
 * Sends metrics to a StatsD daemon: counters as what was added since the last flush, gauges as they are, seconds as milliseconds.
 *
 * What cannot be sent is lost without a word, and nothing ever waits for it.
 */
export class StatsdSender implements MetricListener {
  readonly #host: string;
  readonly #port: number;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #counted = new Map<MetricName, number>();
  readonly #gauges = new Map<MetricName, number>();
  #observed: string[] = [];

  constructor({ host, port = 8125, flushMs = FLUSH_MS }: StatsdOptions) {
    [this.#host, this.#port] = [host, port];
    this.#socket = createSocket('udp4');
    this.#socket.on('error', () => undefined);
    this.#socket.unref();
    this.#timer = setInterval(() => void this.flush(), flushMs);
    this.#timer.unref();
  }

  counted(name: MetricName, by: number): void {
    this.#counted.set(name, (this.#counted.get(name) ?? 0) + by);
  }

  set(name: MetricName, value: number): void {
    this.#gauges.set(name, value);
  }

  observed(name: MetricName, value: number): void {
    if (this.#observed.length >= HELD) return;
    this.#observed.push(name.endsWith('_seconds') ? `${PREFIX}${name}:${value * 1000}|ms` : `${PREFIX}${name}:${value}|h`);
  }

  /** Sends what came together; answers when it has left this process. */
  async flush(): Promise<void> {
    const counters = [...this.#counted].map(([name, by]) => `${PREFIX}${name}:${by}|c`);
    const gauges = [...this.#gauges].map(([name, value]) => `${PREFIX}${name}:${value}|g`);
    const lines = [...counters, ...gauges, ...this.#observed];
    this.#counted.clear();
    this.#gauges.clear();
    this.#observed = [];
    await Promise.all(packets(lines).map((packet) => this.#send(packet)));
  }

  #send(packet: string): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.send(packet, this.#port, this.#host, () => resolve());
    });
  }

  /** Sends the rest, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    this.#socket.close();
  }
}

/** Lines put together to datagrams, none longer than one may be. */
function packets(lines: readonly string[]): string[] {
  const found: string[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last !== undefined && Buffer.byteLength(last) + 1 + Buffer.byteLength(line) <= PACKET_BYTES) found[found.length - 1] = `${last}\n${line}`;
    else found.push(line);
  }
  return found;
}
