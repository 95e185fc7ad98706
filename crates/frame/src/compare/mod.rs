//! Two tables compared as multisets of rows.
//!
//! Each side is read once into two hashes a row. Rows with the same keys and measures cancel out there and then, which for
//! equal tables is all of them; only what is left is read again, for its measures and for the keys of the samples. So the
//! memory is 40 bytes a row of either side, plus [`PAIRED_ROWS`] rows of measures at a time.

mod digest;
mod fetch;
mod json;
mod outcome;
mod pair;
#[cfg(test)]
mod tests;

use arrow_array::RecordBatch;
use rowmill_core::{Code, Error, Result, TableSpec};

use self::digest::Digest;
use self::fetch::Amounts;
use self::outcome::Outcome;
use self::pair::{pair, worst};
use crate::groups::each_group;

pub use self::outcome::{Comparison, DayCount, Sample, SampleKind, Total};

/// One reading of a side: batches that have the table's carried columns, in any order, and perhaps others.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch>>>;

/// Starts reading a side from its first row; every reading gives the same rows in the same order.
pub type Open<'a> = dyn Fn() -> Result<Batches> + 'a;

/// How exactly to compare, and how much to show.
#[derive(Clone, Copy, Debug)]
pub struct CompareOptions {
    /// Largest difference of two measures that counts as none, relative to the larger of them: 1e-4 is 0.01 %.
    pub tolerance: f64,
    /// Most samples of each kind.
    pub samples: usize,
}

/// Stands for a NULL day in a column of days.
const NO_DAY: i32 = i32::MIN;

/// Most rows, of both sides together, whose measures are held at a time; one key's rows are never split.
const PAIRED_ROWS: usize = 200_000;

/// Compares two sides as multisets of rows.
///
/// Key columns tell rows apart: texts as they are, uuids in any case, jsonb as JSON values, NULL as a value of its own. Rows of
/// one key are paired so that as many as possible have equal measures: both NULL, or apart by at most `tolerance` of the
/// larger, or by less than 5 units of the last digit of `numeric(33,15)`. What remains of a key is paired in the order of its
/// measures and counted as different, and what has no partner then is on one side only.
///
/// Either side may carry texts plain or as dictionaries, integers of 32 or 64 bits, measures as decimals of any scale or as
/// doubles.
///
/// # Errors
/// What the sides fail with; `SINK_TABLE_MISMATCH` for a column that is missing or of another kind, `DATA_LABELS_INVALID` for
/// jsonb that is not JSON, `DATA_NUMBER_OVERFLOW` for a measure that is not a finite number of `numeric(33,15)`,
/// `INPUT_FILE_CHANGED` where a side has fewer rows when it is read again.
pub fn compare(left: &Open<'_>, right: &Open<'_>, spec: &TableSpec, options: CompareOptions) -> Result<Comparison> {
    digest::check_spec(spec)?;
    let side = |name: &'static str| move |error: Error| error.file(format!("{name} side"));
    let digests = [
        left().and_then(|batches| Digest::read(batches, spec)).map_err(side("left"))?,
        right().and_then(|batches| Digest::read(batches, spec)).map_err(side("right"))?,
    ];
    let mut comparing = Comparing { sides: [left, right], spec, options, outcome: Outcome::of(&digests, spec) };
    let rest = comparing.cancel_equal(&digests)?;
    let keys = comparing.set_aside_lonely(&digests, rest)?;
    for some in batches_of(keys) {
        comparing.pair_keys(&digests, &some)?;
    }
    comparing.outcome.finish([left, right], spec, options.samples)
}

/// Positions of rows of one key (or of any) on the left and on the right, ascending.
type Rows = [Vec<u32>; 2];

struct Comparing<'a> {
    sides: [&'a Open<'a>; 2],
    spec: &'a TableSpec,
    options: CompareOptions,
    outcome: Outcome,
}

impl Comparing<'_> {
    /// Takes out rows that are the same to the last digit; gives back the others.
    fn cancel_equal(&mut self, digests: &[Digest; 2]) -> Result<Rows> {
        let mut rest = Rows::default();
        let lefts = side_length(&digests[0])?;
        side_length(&digests[1])?;
        let matched = &mut self.outcome.matched;
        each_group([&digests[0].rows[..], &digests[1].rows[..]].concat(), |positions| {
            let split = positions.partition_point(|position| *position < lefts);
            let (on_left, on_right) = positions.split_at(split);
            let equal = on_left.len().min(on_right.len());
            *matched += equal as u64;
            rest[0].extend_from_slice(&on_left[equal..]);
            rest[1].extend(on_right[equal..].iter().map(|position| position - lefts));
        })?;
        rest.iter_mut().for_each(|rows| rows.sort_unstable());
        Ok(rest)
    }

    /// Takes out rows whose key the other side does not have; gives back the others, by key.
    fn set_aside_lonely(&mut self, digests: &[Digest; 2], rest: Rows) -> Result<Vec<Rows>> {
        let mut keys = Vec::new();
        let hashes = [0, 1].map(|side| rest[side].iter().map(|row| digests[side].keys[*row as usize]).collect::<Vec<u64>>()).concat();
        let outcome = &mut self.outcome;
        each_group(hashes, |positions| {
            let split = positions.partition_point(|position| (*position as usize) < rest[0].len());
            let (on_left, on_right) = positions.split_at(split);
            let on_left: Vec<u32> = on_left.iter().map(|position| rest[0][*position as usize]).collect();
            let on_right: Vec<u32> = on_right.iter().map(|position| rest[1][*position as usize - rest[0].len()]).collect();
            if on_left.is_empty() || on_right.is_empty() {
                on_left.into_iter().for_each(|row| outcome.alone(digests, 0, row));
                on_right.into_iter().for_each(|row| outcome.alone(digests, 1, row));
            } else {
                keys.push([on_left, on_right]);
            }
        })?;
        Ok(keys)
    }

    /// Pairs the rows of some keys by their measures.
    fn pair_keys(&mut self, digests: &[Digest; 2], keys: &[Rows]) -> Result<()> {
        let mut wanted = Rows::default();
        for side in [0, 1] {
            wanted[side] = keys.iter().flat_map(|rows| rows[side].iter().copied()).collect();
            wanted[side].sort_unstable();
        }
        let lefts = Amounts::read((self.sides[0])()?, self.spec, &wanted[0])?;
        let rights = Amounts::read((self.sides[1])()?, self.spec, &wanted[1])?;
        let places = |side: usize, rows: &Rows| rows[side].iter().map(|row| wanted[side].partition_point(|other| other < row)).collect::<Vec<_>>();
        for rows in keys {
            let paired = pair((&lefts, &places(0, rows)), (&rights, &places(1, rows)), self.options.tolerance);
            self.outcome.matched += paired.matched;
            for (one, other) in paired.different {
                let (left, right) = (lefts.row(one), rights.row(other));
                let measure = worst(left, right, self.options.tolerance).map(|at| (at, left[at], right[at]));
                self.outcome.differ(digests, wanted[0][one], measure, self.options.samples);
            }
            paired.only_left.into_iter().for_each(|one| self.outcome.alone(digests, 0, wanted[0][one]));
            paired.only_right.into_iter().for_each(|other| self.outcome.alone(digests, 1, wanted[1][other]));
        }
        Ok(())
    }
}

/// Rows of a side, which positions of both sides together must be able to number.
fn side_length(digest: &Digest) -> Result<u32> {
    u32::try_from(digest.rows.len())
        .ok()
        .filter(|rows| *rows < u32::MAX / 2)
        .ok_or_else(|| Error::new(Code::BudgetExceeded, "a side has more than two thousand million rows").help("Compare fewer days at a time."))
}

/// Keys in runs of at most [`PAIRED_ROWS`] rows.
fn batches_of(keys: Vec<Rows>) -> Vec<Vec<Rows>> {
    let mut runs: Vec<Vec<Rows>> = Vec::new();
    let mut room = 0;
    for rows in keys {
        let size = rows[0].len() + rows[1].len();
        match runs.last_mut() {
            Some(run) if size <= room => {
                room -= size;
                run.push(rows);
            }
            _ => {
                room = PAIRED_ROWS.saturating_sub(size);
                runs.push(vec![rows]);
            }
        }
    }
    runs
}

/// An amount in units of 10^-15 as `numeric(33,15)` prints it.
fn decimal_text(amount: i128) -> String {
    const ONE: u128 = 1_000_000_000_000_000;
    let (whole, rest) = (amount.unsigned_abs() / ONE, amount.unsigned_abs() % ONE);
    format!("{}{whole}.{rest:015}", if amount < 0 { "-" } else { "" })
}
