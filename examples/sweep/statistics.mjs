// A few numbers about a few thousand numbers.

export function mean(values) {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? 0 : sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Standard deviation of a sample (divided by n - 1); 0 for fewer than two values. */
export function deviation(values) {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * Student's t-test of paired values against no difference, two-sided, with the 95 % interval of the mean difference. Null for fewer than two pairs, and
 * where all differences are equal: there t is no number.
 */
export function pairedTTest(left, right) {
  const differences = left.map((value, at) => value - right[at]);
  const n = differences.length;
  const spread = deviation(differences);
  if (n < 2 || spread === 0) return null;
  const error = spread / Math.sqrt(n);
  const difference = mean(differences);
  const t = difference / error;
  const reach = tQuantile(0.975, n - 1) * error;
  return { n, mean_difference: difference, std_difference: spread, t, p: pOfT(t, n - 1), ci_low: difference - reach, ci_high: difference + reach };
}

/** How likely a t at least as far from 0 is by chance. */
export function pOfT(t, degrees) {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t below which this share of the distribution lies; `share` above a half. */
export function tQuantile(share, degrees) {
  const tail = 2 * (1 - share);
  let [low, high] = [0, 1];
  while (pOfT(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (pOfT(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (Lentz). */
function incompleteBeta(x, a, b) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let [c, d, fraction] = [1, 1 / kept(1 - ((a + b) * x) / (a + 1)), 1];
  fraction = d;
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    const before = fraction;
    for (const term of [even, odd]) {
      d = 1 / kept(1 + term * d);
      c = kept(1 + term / c);
      fraction *= c * d;
    }
    if (Math.abs(fraction / before - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** Away from zero, so that it can be divided by. */
function kept(value) {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function for x of at least a half (Lanczos). */
function logGamma(x) {
  const at = x - 1;
  const series = LANCZOS.slice(1).reduce((total, coefficient, index) => total + coefficient / (at + index + 1), LANCZOS[0]);
  const base = at + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(base) - base + Math.log(series);
}
