//! Which rows of one key belong together, where their measures are not exactly the same.

use std::cmp::Ordering;

use super::fetch::Amounts;

/// Comparisons up to which every row of a key is tried with every other; beyond it rows meet in the order of their measures.
const TRIED_PAIRS: usize = 1 << 16;

/// Units of 10^-15 by which numbers that were rounded from nearly the same double may differ.
const ROUNDING_UNITS: u128 = 5;

/// Rows of one key, as places in [`Amounts`].
pub struct Pairing {
    /// Pairs that are equal within the tolerance.
    pub matched: u64,
    /// Pairs that are not, in the order of their measures.
    pub different: Vec<(usize, usize)>,
    /// Rows left over on the left, where there are more of them.
    pub only_left: Vec<usize>,
    /// Rows left over on the right, where there are more of them.
    pub only_right: Vec<usize>,
}

/// Pairs the rows of one key: first those that are equal within the tolerance, then the rest in the order of their measures.
pub fn pair(left: (&Amounts, &[usize]), right: (&Amounts, &[usize]), tolerance: f64) -> Pairing {
    let (mut lefts, mut rights) = (ordered(left), ordered(right));
    let same = |one: usize, other: usize| equal(left.0.row(one), right.0.row(other), tolerance);
    let before = lefts.len();
    if lefts.len() * rights.len() <= TRIED_PAIRS {
        lefts.retain(|one| match rights.iter().position(|other| same(*one, *other)) {
            Some(at) => {
                rights.remove(at);
                false
            }
            None => true,
        });
    } else {
        let met: Vec<bool> = lefts.iter().zip(&rights).map(|(one, other)| same(*one, *other)).collect();
        let unmet = |rows: Vec<usize>| rows.into_iter().enumerate().filter(|(at, _)| !met.get(*at).is_some_and(|met| *met)).map(|(_, row)| row);
        (lefts, rights) = (unmet(lefts).collect(), unmet(rights).collect());
    }
    let matched = (before - lefts.len()) as u64;
    let pairs = lefts.len().min(rights.len());
    let (only_left, only_right) = (lefts.split_off(pairs), rights.split_off(pairs));
    Pairing { matched, different: lefts.into_iter().zip(rights).collect(), only_left, only_right }
}

fn ordered((amounts, rows): (&Amounts, &[usize])) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_by(|one, other| amounts.row(*one).cmp(amounts.row(*other)));
    rows
}

fn equal(left: &[Option<i128>], right: &[Option<i128>], tolerance: f64) -> bool {
    left.iter().zip(right).all(|(left, right)| close(*left, *right, tolerance))
}

/// Whether two measures count as equal: both NULL, or apart by at most `tolerance` of the larger one, or by less than
/// [`ROUNDING_UNITS`].
fn close(left: Option<i128>, right: Option<i128>, tolerance: f64) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            let apart = left.abs_diff(right);
            apart < ROUNDING_UNITS || apart as f64 <= tolerance * left.unsigned_abs().max(right.unsigned_abs()) as f64
        }
        _ => false,
    }
}

/// The measure by which two rows differ most, relative to its size; NULL against a value differs most of all.
pub fn worst(left: &[Option<i128>], right: &[Option<i128>], tolerance: f64) -> Option<usize> {
    let apart = |at: &usize| match (left[*at], right[*at]) {
        (Some(left), Some(right)) => left.abs_diff(right) as f64 / (left.unsigned_abs().max(right.unsigned_abs()).max(1)) as f64,
        _ => f64::INFINITY,
    };
    let first_of_largest = |one: &usize, other: &usize| apart(one).partial_cmp(&apart(other)).unwrap_or(Ordering::Equal).then(other.cmp(one));
    (0..left.len()).filter(|at| !close(left[*at], right[*at], tolerance)).max_by(first_of_largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i128 = 1_000_000_000_000_000;

    #[test]
    fn the_tolerance_is_relative_and_includes_its_edge() {
        let cases = [
            (ONE, ONE, 0.0, true),
            (ONE, ONE + 4, 0.0, true),
            (ONE, ONE + 5, 0.0, false),
            (0, 4, 0.0, true),
            (-2, 2, 0.0, true),
            (1000 * ONE, 999 * ONE, 0.001, true),
            (1000 * ONE, 998 * ONE, 0.001, false),
            (-1000 * ONE, -999 * ONE, 0.001, true),
            (1000 * ONE, -1000 * ONE, 0.001, false),
            (i128::MAX, i128::MIN, 0.5, false),
        ];
        for (left, right, tolerance, expected) in cases {
            assert_eq!(close(Some(left), Some(right), tolerance), expected, "{left} {right} {tolerance}");
            assert_eq!(close(Some(right), Some(left), tolerance), expected, "{right} {left} {tolerance}");
        }
        assert!(close(None, None, 0.0) && !close(None, Some(0), 1.0));
    }

    #[test]
    fn noise_in_the_first_measure_does_not_swap_partners() {
        let left = Amounts::of(&[&[Some(ONE), Some(5 * ONE)], &[Some(ONE + 100), Some(2 * ONE)]]);
        let right = Amounts::of(&[&[Some(ONE + 100), Some(5 * ONE)], &[Some(ONE), Some(2 * ONE)]]);
        let paired = pair((&left, &[0, 1]), (&right, &[0, 1]), 1e-9);
        assert_eq!((paired.matched, paired.different.len()), (2, 0));
    }

    #[test]
    fn what_is_left_over_is_paired_in_order_and_the_rest_stays_alone() {
        let left = Amounts::of(&[&[Some(3 * ONE)], &[None], &[Some(ONE)]]);
        let right = Amounts::of(&[&[Some(ONE)], &[Some(4 * ONE)]]);
        let paired = pair((&left, &[0, 1, 2]), (&right, &[0, 1]), 0.0);
        assert_eq!((paired.matched, paired.different, paired.only_left, paired.only_right), (1, vec![(1, 1)], vec![0], vec![]));
        assert_eq!(worst(left.row(1), right.row(1), 0.0), Some(0));
    }

    #[test]
    fn thousands_of_rows_of_one_key_are_paired_in_the_order_of_their_measures() {
        let rows: Vec<[Option<i128>; 1]> = (0..4_000).map(|row| [Some(row * ONE)]).collect();
        let left = Amounts::of(&rows.iter().map(|row| row.as_slice()).collect::<Vec<_>>());
        let right = Amounts::of(&rows.iter().rev().map(|row| row.as_slice()).collect::<Vec<_>>());
        let places: Vec<usize> = (0..4_000).collect();
        let paired = pair((&left, &places), (&right, &places[..3_999]), 0.0);
        assert_eq!((paired.matched, paired.only_left.len()), (0, 1));
        let paired = pair((&left, &places), (&right, &places), 0.0);
        assert_eq!(paired.matched, 4_000);
    }
}
