// Types of compare.mjs, for tests.

/** Instructions of each kernel by its name, and under which conditions they were counted. */
export interface Counts {
  readonly made: Readonly<Record<string, string>>;
  readonly kernels: Readonly<Record<string, number>>;
}

/** What became of one kernel: `unknown` is not in the baseline, `missing` is nowhere else. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'same' | 'better' | 'worse' | 'unknown' | 'missing';
  /** One line for people. */
  readonly line: string;
}

export interface Comparison {
  /** Whether no kernel is worse, unknown or missing, and there is one at all. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Everything that people should read. */
  readonly lines: readonly string[];
}

/** A change of more than this part of the baseline's count, in percent, is one. */
export const TOLERANCE_PERCENT: number;

/** Compares what was measured with the baseline. A pure function. */
export function compare(baseline: Counts, measured: Counts): Comparison;
