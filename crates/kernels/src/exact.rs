//! Sums of squares that never round, and what follows from them.

use std::ops::{Add, Sub};

/// A sum of squares of 64-bit integers, exact for up to `2^66` of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SquareSum {
    low: u128,
    carries: u64,
}

impl SquareSum {
    /// Adds the square of a value.
    #[inline]
    pub fn add(&mut self, value: i64) {
        let magnitude = u128::from(value.unsigned_abs());
        let (low, carry) = self.low.overflowing_add(magnitude * magnitude);
        self.low = low;
        self.carries += u64::from(carry);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        let (low, carry) = self.low.overflowing_add(other.low);
        self.low = low;
        self.carries += other.carries + u64::from(carry);
    }

    /// The sum, where it is below `2^127`.
    pub fn total(self) -> Option<i128> {
        if self.carries == 0 { i128::try_from(self.low).ok() } else { None }
    }

    /// The lower 128 bits and what is above them, for carrying the sum elsewhere.
    pub fn parts(self) -> (u128, u64) {
        (self.low, self.carries)
    }

    /// The inverse of [`SquareSum::parts`].
    pub fn from_parts((low, carries): (u128, u64)) -> Self {
        Self { low, carries }
    }

    /// Sample standard deviation (divided by `count - 1`) of `count` integers with this sum of squares and the sum `sum`.
    ///
    /// `None` for fewer than two values. The squares are first moved, exactly, to the integer nearest to the mean, so nothing cancels:
    /// the result is within a few units of the last place.
    pub fn deviation(self, count: u64, sum: i128) -> Option<f64> {
        if count < 2 {
            return None;
        }
        let many = i128::from(count);
        let mut centre = sum.div_euclid(many);
        let mut rest = sum.rem_euclid(many);
        if rest * 2 > many {
            centre += 1;
            rest -= many;
        }
        // Sum of (q - centre)^2 = squares - centre * sum - centre * rest, because sum = count * centre + rest.
        let moved = Wide { low: self.low, high: self.carries.into() } - Wide::product(sum, centre) - Wide::product(rest, centre);
        let rest = rest as f64;
        let around_mean = moved.value() - rest * rest / count as f64;
        Some((around_mean.max(0.0) / (count - 1) as f64).sqrt())
    }
}

/// A 256-bit integer, as two's complement.
#[derive(Clone, Copy)]
struct Wide {
    low: u128,
    high: i128,
}

impl Wide {
    /// The product of two integers of which `right` has at most 64 bits and a sign.
    fn product(left: i128, right: i128) -> Self {
        let (a, b) = (left.unsigned_abs(), right.unsigned_abs());
        let (below, above) = ((a & u128::from(u64::MAX)) * b, (a >> 64) * b);
        let magnitude = Self { low: below, high: 0 } + Self { low: above << 64, high: (above >> 64) as i128 };
        if (left < 0) == (right < 0) { magnitude } else { Self { low: 0, high: 0 } - magnitude }
    }

    fn value(self) -> f64 {
        self.high as f64 * 2f64.powi(128) + self.low as f64
    }
}

impl Add for Wide {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (low, carry) = self.low.overflowing_add(other.low);
        Self { low, high: self.high.wrapping_add(other.high).wrapping_add(i128::from(carry)) }
    }
}

impl Sub for Wide {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        Self { low, high: self.high.wrapping_sub(other.high).wrapping_sub(i128::from(borrow)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(values: &[i64]) -> Option<f64> {
        let mut squares = SquareSum::default();
        values.iter().for_each(|value| squares.add(*value));
        squares.deviation(values.len() as u64, values.iter().map(|value| i128::from(*value)).sum())
    }

    #[test]
    fn one_value_has_no_deviation_and_equal_ones_have_none_to_speak_of() {
        assert_eq!(deviation(&[]), None);
        assert_eq!(deviation(&[5]), None);
        for value in [0, 7, -7, i64::MAX, i64::MIN, 7_900_000_000_000_000_003] {
            assert_eq!(deviation(&[value; 9]), Some(0.0), "{value}");
        }
    }

    #[test]
    fn small_differences_of_huge_values_are_not_lost() {
        let plain = deviation(&[1, 2, 3, 4, 10]).unwrap();
        for shift in [0, 1_000_000_007, -9_223_372_036_854_775_000, 9_223_372_036_854_775_000] {
            assert_eq!(deviation(&[1 + shift, 2 + shift, 3 + shift, 4 + shift, 10 + shift]), Some(plain), "{shift}");
        }
        assert!((plain - 12.5f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn extremes_fit() {
        let values: Vec<i64> = (0..1000).map(|at| if at % 2 == 0 { i64::MIN } else { i64::MAX }).collect();
        let expected = 2f64.powi(63) * (1000.0f64 / 999.0).sqrt();
        assert!((deviation(&values).unwrap() / expected - 1.0).abs() < 1e-15);
    }

    #[test]
    fn sums_of_parts_are_the_sum_of_all() {
        let mut parts = [SquareSum::default(); 2];
        let mut all = SquareSum::default();
        for value in [i64::MIN, i64::MAX, i64::MIN, 3, i64::MIN, i64::MIN] {
            parts[usize::from(value > 0)].add(value);
            all.add(value);
        }
        let [mut left, right] = parts;
        left.merge(SquareSum::from_parts(right.parts()));
        assert_eq!(left, all);
        assert_eq!((all.total(), SquareSum::from_parts((9, 0)).total()), (None, Some(9)));
    }
}
