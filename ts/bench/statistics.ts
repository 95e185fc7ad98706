/** Middle of some figures; the mean of the two middle ones where their number is even. NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Least and largest of some figures. */
export function range(figures: readonly number[]): { least: number; largest: number } {
  return { least: Math.min(...figures), largest: Math.max(...figures) };
}
