/** Contenders that did the same work on the same files, and what their figures come to. */

import type { Measured, Phase } from './measured.js';
import { median, range } from './statistics.js';

export interface Comparison {
  /** What was worked on, in a few words. */
  label: string;
  /** Shape of the data, and what was verified of it. */
  data: Record<string, unknown>;
  /** One numerator for all rates: rows and compressed bytes that the base read. */
  work: { rows: number; bytes: number };
  /** The contender that ratios are to. */
  base: string;
  results: Record<string, Measured[]>;
}

/** Medians of one contender. */
export interface Medians {
  contender: string;
  seconds: number;
  cpuSeconds: number;
  cpuRange: { least: number; largest: number };
  rowsPerSecond: number;
  bytesPerSecond: number;
  peakRssBytes: number;
  rssBeforeBytes: number;
  /** Medians divided by those of the base: above 1 is more than the base. */
  cpuRatio: number;
  memoryRatio: number;
}

/** Medians of every contender that was measured, in their order. */
export function mediansOf({ results, base, work }: Comparison): Medians[] {
  const of = (contender: string, figure: 'seconds' | 'cpuSeconds' | 'peakRssBytes' | 'rssBeforeBytes'): number =>
    median((results[contender] ?? []).map((measured) => measured[figure]));
  const names = Object.keys(results).filter((name) => results[name]?.length);
  return names.map((contender) => {
    const [seconds, cpuSeconds, peakRssBytes] = [of(contender, 'seconds'), of(contender, 'cpuSeconds'), of(contender, 'peakRssBytes')];
    return {
      contender,
      seconds,
      cpuSeconds,
      cpuRange: range((results[contender] ?? []).map((measured) => measured.cpuSeconds)),
      rowsPerSecond: work.rows / seconds,
      bytesPerSecond: work.bytes / seconds,
      peakRssBytes,
      rssBeforeBytes: of(contender, 'rssBeforeBytes'),
      cpuRatio: cpuSeconds / of(base, 'cpuSeconds'),
      memoryRatio: peakRssBytes / of(base, 'peakRssBytes'),
    };
  });
}

/** Median CPU seconds of each phase of a contender, in road order; empty where it tells of none. */
export function phasesOf({ results }: Comparison, contender: string): Phase[] {
  const rounds = (results[contender] ?? []).map(({ details }) => details.cpu ?? []);
  const names = (rounds[0] ?? []).map(({ phase }) => phase);
  return names.map((phase) => ({
    phase,
    seconds: median(rounds.flatMap((cpu) => cpu.filter((each) => each.phase === phase).map((each) => each.seconds))),
  }));
}
