/** Figures that were measured under the same conditions. */
export interface Spread {
  runs: number;
  median: number;
  /** Of the sample: divided by one less than the number of runs. */
  standardDeviation: number;
  mean: number;
  least: number;
  largest: number;
  /** Standard deviation by mean, in percent. */
  variationPercent: number;
  /** By the variation: below 5 % high, below 10 % medium. */
  confidence: 'high' | 'medium' | 'low';
}

/** What to do with a change, and why. */
export interface Advice {
  advice: 'keep' | 'revert' | 'measure again';
  reason: string;
  /** Of the medians, in percent of the earlier one. */
  changePercent: number;
  /** Differences below it are noise: twice the standard error of the difference, in percent of the earlier median. */
  noisePercent: number;
}

/** Middle, spread and confidence of some figures. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  const mean = sorted.reduce((sum, figure) => sum + figure, 0) / sorted.length;
  const squares = sorted.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / Math.max(sorted.length - 1, 1));
  const variationPercent = (100 * standardDeviation) / mean;
  const confidence = variationPercent < 5 ? 'high' : variationPercent < 10 ? 'medium' : 'low';
  return { runs: sorted.length, median, standardDeviation, mean, least: at(0), largest: at(sorted.length - 1), variationPercent, confidence };
}

/**
 * Whether a change that was made between two measurements of documents per minute is to be kept.
 *
 * A change that is faster or equal is kept, and a slower one is not; but a difference inside of the noise says neither. Where runs vary by 10 % and
 * more, a small difference is no reason for anything: then it is to be measured again.
 */
export function adviceOn(before: Spread, after: Spread): Advice {
  const changePercent = (100 * (after.median - before.median)) / before.median;
  const error = Math.sqrt(before.standardDeviation ** 2 / before.runs + after.standardDeviation ** 2 / after.runs);
  const noisePercent = (200 * error) / before.median;
  const said = `${changePercent >= 0 ? '+' : ''}${changePercent.toFixed(1)} %, noise ±${noisePercent.toFixed(1)} %`;
  const found = { changePercent, noisePercent };
  if (changePercent > noisePercent) return { advice: 'keep', reason: `faster beyond the noise (${said})`, ...found };
  if (changePercent < -noisePercent) return { advice: 'revert', reason: `slower beyond the noise (${said})`, ...found };
  const isUnsure = before.confidence === 'low' || after.confidence === 'low';
  if (isUnsure) return { advice: 'measure again', reason: `the runs vary too much to tell (${said})`, ...found };
  return { advice: 'keep', reason: `as fast as before, within the noise (${said}); keep it if it makes nothing harder`, ...found };
}
