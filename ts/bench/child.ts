/** The side of a measured process; see {@link takeTurns} for the other one. */

import { RowmillError } from '../errors.js';
import { peakRssBytes } from '../run/peak-memory.js';
import type { Details, Measured } from './measured.js';

/** Work that is to be measured, and what is to be said about it. */
export type Work = () => Promise<Details>;

/**
 * Takes one job from the parent process, prepares its work (libraries, connections: not measured), does it, and answers with what it cost.
 *
 * A failure is answered as data and does not end in a stack trace of this process.
 */
export function serve<Job>(prepare: (job: Job) => Promise<Work>): void {
  process.once('message', (job) => {
    measured(prepare, job as Job).then(
      (answer) => reply({ answer }),
      (error: unknown) => reply({ failure: failureOf(error) }),
    );
  });
}

/** Why a contender failed: in its words, and with the code where it is a failure that people can do something about. */
export interface ContenderFailure {
  text: string;
  known?: Pick<RowmillError, 'code' | 'message' | 'help' | 'retryable' | 'place'>;
}

function failureOf(error: unknown): ContenderFailure {
  if (!(error instanceof RowmillError)) return { text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { code, message, help, retryable, place } = error;
  return { text: message, known: { code, message, help, retryable, place } };
}

function reply(message: object): void {
  process.send?.(message, () => process.disconnect());
}

async function measured<Job>(prepare: (job: Job) => Promise<Work>, job: Job): Promise<Measured> {
  const work = await prepare(job);
  const rssBeforeBytes = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const details = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds, cpuSeconds: (user + system) / 1e6, rssBeforeBytes, peakRssBytes: peakRssBytes(), details };
}
