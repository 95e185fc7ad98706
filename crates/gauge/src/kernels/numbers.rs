//! Exact sums, and doubles to decimals.

use rowmill_kernels::numeric::{Rounding, to_numeric};
use rowmill_kernels::sum::FixedSum;

use super::{Kernel, Work};
use crate::data::BATCH_ROWS;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "numbers/sum-add", prepare: |_| Ok(add()) },
    Kernel { name: "numbers/sum-merge", prepare: |_| Ok(merge()) },
    Kernel { name: "numbers/decimal-shortest", prepare: |_| Ok(decimals(Rounding::Shortest)) },
    Kernel { name: "numbers/decimal-significant-15", prepare: |_| Ok(decimals(Rounding::Significant15)) },
];

type Sum = FixedSum<24>;

/// Amounts as months have them, by turns: whole, of few binary digits, of as many as there are, and none.
fn amounts() -> Vec<f64> {
    (0..BATCH_ROWS).map(|row| row as f64 * [3_600.0, 0.25, 1.0 / 3.0, 0.0][row % 4]).collect()
}

/// Eight sums side by side, as a group has them.
fn add() -> Work {
    let amounts = amounts();
    Box::new(move || {
        let mut sums = [Sum::default(); 8];
        for row in amounts.chunks_exact(8) {
            sums.iter_mut().zip(row).for_each(|(sum, amount)| sum.add(*amount));
        }
        Ok(digest(&sums))
    })
}

fn merge() -> Work {
    let part = |amount: f64| {
        let mut sum = Sum::default();
        sum.add(amount);
        sum
    };
    let parts: Vec<Sum> = amounts().into_iter().map(part).collect();
    Box::new(move || {
        let mut sums = [Sum::default(); 8];
        for row in parts.chunks_exact(8) {
            sums.iter_mut().zip(row).for_each(|(sum, part)| sum.merge(*part));
        }
        Ok(digest(&sums))
    })
}

fn digest(sums: &[Sum]) -> u64 {
    sums.iter().fold(0, |digest, sum| digest ^ sum.steps() as u64)
}

fn decimals(rounding: Rounding) -> Work {
    let amounts = amounts();
    Box::new(move || Ok(amounts.iter().filter_map(|amount| to_numeric(*amount, rounding)).fold(0, |digest, value| digest ^ value as u64)))
}
