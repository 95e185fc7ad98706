//! Sums of doubles that do not depend on the order.

/// An exact sum of doubles on a fixed grid of `2^-SCALE`.
///
/// Each value is rounded to the nearest multiple of `2^-SCALE` and added as a 128-bit integer, so any order and any grouping
/// of the same values gives the same bits. What is lost is at most half a step per value; values at or above `2^(53-SCALE)` are
/// taken whole. The range is `±2^(126-SCALE)`: a value or a sum beyond it makes the sum [`FixedSum::is_out_of_range`] for good.
/// `SCALE` is at most 62.
///
/// A superaccumulator over the whole range of doubles would need 17 times the memory per group; the grid is chosen per column so
/// that its step is far below the last digit of the output and its range beyond the output's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedSum<const SCALE: u32>(i128);

/// The value that stands for "out of range" and absorbs everything added to it.
const OUT_OF_RANGE: i128 = i128::MAX;

/// Added to a double of at most `2^51`, it leaves the nearest integer in the lowest bits: quicker than converting, and it rounds.
const ROUNDER: f64 = (3u64 << 51) as f64;
/// A value is taken in two integers: multiples of `2^SPLIT` steps, and steps.
const SPLIT: u32 = 52;
/// Largest magnitude of a sum, as a power of two of steps.
const RANGE: u32 = 126;

impl<const SCALE: u32> Default for FixedSum<SCALE> {
    fn default() -> Self {
        Self(0)
    }
}

impl<const SCALE: u32> FixedSum<SCALE> {
    const STEP: f64 = 1.0 / (1u64 << SCALE) as f64;
    const STEPS_OF_ONE: f64 = (1u64 << SCALE) as f64;
    /// `2^SPLIT` steps, and how many of them make one.
    const UNIT: f64 = (1u64 << SPLIT) as f64 * Self::STEP;
    const UNITS_OF_ONE: f64 = 1.0 / Self::UNIT;
    /// Doubles below this have less than `2^51` units.
    const FAST: f64 = Self::UNIT * (1u64 << 51) as f64;

    /// Adds one value; NaN and infinities make the sum out of range.
    #[inline]
    pub fn add(&mut self, value: f64) {
        if value.abs() < Self::FAST {
            // Both roundings are of at most 2^51, and the rest is exact: it is made of digits that the value has.
            let (units, whole) = rounded(value * Self::UNITS_OF_ONE);
            let (steps, _) = rounded((value - whole * Self::UNIT) * Self::STEPS_OF_ONE);
            self.add_steps((i128::from(units) << SPLIT) + i128::from(steps));
        } else {
            self.add_large(value);
        }
    }

    /// Adds another sum.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        if other.is_out_of_range() || self.is_out_of_range() {
            self.0 = OUT_OF_RANGE;
        } else {
            self.add_steps(other.0);
        }
    }

    /// The sum taken `times` times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        if self.is_out_of_range() {
            return self;
        }
        Self(self.0.checked_mul(i128::from(times)).filter(|steps| in_range(*steps)).unwrap_or(OUT_OF_RANGE))
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

    /// Adds less than `2^126` steps. [`OUT_OF_RANGE`] with so few more or less is out of range, too, so it needs no look.
    #[inline]
    fn add_steps(&mut self, steps: i128) {
        let sum = self.0.wrapping_add(steps);
        self.0 = if in_range(sum) { sum } else { OUT_OF_RANGE };
    }

    /// Such a value is a multiple of the step.
    #[cold]
    fn add_large(&mut self, value: f64) {
        if value.abs() < (1u128 << (RANGE - SCALE)) as f64 {
            self.add_steps((value * Self::STEPS_OF_ONE) as i128);
        } else {
            self.0 = OUT_OF_RANGE;
        }
    }
}

/// Whether these steps are in `[-2^126, 2^126)`: one addition to the upper half, and a look at its sign.
#[inline]
fn in_range(steps: i128) -> bool {
    ((steps >> 64) as i64).wrapping_add(1 << (RANGE - 64)) >= 0
}

/// The integer nearest to a double of at most `2^51`, ties to even; as an integer and as a double.
#[inline]
fn rounded(value: f64) -> (i64, f64) {
    let shifted = value + ROUNDER;
    (shifted.to_bits() as i64 - ROUNDER.to_bits() as i64, shifted - ROUNDER)
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
    fn a_value_is_taken_to_the_nearest_step_and_large_ones_whole() {
        let step = 2f64.powi(-55);
        for (value, steps) in [(step, 1), (0.75 * step, 1), (0.25 * step, 0), (-0.75 * step, -1), (2f64.powi(47) + 0.25, (1i128 << 102) + (1 << 53))]
        {
            assert_eq!(sum(&[value]).steps(), steps, "{value}");
        }
        for power in 40..71 {
            for value in [2f64.powi(power), -2f64.powi(power), 2f64.powi(power) * 1.999_999, 2f64.powi(power) - 2f64.powi(power - 53)] {
                assert_eq!(sum(&[value]).value(), value);
                assert_eq!(sum(&[value]).steps(), (value * 2f64.powi(55)) as i128);
            }
        }
    }

    #[test]
    fn times_is_repeated_addition() {
        assert_eq!(sum(&[0.1]).times(3), sum(&[0.1, 0.1, 0.1]));
    }
}
