//! Sums of doubles that do not depend on the order.

/// An exact sum of doubles on a fixed grid of `2^-SCALE`.
///
/// Each value is cut (towards zero) to a multiple of `2^-SCALE` and added as a 128-bit integer, so any order and any grouping
/// of the same values gives the same bits. The cut is at most `2^-SCALE` per value; values at or above `2^(53-SCALE)` are
/// taken whole. The range is `±2^(126-SCALE)`: a value or a sum beyond it makes the sum [`FixedSum::is_out_of_range`] for good.
///
/// A superaccumulator over the whole range of doubles would need 17 times the memory per group; the grid is chosen per column so
/// that its step is far below the last digit of the output and its range beyond the output's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedSum<const SCALE: u32>(i128);

/// The value that stands for "out of range" and absorbs everything added to it.
const OUT_OF_RANGE: i128 = i128::MAX;

/// Doubles below this convert to 64-bit integers directly.
const FAST: f64 = (1u64 << 62) as f64;

impl<const SCALE: u32> Default for FixedSum<SCALE> {
    fn default() -> Self {
        Self(0)
    }
}

impl<const SCALE: u32> FixedSum<SCALE> {
    const STEP: f64 = 1.0 / (1u64 << SCALE) as f64;

    /// Adds one value; NaN and infinities make the sum out of range.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let cut = if value.abs() < FAST {
            let whole = value as i64;
            let rest = value - whole as f64;
            (i128::from(whole) << SCALE) + i128::from((rest * (1u64 << SCALE) as f64) as i64)
        } else {
            Self::cut_large(value)
        };
        self.add_cut(cut);
    }

    /// Adds another sum.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        self.add_cut(other.0);
    }

    /// The sum taken `times` times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        if self.is_out_of_range() {
            return self;
        }
        Self(self.0.checked_mul(i128::from(times)).unwrap_or(OUT_OF_RANGE))
    }

    /// Whether a value or the sum left the range.
    pub fn is_out_of_range(self) -> bool {
        self.0 == OUT_OF_RANGE
    }

    /// The nearest double (ties to even); infinity where the sum is out of range.
    pub fn value(self) -> f64 {
        if self.is_out_of_range() { f64::INFINITY } else { self.0 as f64 * Self::STEP }
    }

    /// The sum in steps of the grid, for carrying it elsewhere.
    pub fn steps(self) -> i128 {
        self.0
    }

    /// The inverse of [`FixedSum::steps`].
    pub fn from_steps(steps: i128) -> Self {
        Self(steps)
    }

    #[inline]
    fn add_cut(&mut self, cut: i128) {
        self.0 = match self.0.checked_add(cut) {
            Some(sum) if cut != OUT_OF_RANGE && self.0 != OUT_OF_RANGE => sum,
            _ => OUT_OF_RANGE,
        };
    }

    #[cold]
    fn cut_large(value: f64) -> i128 {
        let limit = (1u128 << (126 - SCALE)) as f64;
        if value.abs() < limit { (value as i128) << SCALE } else { OUT_OF_RANGE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Sum = FixedSum<55>;

    fn sum(values: &[f64]) -> Sum {
        let mut sum = Sum::default();
        values.iter().for_each(|value| sum.add(*value));
        sum
    }

    #[test]
    fn any_order_and_grouping_gives_the_same_bits() {
        let values: Vec<f64> = (0..1000).map(|number| f64::from(number * 7919 % 1000) * 0.1 + 1e9 / f64::from(number + 1)).collect();
        let forwards = sum(&values);
        let mut backwards = values.clone();
        backwards.reverse();
        assert_eq!(forwards, sum(&backwards));
        let mut halves = sum(&values[..300]);
        halves.merge(sum(&values[300..]));
        assert_eq!(forwards, halves);
        let naive: f64 = values.iter().sum();
        assert!((forwards.value() - naive).abs() <= naive * 1e-14);
    }

    #[test]
    fn values_come_back_exactly_where_the_grid_allows() {
        for value in [0.0, -0.5, 3600.0, 1e15 + 0.125, -7.25e18, 4.6e18, 1.2e21, -1.2e21] {
            assert_eq!(sum(&[value]).value(), value);
        }
        assert!((sum(&[0.1, 0.2]).value() - 0.3).abs() < 1e-15);
        assert_eq!(sum(&[1e20, 0.5, -1e20]).value(), 0.5);
    }

    #[test]
    fn out_of_range_is_for_good() {
        for value in [1e22, -1e22, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut out = sum(&[1.0, value, -1.0]);
            assert!(out.is_out_of_range() && out.value() == f64::INFINITY, "{value}");
            out.merge(sum(&[-5.0]));
            assert!(out.times(3).is_out_of_range());
        }
        let mut nearly = sum(&[2.3e21]);
        nearly.merge(sum(&[2.3e21]));
        assert!(nearly.is_out_of_range() || nearly.value() == 4.6e21);
    }

    #[test]
    fn times_is_repeated_addition() {
        assert_eq!(sum(&[0.1]).times(3), sum(&[0.1, 0.1, 0.1]));
    }
}
