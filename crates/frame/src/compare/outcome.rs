//! What a comparison found, as it is counted and as it is told.

use std::collections::BTreeMap;

use rowmill_core::day::Day;
use rowmill_core::{Result, TableSpec};
use serde::Serialize;
use serde_json::{Map, Value};

use super::digest::{Digest, measures};
use super::{NO_DAY, Open, decimal_text, fetch};

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Rows on the left.
    pub left_rows: u64,
    /// Rows on the right.
    pub right_rows: u64,
    /// Pairs of rows that are equal.
    pub matched: u64,
    /// Rows whose key is on the left only, or there more often.
    pub only_left: u64,
    /// Rows whose key is on the right only, or there more often.
    pub only_right: u64,
    /// Pairs of rows of one key whose measures differ.
    pub different: u64,
    /// Some of the rows that are not matched, the first of each kind.
    pub samples: Vec<Sample>,
    /// Sums of the measures, in the order of the table.
    pub totals: Vec<Total>,
    /// Counts by day, ascending.
    pub days: Vec<DayCount>,
}

impl Comparison {
    /// Whether every row has its equal on the other side.
    pub fn equal(&self) -> bool {
        self.only_left + self.only_right + self.different == 0
    }
}

/// A row, or a pair of rows, that is not matched.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Why it is shown.
    pub kind: SampleKind,
    /// The key columns as texts, null where they are NULL; jsonb is compact with sorted keys, days are `YYYY-MM-DD`.
    pub key: Map<String, Value>,
    /// Of a pair: the measure that differs most.
    pub column: Option<String>,
    /// That measure on the left; null where it is NULL.
    pub left: Option<String>,
    /// That measure on the right, absent where it is NULL.
    pub right: Option<String>,
}

/// Why a sample is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SampleKind {
    /// A row that the right side lacks.
    OnlyLeft,
    /// A row that the left side lacks.
    OnlyRight,
    /// Two rows of one key with different measures.
    Different,
}

/// The sums of a measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// Name of the measure.
    pub column: String,
    /// Sum on the left; NULLs are skipped, and the sum of nothing is 0.
    pub left: f64,
    /// Sum on the right.
    pub right: f64,
    /// Difference relative to the larger sum; 0 where they are equal.
    pub relative: f64,
}

/// The counts of one day.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DayCount {
    /// The day; null for rows without one.
    pub day: Option<Day>,
    /// Rows on the left.
    pub left_rows: u64,
    /// Rows on the right.
    pub right_rows: u64,
    /// Pairs that differ, and rows on one side only.
    pub different: u64,
}

/// A pair that differs: its row on the left, and the measure that differs most with its two values.
struct Differing {
    left: u32,
    measure: Option<(usize, Option<i128>, Option<i128>)>,
}

/// The counts so far.
pub struct Outcome {
    pub matched: u64,
    different: u64,
    alone: [Vec<u32>; 2],
    differing: Vec<Differing>,
    rows: [u64; 2],
    totals: Vec<Total>,
    days: BTreeMap<i32, DayCount>,
}

impl Outcome {
    /// Counts that need no pairing: rows, totals, days.
    pub fn of(digests: &[Digest; 2], spec: &TableSpec) -> Self {
        let sums = digests[0].totals.iter().zip(&digests[1].totals).map(|(left, right)| (left.value(), right.value()));
        let totals = measures(spec).zip(sums).map(|(measure, (left, right))| total(measure.name, left, right)).collect();
        let mut days = BTreeMap::new();
        for (side, digest) in digests.iter().enumerate() {
            for day in &digest.days {
                let count = days.entry(*day).or_insert_with(|| DayCount {
                    day: (*day != NO_DAY).then_some(Day(*day)),
                    left_rows: 0,
                    right_rows: 0,
                    different: 0,
                });
                *(if side == 0 { &mut count.left_rows } else { &mut count.right_rows }) += 1;
            }
        }
        let rows = [0, 1].map(|side: usize| digests[side].rows.len() as u64);
        Self { matched: 0, different: 0, alone: Default::default(), differing: Vec::new(), rows, totals, days }
    }

    /// Counts a row (of the left for side 0) that has no partner.
    pub fn alone(&mut self, digests: &[Digest; 2], side: usize, row: u32) {
        self.alone[side].push(row);
        self.count_day(digests[side].days[row as usize]);
    }

    /// Counts a pair that differs; the first `samples` pairs are kept.
    pub fn differ(&mut self, digests: &[Digest; 2], left: u32, measure: Option<(usize, Option<i128>, Option<i128>)>, samples: usize) {
        self.different += 1;
        self.count_day(digests[0].days[left as usize]);
        if self.differing.len() < samples {
            self.differing.push(Differing { left, measure });
        }
    }

    fn count_day(&mut self, day: i32) {
        if let Some(count) = self.days.get_mut(&day) {
            count.different += 1;
        }
    }

    /// Reads the keys of at most `samples` rows of each kind and gives the whole result.
    pub fn finish(mut self, sides: [&Open<'_>; 2], spec: &TableSpec, samples: usize) -> Result<Comparison> {
        let [only_left, only_right] = [0, 1].map(|side: usize| self.alone[side].len() as u64);
        for rows in &mut self.alone {
            rows.sort_unstable();
            rows.truncate(samples);
        }
        let lonely = |row: &u32| Differing { left: *row, measure: None };
        let lefts = self.differing.into_iter().map(|pair| (SampleKind::Different, pair));
        let lefts = lefts.chain(self.alone[0].iter().map(|row| (SampleKind::OnlyLeft, lonely(row)))).collect();
        let rights = self.alone[1].iter().map(|row| (SampleKind::OnlyRight, lonely(row))).collect();
        let mut shown = shown(sides[0], spec, lefts)?;
        shown.extend(self::shown(sides[1], spec, rights)?);
        Ok(Comparison {
            left_rows: self.rows[0],
            right_rows: self.rows[1],
            matched: self.matched,
            only_left,
            only_right,
            different: self.different,
            samples: shown,
            totals: self.totals,
            days: self.days.into_values().collect(),
        })
    }
}

fn total(name: &str, left: f64, right: f64) -> Total {
    let relative = if left == right { 0.0 } else { (left - right).abs() / left.abs().max(right.abs()) };
    Total { column: name.into(), left, right, relative }
}

/// Samples with their keys, which are read from the side they are on.
fn shown(side: &Open<'_>, spec: &TableSpec, rows: Vec<(SampleKind, Differing)>) -> Result<Vec<Sample>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted: Vec<u32> = rows.iter().map(|(_, row)| row.left).collect();
    wanted.sort_unstable();
    let keys = fetch::keys(side()?, spec, &wanted)?;
    let names: Vec<&str> = measures(spec).map(|measure| measure.name).collect();
    let sample = |(kind, row): (SampleKind, Differing)| {
        let text = |amount: Option<i128>| amount.map(decimal_text);
        let (column, left, right) = match row.measure {
            Some((at, left, right)) => (Some(names[at].to_owned()), text(left), text(right)),
            None => (None, None, None),
        };
        Sample { kind, key: keys[wanted.partition_point(|other| *other < row.left)].clone(), column, left, right }
    };
    Ok(rows.into_iter().map(sample).collect())
}
