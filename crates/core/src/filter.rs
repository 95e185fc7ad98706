//! Which rows of an input are wanted, in a form that can be applied to raw bytes, to columns and to statistics.

use std::ops::Range;
use std::sync::Arc;

/// One condition on one integer column; a row with NULL there does not meet it.
#[derive(Clone, Debug)]
pub struct FilterTerm {
    /// What it is about, for counts and reports: `date`, `security`.
    pub name: &'static str,
    /// Position of the column in [`crate::InputSpec::columns`]; its kind is [`crate::ColumnKind::Integer`].
    pub column: usize,
    /// What its value must be.
    pub test: Test,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// One of these values, ascending and without repetition.
    OneOf(Arc<[i64]>),
    /// In one of these ranges: half-open, not empty, ascending, and apart from each other.
    Ranges(Arc<[Range<i64>]>),
}

impl Test {
    /// The test for any of these values, in any order.
    pub fn one_of(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        values.dedup();
        Self::OneOf(values.into())
    }

    /// The test for any of these half-open ranges, in any order; empty ones are left out, and those that touch are joined.
    pub fn ranges(mut ranges: Vec<Range<i64>>) -> Self {
        ranges.retain(|range| range.start < range.end);
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        let mut joined: Vec<Range<i64>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        Self::Ranges(joined.into())
    }

    /// Whether the value passes.
    #[inline]
    pub fn passes(&self, value: i64) -> bool {
        match self {
            Self::OneOf(values) => values.binary_search(&value).is_ok(),
            Self::Ranges(ranges) => {
                let behind = ranges.partition_point(|range| range.start <= value);
                behind > 0 && value < ranges[behind - 1].end
            }
        }
    }

    /// Whether any value from `min` to `max`, both inclusive, passes: `false` rules out everything between them.
    pub fn may_pass(&self, min: i64, max: i64) -> bool {
        match self {
            Self::OneOf(values) => values.get(values.partition_point(|value| *value < min)).is_some_and(|value| *value <= max),
            Self::Ranges(ranges) => ranges.get(ranges.partition_point(|range| range.end <= min)).is_some_and(|range| range.start <= max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_pass_as_they_are_listed_and_ranges_are_half_open() {
        let listed = Test::one_of(vec![5, -3, 5, i64::MAX]);
        assert_eq!([-3, 5, i64::MAX, 0, i64::MIN].map(|value| listed.passes(value)), [true, true, true, false, false]);
        let ranges = Test::ranges(vec![10..20, 30..40, 20..25, 50..50, 12..13]);
        assert_eq!(ranges, Test::Ranges([10..25, 30..40].into()));
        assert_eq!([9, 10, 24, 25, 29, 30, 39, 40].map(|value| ranges.passes(value)), [false, true, true, false, false, true, true, false]);
    }

    #[test]
    fn a_span_is_ruled_out_only_where_none_of_its_values_passes() {
        for test in [Test::one_of(vec![3, 9]), Test::ranges(vec![3..4, 9..10]), Test::one_of(vec![]), Test::ranges(vec![])] {
            for min in 0..12 {
                for max in min..12 {
                    assert_eq!(test.may_pass(min, max), (min..=max).any(|value| test.passes(value)), "{test:?} {min} {max}");
                }
            }
        }
    }
}
