import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';

/** From this long after the first signal on, the next one ends the process at once. */
const PATIENCE_MS = 5000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with a signal that fires on Ctrl-C or a termination request.
 *
 * The first request asks politely, so that the open transaction is rolled back and the ledger says so; a hasty second one changes nothing,
 * because terminals and process managers like to send them in pairs.
 */
export async function interruptible<T>(output: Output, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let firstAtMs: number | null = null;
  const onSignal = (name: NodeJS.Signals): void => {
    if (firstAtMs === null) {
      firstAtMs = performance.now();
      output.note(`${name}: stopping; from ${PATIENCE_MS / 1000} seconds on, another one ends the process at once`);
      controller.abort();
    } else if (performance.now() - firstAtMs >= PATIENCE_MS) process.exit(EXIT.interrupted);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, onSignal);
  }
}
